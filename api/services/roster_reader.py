"""What the check of a roster needs of whoever reads files."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from api.domain.roster import RosterLine


@dataclass(frozen=True, slots=True)
class OpenedRoster:
    """A file opened: its lines, to be read once, or why there are none (`trouble`, in Chinese, naming nobody).

    Reading on may raise `unreadable`, whose text says why.
    """

    expected: int | None
    lines: Iterator[RosterLine]
    unreadable: type[Exception]
    trouble: str | None = None


class RosterReader(Protocol):
    """Reads XLSX and CSV."""

    def open(self, file: bytes) -> AbstractContextManager[OpenedRoster]:
        """Open a file; what is wrong with it as a whole is told, not raised."""
        ...
