"""The Blobs port over any place that keeps bytes under names: sealed before they leave us, named by digest."""

import hashlib
from typing import Protocol

from api.domain.errors import BlobMissing
from api.domain.ports import Vault


class Files(Protocol):
    """A place for bytes. A name is 64 hexadecimal digits, so that nothing in a key can lead anywhere else.

    Every call raises StorageUnavailable where the place does not do what it is asked.
    """

    def write(self, name: str, sealed: bytes) -> None:
        """Keep all of it or nothing, replacing what was there."""
        ...

    def read(self, name: str) -> bytes | None:
        """Return the bytes, None where there are none."""
        ...

    def remove(self, name: str) -> None:
        """Remove them for good; not being there is as good."""
        ...

    def ping(self) -> None:
        """Raise StorageUnavailable where the place does not answer."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...


class SealedBlobs:
    """Keep each file sealed for its own key, under the digest of that key.

    Whoever reads the place sees neither a face nor whose file it is, and a file put under another's name does not open.
    """

    def __init__(self, files: Files, *, vault: Vault) -> None:
        self._files = files
        self._vault = vault

    def put(self, key: str, data: bytes) -> None:
        """Seal and keep. Raises StorageUnavailable; the file is then the old one, the new one, or none was there."""
        self.write_sealed(key, self._vault.seal(data, context=_context(key)))

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises BlobMissing, StorageUnavailable, or VaultError where the file was changed."""
        return self._vault.open(self.read_sealed(key), context=_context(key))

    def reseal(self, key: str) -> bool:
        """Seal a file with the newest key; tell whether another had.

        Killed in the middle it leaves the file as it was, or as it is to be. Raises BlobMissing, StorageUnavailable,
        VaultError.
        """
        sealed = self.read_sealed(key)
        if sealed.startswith(self._vault.prefix):
            return False
        self.put(key, self._vault.open(sealed, context=_context(key)))
        return True

    def delete(self, key: str) -> None:
        """Remove the file if it is there. Raises StorageUnavailable."""
        self._files.remove(name_of(key))

    def write_sealed(self, key: str, sealed: bytes) -> None:
        """Keep bytes that were sealed for this key before."""
        self._files.write(name_of(key), sealed)

    def read_sealed(self, key: str) -> bytes:
        """Return the bytes as they lie there. Raises BlobMissing, StorageUnavailable."""
        sealed = self._files.read(name_of(key))
        if sealed is None:
            raise BlobMissing(key=key)
        return sealed

    def ping(self) -> None:
        """Raise StorageUnavailable where nothing can be stored or fetched."""
        self._files.ping()

    def close(self) -> None:
        """Give connections back."""
        self._files.close()


def name_of(key: str) -> str:
    """Return the name of a key's file."""
    return hashlib.sha256(key.encode()).hexdigest()


def _context(key: str) -> str:
    return f"blob:{key}"
