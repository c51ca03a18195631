"""What the registrar looks up in a campaign: people, the missing of a place, extensions, the places there are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.domain.campaign import Extension
from api.domain.errors import NotFound
from api.domain.identity import RosterRow
from api.domain.ports import Database
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import EVERYWHERE, Reviewer, Scope, as_reviewer
from api.domain.standing import Lack, Missing
from api.domain.submission import Submission
from api.services.campaign_desk import in_parts
from api.services.guards import find_campaign

MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a longer list, `more` after them."""

    rows: tuple[RosterRow, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class MissingPage:
    """Some of those who have nothing under review or approved, and how many there are of each kind."""

    people: tuple[Missing, ...]
    counts: Mapping[Lack, int]

    @property
    def total(self) -> int:
        """Return how many they are, those on other pages included."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class PersonFile:
    """One person of a roster: what they handed in last, and the later end they were given."""

    row: RosterRow
    submission: Submission | None
    extension: Extension | None


@dataclass(frozen=True, slots=True)
class GivenLonger:
    """An extension and whose it is."""

    extension: Extension
    row: RosterRow


class FindPeople:
    """Look people up; a counsellor finds their own classes alone."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def search(self, staff: str | Reviewer, campaign: str, words: str) -> Page:
        """Return who has this ID or student number, or whose name or student number holds the words.

        At most fifty: whoever finds more says more. Raises NotFound.
        """
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            rows = uow.people.search(found.id, words, scopes=as_reviewer(staff).limits, limit=MOST_FOUND + 1)
        return Page(rows[:MOST_FOUND], more=len(rows) > MOST_FOUND)

    def page(self, staff: str | Reviewer, campaign: str, *, place: Scope = EVERYWHERE, after: str = "") -> Page:
        """Return the roster of a place, fifty at a time. Raises NotFound."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            rows = uow.people.page(
                found.id, place=place, scopes=as_reviewer(staff).limits, after_id=after, limit=MOST_FOUND + 1
            )
        return Page(rows[:MOST_FOUND], more=len(rows) > MOST_FOUND)

    def person(self, staff: str | Reviewer, campaign: str, row_id: str) -> PersonFile:
        """Return one person. Raises NotFound, for another campaign's and for one out of sight too."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
            row = uow.roster.get(row_id)
            if row is None or row.campaign_id != found.id or not as_reviewer(staff).sees(row):
                raise NotFound(kind="roster row", id=row_id)
            return PersonFile(row, uow.submissions.latest(row.id), uow.extensions.get(row.id))

    def extensions(self, campaign: str) -> tuple[GivenLonger, ...]:
        """Return who was given longer, latest end first. Raises NotFound."""
        with self._database.read() as uow:
            given = uow.extensions.of_campaign(find_campaign(uow, campaign).id)
            rows = uow.roster.many([one.roster_row_id for one in given])
        found = [GivenLonger(one, rows[one.roster_row_id]) for one in given if one.roster_row_id in rows]
        return tuple(sorted(found, key=lambda one: one.extension.until, reverse=True))


class FindMissing:
    """List who has nothing under review or approved, and whether they ever submitted."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def page(
        self, staff: str | Reviewer, campaign: str, *, place: Scope = EVERYWHERE, start: int = 0, count: int = 50
    ) -> MissingPage:
        """Return some of them, by place. Raises NotFound."""
        with self._database.read() as uow:
            missing = self._all(uow, staff, campaign, place)
            people = tuple(in_parts(uow, missing[start : start + count]))
        return MissingPage(people, Counter(lack for _, lack in missing))

    def all(self, staff: str | Reviewer, campaign: str, *, place: Scope = EVERYWHERE) -> Iterator[Missing]:
        """Give all of them. Raises NotFound, at the first."""
        with self._database.read() as uow:
            yield from in_parts(uow, self._all(uow, staff, campaign, place))

    def _all(self, uow: UnitOfWork, staff: str | Reviewer, campaign: str, place: Scope) -> Sequence[tuple[str, Lack]]:
        found = find_campaign(uow, campaign)
        return tuple(uow.standing.missing(found.id, scopes=as_reviewer(staff).limits, place=place))
