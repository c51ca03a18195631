"""Show the registrar the campaigns and how far each has come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.domain.campaign import Campaign, WindowState
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import Reviewer, as_reviewer
from api.domain.standing import Day, Group, Grouping, Lack, Missing
from api.domain.submission import SubmissionState
from api.services.guards import find_campaign

_PART = 500


@dataclass(frozen=True, slots=True)
class CampaignStand:
    """A campaign now: its window, how many people it is for, how many proved who they are, and current submissions."""

    campaign: Campaign
    window: WindowState
    people: int
    bound: int
    submissions: dict[str, int]


class ShowCampaigns:
    """Answer how campaigns stand."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, campaign: str | None = None) -> tuple[CampaignStand, ...]:
        """Return every campaign, or the one with that id or slug. Raises NotFound."""
        with self._database.read() as uow:
            chosen = uow.campaigns.all() if campaign is None else (find_campaign(uow, campaign),)
            return tuple(self._stand(uow, one) for one in chosen)

    def _stand(self, uow: UnitOfWork, campaign: Campaign) -> CampaignStand:
        groups = uow.standing.groups(campaign.id, Grouping.COLLEGE, scopes=None)
        states = {one.value: sum(getattr(group, one.value) for group in groups) for one in SubmissionState}
        return CampaignStand(
            campaign=campaign,
            window=campaign.window(self._clock.now()),
            people=sum(group.people for group in groups),
            bound=sum(group.bound for group in groups),
            submissions={state: count for state, count in states.items() if count},
        )


class ShowProgress:
    """Answer who has submitted and who has not, by place and by day."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def groups(self, campaign: str, by: Grouping, *, reviewer: str | Reviewer = "office") -> tuple[Group, ...]:
        """Return the counts of each place; a counsellor's own classes only. Raises NotFound."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            return uow.standing.groups(found.id, by, scopes=as_reviewer(reviewer).limits)

    def missing(self, campaign: str, *, reviewer: str | Reviewer = "office") -> Iterator[Missing]:
        """Give everyone with nothing under review or approved, and why, by place. Raises NotFound."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            yield from in_parts(uow, tuple(uow.standing.missing(found.id, scopes=as_reviewer(reviewer).limits)))

    def days(self, campaign: str) -> tuple[Day, ...]:
        """Return the counts of each day in Beijing on which something happened. Raises NotFound."""
        with self._database.read() as uow:
            return uow.standing.days(find_campaign(uow, campaign).id)


def in_parts(uow: UnitOfWork, missing: Sequence[tuple[str, Lack]]) -> Iterator[Missing]:
    """Give the people behind roster row ids, read five hundred at a time."""
    for start in range(0, len(missing), _PART):
        part = missing[start : start + _PART]
        rows = uow.roster.many([row_id for row_id, _ in part])
        yield from (Missing(rows[row_id], lack) for row_id, lack in part)
