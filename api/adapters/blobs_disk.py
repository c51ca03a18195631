"""Files on the local disk: whole or not at all, sealed, spread over folders."""

import hashlib
import os
import tempfile
from pathlib import Path

from api.domain.errors import BlobMissing
from api.domain.ports import Vault


class DiskBlobs:
    """Keep each file under a name made from its key's digest, so that no key can leave the folder."""

    def __init__(self, root: Path, *, vault: Vault) -> None:
        self._root = root
        self._vault = vault

    def put(self, key: str, data: bytes) -> None:
        """Write beside, flush to the disk, then rename: a reader or a power cut sees the old file or the new one."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        sealed = self._vault.seal(data, context=_context(key))
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

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises BlobMissing, or VaultError where the file was changed."""
        try:
            sealed = self._path(key).read_bytes()
        except FileNotFoundError as fault:
            raise BlobMissing(key=key) from fault
        return self._vault.open(sealed, context=_context(key))

    def delete(self, key: str) -> None:
        """Remove the file if it is there."""
        self._path(key).unlink(missing_ok=True)

    def ping(self) -> None:
        """Raise OSError unless a file can be made here."""
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=self._root):
            return

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return self._root / name[:2] / name[2:4] / name


def _context(key: str) -> str:
    return f"blob:{key}"


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
