"""Where an export's photos go, entry by entry, so that one that was interrupted goes on where it stopped."""

from collections.abc import Callable, Iterator
from typing import Protocol

from api.domain.export import ExportEntry


class ExportSink(Protocol):
    """A file being written. What is in it after a crash is what `entries` tells."""

    def entries(self) -> Iterator[ExportEntry]:
        """Give what was written before, in order."""
        ...

    def start_over(self) -> None:
        """Drop everything written so far."""
        ...

    def add(self, entry: ExportEntry, jpeg: bytes) -> None:
        """Write one photo, so that it survives a crash."""
        ...

    def finish(self) -> tuple[int, str]:
        """Write manifest and checksums, put the file in its place; return its size and SHA-256."""
        ...


Progress = Callable[[int, int], None]
"""Told after each photo: how many are done, of how many."""
