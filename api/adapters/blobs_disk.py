"""Files on the local disk: whole or not at all, sealed, spread over folders."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.adapters.sealed_blobs import SealedBlobs
from api.domain.errors_storage import StorageUnavailable
from api.domain.ports import Vault


class DiskBlobs(SealedBlobs):
    """Keep each file under a name made from its key's digest, so that no key can leave the folder."""

    def __init__(self, root: Path, *, vault: Vault) -> None:
        super().__init__(DiskFiles(root), vault=vault)


class DiskFiles:
    """Fits `sealed_blobs.Files` over a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def write(self, name: str, sealed: bytes) -> None:
        """Write beside, flush to the disk, then rename: a reader or a power cut sees the old file or the new one."""
        path = self._path(name)
        with _named():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".part-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(sealed)
                    file.flush()
                    os.fsync(file.fileno())
                Path(beside).replace(path)
            except BaseException:
                Path(beside).unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)

    def read(self, name: str) -> bytes | None:
        """Return the bytes, None where there is no such file."""
        with _named():
            try:
                return self._path(name).read_bytes()
            except FileNotFoundError:
                return None

    def remove(self, name: str) -> None:
        """Remove the file if it is there."""
        with _named():
            self._path(name).unlink(missing_ok=True)

    def ping(self) -> None:
        """Make a file and let it go."""
        with _named():
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=self._root):
                return

    def close(self) -> None:
        """Do nothing: no file stays open between two calls."""

    def _path(self, name: str) -> Path:
        return self._root / name[:2] / name[2:4] / name


@contextmanager
def _named() -> Iterator[None]:
    """Turn what the disk refuses into our own error, with the name the system has for it (`ENOSPC`, `EACCES` …)."""
    try:
        yield
    except OSError as fault:
        name = errno.errorcode.get(fault.errno or 0, type(fault).__name__)
        raise StorageUnavailable(reason=name) from fault


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
