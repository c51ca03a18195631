"""What a unit of work keeps for the installation's own upkeep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from api.domain.digests import Digests


class ClockMark(Protocol):
    """The latest moment at which something was deleted by the clock."""

    def latest(self) -> datetime | None: ...
    def set(self, latest: datetime) -> None: ...


class Waits(Protocol):
    """Moments in the future that somebody or something waits for."""

    def unbelievable(self, *, now: datetime) -> bool:
        """Tell whether one is further ahead than anybody here is ever made to wait."""
        ...

    def pull_back(self, *, now: datetime) -> int:
        """Let all of those be now; return how many."""
        ...


class Keys(Protocol):
    """Which data key indexes and signs."""

    @property
    def in_force(self) -> str:
        """Return that key's name."""
        ...

    def sign(self, text: str, *, context: str) -> str:
        """Return a signature by the key in force. Raises VaultError where that key is not here."""
        ...

    def signing(self, seq: int) -> Digests:
        """Return what signed the row of the audit log with this number. Raises VaultError."""
        ...

    def switch(self, *, through: int, now: datetime) -> None:
        """Let the newest key index and sign, after the audit log's row `through`; keep what the one before made."""
        ...


@dataclass(frozen=True, slots=True)
class Resealed:
    """What one batch did: values sealed anew, values that no key opens, and where to go on; None at the end."""

    done: int
    unopened: int
    after: tuple[Any, ...] | None


class Sealed(Protocol):
    """Everything that lies sealed in the database, and which files lie under which key."""

    def left(self) -> dict[str, int]:
        """Return how many values each column has that the newest key has not sealed; those with none are left out."""
        ...

    def strangers(self) -> int:
        """Return how many of them were sealed by a key with another name."""
        ...

    def reseal(self, column: str, *, after: tuple[Any, ...] | None, limit: int) -> Resealed:
        """Seal the next values of a column anew with the newest key."""
        ...

    def reindex(self) -> int:
        """Index everyone anew with the key in force; return how many rows."""
        ...

    def files_left(self, *, now: datetime) -> int:
        """Return how many files, that have not reached their end, another key than the newest has sealed."""
        ...

    def old_files(self, *, after: str, now: datetime, limit: int) -> tuple[str, ...]:
        """Return their keys in order."""
        ...

    def begin_files(self, keys: Sequence[str]) -> None:
        """Remember, until they are ended, that these files are being written anew."""
        ...

    def begun_files(self) -> tuple[str, ...]:
        """Return those that were begun and not ended: of a run that was killed."""
        ...

    def end_files(self, keys: Sequence[str]) -> None: ...
    def note_file(self, key: str, *, now: datetime) -> bool:
        """Note that the newest key has sealed this file; False where its end has come, or it was erased."""
        ...


class UpkeepShelf(Protocol):
    """The upkeep's part of a unit of work."""

    @property
    def clock_mark(self) -> ClockMark: ...
    @property
    def waits(self) -> Waits: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def sealed(self) -> Sealed: ...
