"""After a new data key: seal everything anew with it and let it index and sign; then the old one can be taken away."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from api.domain.errors import BlobMissing, VaultError
from api.domain.ports import Blobs, Database, Vault
from api.services.audit import Note
from api.services.prepare_export import list_keys
from api.services.trusted_time import TrustedClock

REPLACED = "keys.replaced"
_ACTOR = "command line"

_VALUES = 500
"""So many values in one transaction: whoever else writes is let in after each."""

_FILES = 40
_AT_ONCE = 8
"""Files on the way at once, as in `api.services.copy_files`: what a store far away costs is waiting."""

_ALWAYS = datetime(9000, 1, 1, tzinfo=UTC)
_MOST = 100_000


class _File(StrEnum):
    SEALED = "sealed"
    GONE = "gone"
    UNOPENED = "unopened"


@dataclass(frozen=True, slots=True)
class Left:
    """What the newest key has not sealed: values by column, files; and whether another key still indexes and signs."""

    values: dict[str, int]
    files: int
    index: bool

    @property
    def nothing(self) -> bool:
        return not (self.values or self.files or self.index)

    @property
    def count(self) -> int:
        return sum(self.values.values()) + self.files


@dataclass(slots=True)
class ResealReport:
    """What one run did; `unopened` is what no key given opens, `indexed` how many digests were made anew."""

    values: int = 0
    files: int = 0
    unopened: int = 0
    indexed: int = 0
    left: Left = field(default_factory=lambda: Left({}, 0, index=False))


class LookUnderKeys:
    """Count what still lies under other keys than the newest."""

    def __init__(self, *, database: Database, clock: TrustedClock, vault: Vault) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault

    def __call__(self) -> Left:
        """Return it. Uploads and the lists of exports, which end within days, are not among the files."""
        now = self._clock.look().believed
        with self._database.read() as uow:
            files = uow.sealed.files_left(now=now)
            return Left(uow.sealed.left(), files, index=uow.keys.in_force != self._vault.newest)


class Reseal:
    """Seal everything anew, in small parts, as often as it takes.

    The installation goes on meanwhile, and a run that was killed is begun again: what is done is not done twice. Each
    value is opened and sealed in one transaction that holds the right to write. Files are many: one that is erased
    while it is on its way is deleted once more, after a kill by the next run. Last of all, in one transaction, everyone
    is indexed anew, and the database says which key indexes and signs from then on, so that every process changes over
    in the same moment. What is erased is told from what is kept by its end, so that the clock is the one that refuses
    to leap.
    """

    def __init__(self, *, database: Database, clock: TrustedClock, vault: Vault, blobs: Blobs, note: Note) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._blobs = blobs
        self._note = note
        self._look = LookUnderKeys(database=database, clock=clock, vault=vault)

    def __call__(self, *, progress: Callable[[int], None] = lambda _done: None) -> ResealReport:
        """Return what was done and what is left. Raises StorageUnavailable; begun again, it goes on.

        Raises ClockAhead, and VaultError where somebody's number does not open: nobody can be indexed anew before it
        does.
        """
        report = ResealReport()
        with self._database.read() as uow:
            begun = uow.sealed.begun_files()
        self._settle(begun)
        for column in self._look().values:
            self._column(column, report, progress)
        for keys in self._keys():
            self._files(keys, report)
            progress(report.values + report.files)
        report.indexed = self._index()
        report.left = self._look()
        return report

    def _column(self, column: str, report: ResealReport, progress: Callable[[int], None]) -> None:
        after = None
        while True:
            with self._database.write() as uow:
                part = uow.sealed.reseal(column, after=after, limit=_VALUES)
                uow.commit()
            report.values, report.unopened, after = (
                report.values + part.done,
                report.unopened + part.unopened,
                part.after,
            )
            progress(report.values + report.files)
            if after is None:
                return

    def _keys(self) -> Iterator[Sequence[str]]:
        """Give the files of photos, then uploads and the lists of exports."""
        after = ""
        while True:
            now = self._clock.now()
            with self._database.read() as uow:
                part = uow.sealed.old_files(after=after, now=now, limit=_FILES)
            if not part:
                break
            yield part
            after = part[-1]
        yield from ((key,) for key in self._office())

    def _files(self, keys: Sequence[str], report: ResealReport) -> None:
        with self._database.write() as uow:
            uow.sealed.begin_files(keys)
            uow.commit()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            fates = dict(zip(keys, pool.map(self._file, keys), strict=True))
        report.files += sum(fate is _File.SEALED for fate in fates.values())
        report.unopened += sum(fate is _File.UNOPENED for fate in fates.values())
        now = self._clock.now()
        with self._database.write() as uow:
            for key in (key for key, fate in fates.items() if fate is not _File.UNOPENED):
                uow.sealed.note_file(key, now=now)
            uow.commit()
        self._settle(keys)

    def _settle(self, keys: Sequence[str]) -> None:
        """Delete what was erased, or ended, while its file was on the way, and forget that these were."""
        if not keys:
            return
        now, office = self._clock.now(), frozenset(self._office())
        with self._database.read() as uow:
            alive = uow.blobs.alive(keys, now=now) | office
        for key in (key for key in keys if key not in alive):
            self._blobs.delete(key)
        with self._database.write() as uow:
            uow.sealed.end_files(keys)
            uow.commit()

    def _file(self, key: str) -> _File | None:
        try:
            return _File.SEALED if self._blobs.reseal(key) else None
        except BlobMissing:
            return _File.GONE
        except VaultError:
            return _File.UNOPENED

    def _office(self) -> Iterator[str]:
        with self._database.read() as uow:
            checks = uow.roster_checks.due(now=_ALWAYS, limit=_MOST)
            exports = uow.export_files.ended(now=_ALWAYS, limit=_MOST)
        yield from (one.key for one in checks)
        yield from (key for one in exports for key in list_keys(one.id))

    def _index(self) -> int:
        now = self._clock.now()
        with self._database.write() as uow:
            if uow.keys.in_force == self._vault.newest:
                return 0
            uow.keys.switch(through=uow.audit.head().seq, now=now)
            count = uow.sealed.reindex()
            self._note.within(uow, REPLACED, actor=_ACTOR, detail={"key": self._vault.newest, "indexed": str(count)})
            uow.commit()
        return count
