"""Bring a file's people into a roster: all of them, or nobody."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.domain.campaign import Campaign
from api.domain.errors import NotFound
from api.domain.identity import RosterRow
from api.domain.ids import new_id
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.roster import (
    Person,
    RosterFault,
    RosterImport,
    RosterLine,
    StagedRow,
    column_name,
    faults_of,
    person_of,
)
from api.domain.roster_zeros import LostZeros
from api.services.deeds import Deed, unrecorded
from api.services.guards import find_campaign

_PART = 500
_STALE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ImportWish:
    """How to import: `dry_run` only tells; `remove_missing` takes off the roster who is not in the file.

    `said_at` is when a registry says its people stood so: of whom anything was said later, nothing changes. None is a
    person's import, which counts now.
    """

    dry_run: bool = False
    remove_missing: bool = False
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Staged:
    """How many people were read and staged, what is wrong with them, and the lines that are nobody's."""

    read: int = 0
    faults: tuple[RosterFault, ...] = ()
    totals: tuple[int, ...] = ()


class LoadRoster:
    """Check, stage and merge the lines of a file.

    Lines are checked and sealed in parts of 500 and staged in the database, so that memory does not grow with the file
    and students can write meanwhile; the roster changes in one short transaction at the end. A person is known again
    by the ID number, or by the student number where the ID number was corrected and the name is the same.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(
        self,
        campaign: str,
        lines: Iterable[RosterLine],
        *,
        wish: ImportWish = ImportWish(),
        progress: Callable[[int], None] = lambda _read: None,
    ) -> RosterImport:
        """Return what was done, or with a dry run would be. With any fault nothing is done. Raises NotFound."""
        with self._database.read() as uow:
            found = find_campaign(uow, campaign)
        import_id = new_id("im", now=self._clock.now())
        try:
            return self._load(import_id, found, lines, wish=wish, progress=progress)
        finally:
            with self._database.write() as uow:
                uow.staging.forget(import_id)
                uow.staging.forget_before(self._clock.now() - _STALE)
                uow.commit()

    def _load(
        self,
        import_id: str,
        campaign: Campaign,
        lines: Iterable[RosterLine],
        *,
        wish: ImportWish,
        progress: Callable[[int], None],
    ) -> RosterImport:
        staged = self.stage(import_id, campaign, lines, progress=progress, said_at=wish.said_at)
        return self._finish(import_id, campaign, wish=wish, staged=staged)

    def stage(
        self,
        import_id: str,
        campaign: Campaign,
        lines: Iterable[RosterLine],
        *,
        progress: Callable[[int], None],
        said_at: datetime | None = None,
    ) -> Staged:
        """Check and stage all lines under `import_id`; lines that sum others up are passed over."""
        read = 0
        faults: list[RosterFault] = []
        totals: list[int] = []
        zeros = LostZeros()
        for part in _parts(lines):
            people = [line for line in part if not line.total]
            for line in people:
                zeros.see(line)
            totals += [line.number for line in part if line.total]
            faults += self._stage(import_id, campaign, people, said_at=said_at)
            read += len(people)
            progress(read)
        return Staged(read, (*faults, *zeros.faults()), tuple(totals))

    def _stage(
        self, import_id: str, campaign: Campaign, part: Sequence[RosterLine], *, said_at: datetime | None
    ) -> list[RosterFault]:
        faults = [fault for line in part for fault in faults_of(line)]
        bad = {fault.line for fault in faults}
        people = [(line.number, person_of(line)) for line in part if line.number not in bad]
        now = self._clock.now()
        with self._database.read() as uow:
            known = uow.roster.matching(campaign.id, [person for _, person in people])
        match = _Matching(campaign.id, known, said_at=said_at)
        staged = [match.row(number, person, id_=new_id("rr", now=now, order=number)) for number, person in people]
        with self._database.write() as uow:
            uow.staging.add(import_id, staged, now=now)
            uow.commit()
        return faults + match.faults

    def _finish(self, import_id: str, campaign: Campaign, *, wish: ImportWish, staged: Staged) -> RosterImport:
        with self._database.write() as uow:
            done = tell(uow, import_id, campaign, wish=wish, staged=staged)
            if done.faults or wish.dry_run:
                return done
            take_in(uow, import_id, campaign, wish=wish, now=self._clock.now())
            uow.commit()
        return done


class RemoveFromRoster:
    """Take one person off a roster."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, campaign: str, student_number: str, *, deed: Deed = unrecorded) -> bool:
        """Tell whether the person is gone; who proved to be on it, or has submitted, stays. Raises NotFound."""
        with self._database.write() as uow:
            found = find_campaign(uow, campaign)
            row = uow.roster.by_student_number(found.id, student_number)
            if row is None:
                raise NotFound(kind="student number", id="as given")
            gone = uow.roster.delete_unused(row.id)
            if gone:
                deed(uow, row)
            uow.commit()
        return gone


class _Matching:
    """Finds the row that a person already has."""

    def __init__(self, campaign_id: str, known: Sequence[RosterRow], *, said_at: datetime | None) -> None:
        self._campaign_id = campaign_id
        self._said_at = said_at
        self._by_number = {row.id_number: row for row in known}
        self._by_student = {row.student_number: row for row in known}
        self.faults: list[RosterFault] = []

    def row(self, line: int, person: Person, *, id_: str) -> StagedRow:
        """Return the person as the roster is to have them, under the id they have or will have."""
        mine = self._by_number.get(person.id_number)
        other = self._by_student.get(person.student_number)
        if mine is None and other is not None and other.name == person.name:
            mine = other
        if mine is not None and self._heard_later_of(mine):
            return StagedRow(line=line, row=mine, known=True, changed=False)
        if other is not None and other is not mine:
            self.faults.append(RosterFault(line, column_name("student_number"), "名单里另一个人已用这个学号"))
        row = RosterRow(
            id=mine.id if mine else id_,
            campaign_id=self._campaign_id,
            name=person.name,
            id_number=person.id_number,
            student_number=person.student_number,
            college=person.college,
            grade=person.grade,
            major=person.major,
            class_=person.class_,
            student_id=mine.student_id if mine else None,
            bound_at=mine.bound_at if mine else None,
            said_at=mine.said_at if mine else None,
        )
        return StagedRow(line=line, row=row, known=mine is not None, changed=row != mine)

    def _heard_later_of(self, row: RosterRow) -> bool:
        """Tell whether what is staged is older than what the roster has of a person."""
        return self._said_at is not None and row.said_at is not None and self._said_at < row.said_at


def tell(uow: UnitOfWork, import_id: str, campaign: Campaign, *, wish: ImportWish, staged: Staged) -> RosterImport:
    """Return what taking the staged people in would do, and everything wrong with them: faults and duplicates."""
    found = [*staged.faults, *uow.staging.duplicates(import_id)]
    ordered = tuple(sorted(found, key=lambda fault: (fault.line, fault.column)))
    added, changed, known = uow.staging.counts(import_id)
    removed, kept = uow.staging.count_missing(import_id, campaign.id) if wish.remove_missing else (0, 0)
    return RosterImport(
        read=staged.read,
        added=added,
        changed=changed,
        unchanged=known - changed,
        removed=removed,
        kept=kept,
        faults=ordered,
        totals=staged.totals,
    )


def take_in(uow: UnitOfWork, import_id: str, campaign: Campaign, *, wish: ImportWish, now: datetime) -> None:
    """Make the staged people the roster's."""
    if wish.remove_missing:
        uow.staging.remove_missing(import_id, campaign.id)
    uow.staging.merge(import_id, campaign.id, now=now, said_at=wish.said_at)


def _parts(lines: Iterable[RosterLine]) -> Iterator[list[RosterLine]]:
    part: list[RosterLine] = []
    for line in lines:
        part.append(line)
        if len(part) == _PART:
            yield part
            part = []
    if part:
        yield part
