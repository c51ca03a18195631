"""Show the registrar the campaigns and how far each has come."""

from collections import Counter
from dataclasses import dataclass

from api.domain.campaign import Campaign, WindowState
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.services.guards import find_campaign


@dataclass(frozen=True, slots=True)
class CampaignStand:
    """A campaign now: its window, how many people it is for, how many have proved who they are, and submissions."""

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
        rows = uow.roster.of_campaign(campaign.id)
        views = uow.submissions.find(
            campaign=campaign.id, state=None, college=None, grade=None, major=None, class_=None
        )
        return CampaignStand(
            campaign=campaign,
            window=campaign.window(self._clock.now()),
            people=len(rows),
            bound=sum(row.student_id is not None for row in rows),
            submissions=dict(Counter(view.submission.state.value for view in views)),
        )
