"""Read an uploaded roster: a file on the disk for as long as it is read, for its owner alone, then gone."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.adapters.roster_file import RosterUnreadable, open_roster
from api.services.roster_reader import OpenedRoster


class FileRosterReader:
    """Fits `api.services.roster_reader.RosterReader`."""

    @contextmanager
    def open(self, file: bytes) -> Iterator[OpenedRoster]:
        """Open the file's bytes. A file that is no roster is told of, not raised."""
        with tempfile.NamedTemporaryFile(prefix="roster-", suffix=".xlsx") as kept:
            kept.write(file)
            kept.flush()
            opening = open_roster(Path(kept.name))
            try:
                opened = opening.__enter__()
            except RosterUnreadable as fault:
                yield OpenedRoster(None, iter(()), RosterUnreadable, trouble=str(fault))
                return
            try:
                yield OpenedRoster(opened.expected, opened.lines, RosterUnreadable)
            finally:
                opening.__exit__(None, None, None)
