"""Remind who has not handed in yet, through WeChat, and say who cannot be reached so."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from api.domain.campaign import Campaign, WindowState
from api.domain.errors import CampaignClosed, CampaignNotOpen
from api.domain.identity import Channel
from api.domain.notice import NoticeKind, NoticeTemplate
from api.domain.office_repositories import Reach
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import EVERYWHERE, Reviewer, Scope, as_reviewer
from api.domain.standing import Lack
from api.services.deeds import Deed, unrecorded
from api.services.guards import find_campaign
from api.services.notices import owe_reminder

NOT_SOONER = timedelta(hours=24)
"""Between two words about the same campaign: each costs the student one of the messages they agreed to."""


class Way(StrEnum):
    """Whether, and why not, somebody can be told."""

    REACHABLE = "reachable"
    TOLD_LATELY = "told_lately"
    UNBOUND = "unbound"
    """Never proved who they are: nobody knows their WeChat."""
    NOT_WECHAT = "not_wechat"
    NO_CREDIT = "no_credit"
    NO_TEMPLATE = "no_template"
    """The school has not set the message up."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How many of the missing can be told, by way; `told` are those who now are owed a word, by what they lack."""

    ways: dict[Way, int]
    owed: Mapping[Lack, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return sum(self.ways.values())

    @property
    def told(self) -> int:
        return sum(self.owed.values())


class RemindMissing:
    """Owe a word to everyone of a place with nothing under review or approved."""

    def __init__(self, *, database: Database, clock: Clock, templates: Iterable[NoticeTemplate]) -> None:
        self._database = database
        self._clock = clock
        self._template = next((one for one in templates if one.kind is NoticeKind.CLOSING), None)

    def look(self, staff: str | Reviewer, campaign: str, *, place: Scope = EVERYWHERE) -> Reached:
        """Return who could be told. Raises NotFound."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            return _counted(way for _, way in self._ways(uow, found, staff, place))

    def of(self, staff: str | Reviewer, campaign: str, *, place: Scope = EVERYWHERE) -> dict[str, Way]:
        """Return by roster row id how each of the missing can be told. Raises NotFound."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            return {reach.row_id: way for reach, way in self._ways(uow, found, staff, place)}

    def __call__(
        self, staff: str | Reviewer, campaign: str, *, place: Scope = EVERYWHERE, deed: Deed = unrecorded
    ) -> Reached:
        """Return who is told. Raises NotFound, CampaignNotOpen, CampaignClosed: who cannot act is not bothered."""
        now = self._clock.now()
        with self._database.write() as uow:
            found = find_campaign(uow, campaign)
            _require_open(found, found.window(now))
            ways = tuple(self._ways(uow, found, staff, place))
            told = [reach for reach, way in ways if way is Way.REACHABLE]
            for reach in told:
                owe_reminder(uow, reach, found, now=now)
            counted = _counted(way for _, way in ways)
            reached = Reached(counted.ways, owed=Counter(reach.lack for reach in told))
            deed(uow, reached)
            uow.commit()
        return reached

    def _ways(
        self, uow: UnitOfWork, campaign: Campaign, staff: str | Reviewer, place: Scope
    ) -> Iterator[tuple[Reach, Way]]:
        template = self._template.template_id if self._template else ""
        scopes = as_reviewer(staff).limits
        told = uow.people.told_since(campaign.id, since=self._clock.now() - NOT_SOONER)
        for reach in uow.people.reach(campaign.id, place=place, scopes=scopes, template_id=template):
            yield reach, self._way(reach, told)

    def _way(self, reach: Reach, told: frozenset[str]) -> Way:
        if reach.student_id is None or reach.erased:
            return Way.UNBOUND
        if reach.channel is not Channel.WECHAT:
            return Way.NOT_WECHAT
        if self._template is None:
            return Way.NO_TEMPLATE
        if reach.student_id in told:
            return Way.TOLD_LATELY
        return Way.NO_CREDIT if reach.credits == 0 else Way.REACHABLE


def _require_open(campaign: Campaign, window: WindowState) -> None:
    if window is WindowState.NOT_OPEN:
        raise CampaignNotOpen(campaign=campaign.id, starts_at=campaign.starts_at.isoformat())
    if window is WindowState.CLOSED:
        raise CampaignClosed(campaign=campaign.id, ended_at=campaign.ends_at.isoformat())


def _counted(ways: Iterable[Way]) -> Reached:
    counts: dict[Way, int] = {}
    for way in ways:
        counts[way] = counts.get(way, 0) + 1
    return Reached(counts)
