"""Keep what has come of a file, so that a broken download is continued and not begun anew.

NAME.part       the bytes so far
NAME.part.json  whose they are: address, version (ETag or Last-Modified), size of the whole
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from photo_service.models.errors import InstallBusyError
from photo_service.models.store import write_atomically


class PartFile:
    """A file on its way to `target`. Only its holder of `only_one_in` may write it."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f"{target.name}.part.json")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    def version(self, url: str) -> str | None:
        """Say of which version the bytes so far are, if they came from this address and can be continued."""
        note = self._read_note()
        version = note.get("version")
        return version if note.get("url") == url and isinstance(version, str) and self.size else None

    def is_whole(self, url: str) -> bool:
        """Tell whether every byte has come, though nobody has looked at them yet."""
        note = self._read_note()
        return note.get("url") == url and bool(self.size) and note.get("total") == self.size

    def begin(self, url: str, *, version: str | None, total: int | None) -> None:
        """Forget what there was, and note whose bytes will follow."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"")
        note = {"url": url, "version": version, "total": total}
        write_atomically(self._note, json.dumps(note).encode())

    def open(self) -> BinaryIO:
        """Open for what follows."""
        return self.path.open("ab")

    def discard(self) -> None:
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def become(self, target: Path) -> None:
        """Put the whole file in its place, at once."""
        self.path.replace(target)
        self._note.unlink(missing_ok=True)

    def _read_note(self) -> dict[str, Any]:
        """Read the note; one that is missing or broken says nothing."""
        try:
            note = json.loads(self._note.read_bytes())
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}


@contextmanager
def only_one_in(folder: Path) -> Iterator[None]:
    """Hold a folder so that no second installation writes into it; given back when the process ends, however it ends.

    Where the system knows no such lock (Windows) two installations at once are the operator's affair: the checksum
    still refuses whatever they mix. Raises InstallBusyError.
    """
    import os

    try:
        import fcntl
    except ImportError:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise InstallBusyError(
            f"Another process is installing into {folder}", advice="Wait for it to end, then run this again"
        ) from error
    finally:
        os.close(handle)
