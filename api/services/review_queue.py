"""The review queue: pages of what is to be reviewed, what it can be filtered by, and who comes next."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.domain.identity import RosterRow
from api.domain.ports import Database
from api.domain.record_error import RecordError
from api.domain.repositories import UnitOfWork
from api.domain.review_queue import Card, Place, QueueFilter, Tally
from api.domain.reviewer import Reviewer
from api.domain.submission import SubmissionState

PAGE = 100
"""Cards on one page: what a reviewer looks over without losing the thread, and what a browser shows at once."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page. `total` counts everything that fits the filter; `more` says that another page follows."""

    cards: tuple[Card, ...]
    total: int
    more: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One value a filter offers, and how many submissions it would show beside the other filters chosen."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Who is before and after a submission in the queue, None at its ends, and how many it holds in all."""

    previous: str | None
    following: str | None
    total: int


class ShowQueue:
    """Show the queue a page at a time."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(
        self, reviewer: Reviewer, wanted: QueueFilter, *, after: str | None = None, limit: int = PAGE
    ) -> QueuePage:
        """Return the cards that follow the submission `after`; a counsellor's own classes only."""
        mine = replace(wanted, scopes=reviewer.limits)
        with self._database.read() as uow:
            turn = uow.review_queue.turn_of(after) if after else None
            cards = uow.review_queue.page(mine, after=turn, limit=limit + 1)
            total = uow.review_queue.count(mine)
        return QueuePage(cards=cards[:limit], total=total, more=len(cards) > limit)


class ShowNeighbours:
    """Tell who comes before and after."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, reviewer: Reviewer, wanted: QueueFilter, submission_id: str) -> Neighbours:
        """Return the neighbours under a filter; at the end the queue begins again with what was left."""
        mine = replace(wanted, scopes=reviewer.limits)
        with self._database.read() as uow:
            turn = uow.review_queue.turn_of(submission_id)
            behind = uow.review_queue.page(mine, after=turn, limit=1)
            first = behind or uow.review_queue.page(mine, after=None, limit=1)
            previous = uow.review_queue.before(mine, turn=turn) if turn else None
            total = uow.review_queue.count(mine)
        following = next((card.submission_id for card in first if card.submission_id != submission_id), None)
        return Neighbours(previous=previous, following=following, total=total)


class ChooseCards:
    """Show the submissions somebody picked for a batch."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, reviewer: Reviewer, submission_ids: Sequence[str]) -> tuple[Card, ...]:
        """Return their cards in the queue's order; what is not theirs to see is left out."""
        with self._database.read() as uow:
            return uow.review_queue.chosen(QueueFilter(scopes=reviewer.limits), submission_ids)


class ShowFilters:
    """Tell what the queue can be filtered by: values that exist in the reviewer's own classes, with counts."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, reviewer: Reviewer, wanted: QueueFilter) -> Mapping[str, tuple[Option, ...]]:
        """Return the options of campaign, state, college, grade, major, class and finding.

        Each counts what the other filters leave. Only the counts come out of the database, no submission.
        """
        mine = QueueFilter(findings=wanted.findings, scopes=reviewer.limits)
        with self._database.read() as uow:
            places = uow.review_queue.places(mine)
            doubts = uow.review_queue.findings(replace(wanted, findings=(), scopes=reviewer.limits))
            names = _names(uow)
        offered = {kind: _options(kind, places, wanted) for kind in _KINDS}
        offered["campaign"] = tuple(sorted(offered["campaign"], key=lambda one: names.get(one.value, one.value)))
        found = [Option(code, count, chosen=code in wanted.findings) for code, count in doubts.items()]
        lost = [Option(code, 0, chosen=True) for code in wanted.findings if code not in doubts]
        return offered | {"finding": tuple(sorted([*found, *lost], key=lambda one: (-one.count, one.value)))}


class NameCampaigns:
    """Tell what campaigns are called."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self) -> Mapping[str, str]:
        """Return the names by id."""
        with self._database.read() as uow:
            return _names(uow)


class NameRows:
    """Tell who reported what is wrong in a record."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, reviewer: Reviewer, reports: Sequence[RecordError]) -> Mapping[str, RosterRow]:
        """Return the roster rows of these reports by their ids; a counsellor's own classes only."""
        ids = [report.roster_row_id for report in reports if report.roster_row_id]
        with self._database.read() as uow:
            rows = uow.roster.many(ids)
        return {row.id: row for row in rows.values() if reviewer.sees(row)}


_KINDS = ("campaign", "state", "college", "grade", "major", "class")


def _names(uow: UnitOfWork) -> dict[str, str]:
    return {campaign.id: campaign.name for campaign in uow.campaigns.all()}


def _value(place: Place, kind: str) -> str:
    values = {
        "campaign": place.campaign_id,
        "state": place.state.value,
        "college": place.college,
        "grade": place.grade,
        "major": place.major,
        "class": place.class_,
    }
    return values[kind]


def _chosen(wanted: QueueFilter) -> dict[str, tuple[str, ...]]:
    return {
        "campaign": wanted.campaigns,
        "state": tuple(state.value for state in wanted.states),
        "college": wanted.colleges,
        "grade": wanted.grades,
        "major": wanted.majors,
        "class": wanted.classes,
    }


def _options(kind: str, places: Sequence[tuple[Place, Tally]], wanted: QueueFilter) -> tuple[Option, ...]:
    chosen = _chosen(wanted)
    others = {other: values for other, values in chosen.items() if values and other != kind}
    counts: Counter[str] = Counter()
    for place, count in places:
        if all(_value(place, other) in values for other, values in others.items()):
            counts[_value(place, kind)] += count
    counts.update(dict.fromkeys(chosen[kind], 0))
    order = [state.value for state in SubmissionState] if kind == "state" else sorted(counts)
    return tuple(Option(value, counts[value], chosen=value in chosen[kind]) for value in order if value in counts)
