"""A roster file on its way in: uploaded, checked by a worker, shown, and taken in exactly as shown, or let go.

waiting → ready (nothing wrong) | faulty | unreadable; ready → done. Everything but `done` ends by itself at `ends_at`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from api.domain.identity import RosterRow
from api.domain.roster import RosterFault, RosterImport

LIFE = timedelta(hours=12)
"""How long a preview is kept: an afternoon and the evening after it."""

LEASE = timedelta(minutes=10)
MOST_TRIES = 3
MOST_FAULTS = 2000
"""How many faults are kept to show; more are counted. Nobody mends two thousand by hand."""


class CheckState(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    FAULTY = "faulty"
    UNREADABLE = "unreadable"
    DONE = "done"

    @property
    def settled(self) -> bool:
        """Tell whether no worker is needed any more."""
        return self is not CheckState.WAITING


class Fate(StrEnum):
    """What an import would do with a person."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class RosterCheck:
    """One uploaded file. `by` may use it alone; `next_at` is when a worker may take it.

    `remove_missing`: who is not in the file is taken off the roster. `mark` is the roster's state that the counts are
    true for. `trouble` says why the file as a whole cannot be read, in Chinese. `totals` are lines passed over because
    they sum others up.
    """

    id: str
    campaign_id: str
    by: str
    remove_missing: bool
    created_at: datetime
    ends_at: datetime
    state: CheckState = CheckState.WAITING
    next_at: datetime | None = None
    attempts: int = 0
    expected: int | None = None
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0
    fault_count: int = 0
    faults: tuple[RosterFault, ...] = ()
    totals: tuple[int, ...] = ()
    mark: str | None = None
    trouble: str | None = None
    done_at: datetime | None = None

    @property
    def key(self) -> str:
        """Return the blob that holds the file while it waits."""
        return f"roster-import/{self.id}"


@dataclass(frozen=True, slots=True)
class PersonFate:
    """One person an import would touch: the line of the file (None: not in it), as they are and as they would be."""

    fate: Fate
    line: int | None
    before: RosterRow | None
    after: RosterRow | None


def judged(check: RosterCheck, found: RosterImport, *, mark: str) -> RosterCheck:
    """Return the check with what was found; its worker is done."""
    return replace(
        check,
        state=CheckState.FAULTY if found.faults else CheckState.READY,
        next_at=None,
        expected=found.read,
        read=found.read,
        added=found.added,
        changed=found.changed,
        unchanged=found.unchanged,
        removed=found.removed,
        kept=found.kept,
        fault_count=len(found.faults),
        faults=found.faults[:MOST_FAULTS],
        totals=found.totals[:MOST_FAULTS],
        mark=mark,
    )


def unreadable(check: RosterCheck, *, trouble: str) -> RosterCheck:
    """Return the check of a file that is no roster."""
    return replace(check, state=CheckState.UNREADABLE, next_at=None, trouble=trouble)


def taken_in(check: RosterCheck, *, now: datetime) -> RosterCheck:
    """Return the check as carried out."""
    return replace(check, state=CheckState.DONE, done_at=now)
