"""Copy every file that the database knows from one store to another: sealed as they lie, each read back."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from api.domain.errors import BlobMissing
from api.domain.errors_storage import StorageUnavailable
from api.domain.ports import Blobs, Database, SealedFiles
from api.services.prepare_export import list_keys

_BATCH = 500
_MOST = 100_000
"""More uploads and exports than any school has waiting at a time."""

_AT_ONCE = 8
"""Files on the way at once: what a store far away costs is waiting. 8 selfies of 10 MB at the most are 80 MB."""
_ALWAYS = datetime(9000, 1, 1, tzinfo=UTC)
"""After every end that anything has."""


class Store(Blobs, SealedFiles, Protocol):
    """A store whose files can be moved."""


class Fate(StrEnum):
    COPIED = "copied"
    ALREADY = "already"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Copied:
    """What one run did: files copied, files that were there already, byte for byte, and keys without their file."""

    copied: int
    already: int
    missing: tuple[str, ...]


class CopyFiles:
    """Copy, as often as it takes: what is there already is compared, not written again.

    Nothing is opened, so no data key is needed for it, and what was tampered with stays so. The source is left as it
    is. Meant for an installation at rest: a file that is deleted here while it is on its way is deleted there too, but
    one that is deleted between two runs stays in the other store.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, source: Store, target: Store, *, progress: Callable[[int], None] = lambda _done: None) -> Copied:
        """Return what was done. Raises StorageUnavailable; begun again, it goes on."""
        fates: dict[Fate, int] = dict.fromkeys(Fate, 0)
        missing: list[str] = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for keys in self._batches():
                for key, fate in zip(keys, pool.map(lambda key: _copy(key, source, target), keys), strict=True):
                    fates[fate] += 1
                    if fate is Fate.MISSING:
                        missing.append(key)
                self._drop_forgotten(keys, target)
                progress(sum(fates.values()))
        return Copied(fates[Fate.COPIED], fates[Fate.ALREADY], tuple(sorted(self._known(missing))))

    def _batches(self) -> Iterator[tuple[str, ...]]:
        """Give the keys of pictures, then those of uploaded rosters and of the lists of exports."""
        after = ""
        while True:
            with self._database.read() as uow:
                part = uow.blobs.keys(after=after, limit=_BATCH)
            if part:
                yield part
            if len(part) < _BATCH:
                break
            after = part[-1]
        yield self._office()

    def _office(self) -> tuple[str, ...]:
        with self._database.read() as uow:
            checks = uow.roster_checks.due(now=_ALWAYS, limit=_MOST)
            exports = uow.export_files.ended(now=_ALWAYS, limit=_MOST)
        return (*(one.key for one in checks), *(key for one in exports for key in list_keys(one.id)))

    def _drop_forgotten(self, keys: tuple[str, ...], target: Store) -> None:
        """Delete at the other place what was deleted here meanwhile."""
        known = self._known(keys)
        for key in keys:
            if key not in known:
                target.delete(key)

    def _known(self, keys: Sequence[str]) -> frozenset[str]:
        with self._database.read() as uow:
            pictures = uow.blobs.known(keys)
        return pictures | (frozenset(keys) & frozenset(self._office()))


def _copy(key: str, source: SealedFiles, target: SealedFiles) -> Fate:
    try:
        sealed = source.read_sealed(key)
    except BlobMissing:
        return Fate.MISSING
    if _lies_there(key, sealed, target):
        return Fate.ALREADY
    target.write_sealed(key, sealed)
    if not _lies_there(key, sealed, target):
        raise StorageUnavailable(reason="read_back")
    return Fate.COPIED


def _lies_there(key: str, sealed: bytes, store: SealedFiles) -> bool:
    try:
        return store.read_sealed(key) == sealed
    except BlobMissing:
        return False
