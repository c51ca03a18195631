"""Read the audit log: search it, write it out, and prove that nobody has changed it below the database."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from api.domain.audit import FIRST_MARK, AuditEntry, AuditFilter, AuditHead
from api.domain.login_throttle import QUIET
from api.domain.ports import Clock, Database
from api.domain.staff import SESSIONS_KEPT
from api.domain.upkeep_repositories import Keys
from api.services.audit import CONTEXT, Note

PAGE = 50
_BATCH = 500
_SKEW = timedelta(hours=1)
"""The database refuses by its own clock, which may be behind ours."""

FORGOTTEN = "staff.forgotten"


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some rows, newest first; `older` is what to ask for next, None at the end."""

    rows: tuple[AuditEntry, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class AuditProof:
    """What was found. `fault` is None where all is whole, else one of `changed`, `cut_front`, `cut_middle`, `cut_end`.

    `at` is the number of the row where it shows. `last` and `mark` may be written down elsewhere and held against the
    log later (`replaced`): that also shows whether somebody put an older copy of everything back.
    """

    rows: int
    first: int
    last: int
    mark: str
    fault: str | None = None
    at: int | None = None


class FindAudit:
    """Search the log."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, wanted: AuditFilter, *, before: int | None = None, limit: int = PAGE) -> AuditPage:
        """Return one page."""
        with self._database.read() as uow:
            rows = uow.audit.find(wanted, before=before, limit=limit + 1)
        shown = rows[:limit]
        return AuditPage(rows=shown, older=shown[-1].seq if len(rows) > limit else None)

    def every(self, wanted: AuditFilter) -> Iterator[AuditEntry]:
        """Give every row that fits, newest first, a few hundred in memory at a time."""
        page = self(wanted, limit=_BATCH)
        yield from page.rows
        while page.older is not None:
            page = self(wanted, before=page.older, limit=_BATCH)
            yield from page.rows


class VerifyAudit:
    """Walk the whole chain and compare every mark, each with the key that was in force when it was made.

    A key that leaked and was replaced makes no mark of a later row, and cannot change an earlier one either: the first
    row after it carries the mark before, signed with the next key.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, *, expected: AuditHead | None = None) -> AuditProof:
        """Return what was found; nothing is raised for a log that does not hold. `expected` was its end once."""
        with self._database.read() as uow:
            head = uow.audit.end()  # what is added meanwhile is not looked at, and waits for nobody
            proof = _walk(uow.audit.through(head.seq), head, uow.keys)
            if proof.fault is not None or expected is None or expected.seq < proof.first:
                return proof
            before = uow.audit.find(AuditFilter(), before=expected.seq + 1, limit=1)
        same = bool(before) and (before[0].seq, before[0].mark) == (expected.seq, expected.mark)
        return proof if same else replace(proof, fault="replaced", at=expected.seq)


def _walk(entries: Iterator[AuditEntry], head: AuditHead, keys: Keys) -> AuditProof:
    rows, first, last, mark, forgotten = 0, 0, 0, FIRST_MARK, 0
    for entry in entries:
        rows, first = rows + 1, first or entry.seq
        if rows > 1 and entry.seq != last + 1:
            return AuditProof(rows, first, last, mark, "cut_middle", last + 1)
        if not _holds(entry, keys) or (mark != entry.previous and (rows > 1 or entry.seq == 1)):
            return AuditProof(rows, first, last, mark, "changed", entry.seq)
        if entry.action == FORGOTTEN:
            forgotten = max(forgotten, int(entry.detail["through"]))
        last, mark = entry.seq, entry.mark
    proof = AuditProof(rows, first, last, mark)
    if first > 1 and forgotten != first - 1:
        return AuditProof(rows, first, last, mark, "cut_front", forgotten + 1)
    return proof if (last, mark) == (head.seq, head.mark) else AuditProof(rows, first, last, mark, "cut_end", last)


def _holds(entry: AuditEntry, keys: Keys) -> bool:
    mark = keys.signing(entry.seq).sign(entry.text(), context=CONTEXT)
    return hmac.compare_digest(mark.encode(), entry.mark.encode())


class ForgetStaffTraces:
    """Delete what has reached its end: old sessions, quiet doors, and the oldest rows of the log."""

    def __init__(self, *, database: Database, clock: Clock, note: Note) -> None:
        self._database = database
        self._clock = clock
        self._note = note

    def __call__(self) -> int:
        """Return how many rows of the log went. That they went is a row of it, so that a cut by hand still shows."""
        now = self._clock.now()
        with self._database.write() as uow:
            uow.staff_sessions.delete_ended(before=now - SESSIONS_KEPT)
            uow.login_doors.delete_quiet(before=now - QUIET)
            through = uow.audit.expired(now=now - _SKEW)
            gone = 0
            if through is not None:
                gone = uow.audit.delete_through(through)
                self._note.within(uow, FORGOTTEN, actor="purge", detail={"through": str(through), "rows": str(gone)})
            uow.commit()
        return gone
