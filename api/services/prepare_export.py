"""Prepare an export that the console asked for: every photo read and verified once, its place in the ZIP kept.

No ZIP is stored anywhere. What is kept is a plan of it, sealed, until the export ends; the photos stay where they are
and are read again when somebody fetches it. A photo that its student erased meanwhile is not in any copy of ours.
"""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from api.domain.errors import AppError, BlobMissing, InvalidRequest
from api.domain.errors_office import NothingToExport
from api.domain.errors_storage import StorageUnavailable
from api.domain.export import LEASE, LIFE, MANIFEST, MOST_TRIES, Export, ExportEntry, ExportFile, Layout
from api.domain.ports import Bell, Blobs, Clock, Database
from api.domain.reviewer import Reviewer
from api.services.check_roster import ring
from api.services.deeds import Deed, unrecorded
from api.services.export_photos import BeginExport, ExportWish, RunExport
from api.services.fetch_export import files_of, zip_entry, zip_pieces

LISTS = ("manifest.csv", "manifest.xlsx", "SHA256SUMS")
"""What lies beside the photos."""

_FLUSH = 100
_RENEW = 2000
"""After so many pieces of the ZIP the lease is taken anew."""


class Sheets(Protocol):
    """Writes tables that no spreadsheet takes for formulas."""

    def csv(self, heading: Sequence[str], rows: Iterator[Sequence[str]]) -> bytes: ...
    def xlsx(self, heading: Sequence[str], rows: Iterator[Sequence[str]], *, title: str) -> bytes: ...


class AskForExport:
    """Put an export on record and let a worker prepare it."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._begin = BeginExport(database=database, clock=clock)

    def __call__(
        self, staff: str | Reviewer, campaign: str, wish: ExportWish, *, reason: str, deed: Deed = unrecorded
    ) -> Export:
        """Return the export that waits. Raises NotFound, InvalidRequest without a reason."""
        begun, now = self._begin(staff, campaign, wish, reason=reason, deed=deed), self._clock.now()
        asked = replace(begun, next_at=now, ends_at=now + LIFE)
        with self._database.write() as uow:
            uow.exports.save(asked)
            uow.commit()
        ring(self._bell, asked.id, 1)
        return asked


class PrepareExport:
    """Prepare one. For the worker; one that was interrupted goes on where it stopped."""

    def __init__(self, *, database: Database, clock: Clock, blobs: Blobs, run: RunExport, sheets: Sheets) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._run = run
        self._sheets = sheets

    def __call__(self, export_id: str) -> None:
        """Do it, or keep the code of what stopped it. Not being due is no fault."""
        held = self._claim(export_id)
        if held is None:
            return
        plan = _Plan(held, database=self._database, clock=self._clock, blobs=self._blobs, sheets=self._sheets)
        try:
            if held.attempts > MOST_TRIES:
                raise BlobMissing(key="given up")
            self._run(held.id, plan, progress=plan.note)
        except _Lost:
            return  # another worker has it
        except StorageUnavailable:
            return  # when the lease has run out it goes on where it stopped
        except InvalidRequest:
            self._stop(held, NothingToExport.code)
        except AppError as fault:
            self._stop(held, fault.code)

    def _claim(self, export_id: str) -> Export | None:
        now = self._clock.now()
        with self._database.write() as uow:
            found = uow.exports.get(export_id)
            if found is None or found.next_at is None or found.next_at > now:
                return None
            held = replace(found, attempts=found.attempts + 1, next_at=now + LEASE)
            if not uow.export_files.swap(held, attempts=found.attempts):
                return None
            uow.commit()
        return held

    def _stop(self, held: Export, code: str) -> None:
        for key in list_keys(held.id):
            self._blobs.delete(key)
        with self._database.write() as uow:
            uow.export_files.forget(held.id)
            uow.export_files.swap(replace(held, next_at=None, trouble=code), attempts=held.attempts)
            uow.commit()


class _Lost(Exception):
    """The lease ran out and somebody else took over."""


class _Plan:
    """Fits `api.domain.export_sink.ExportSink`: keeps where each photo lies instead of its bytes."""

    def __init__(self, export: Export, *, database: Database, clock: Clock, blobs: Blobs, sheets: Sheets) -> None:
        self._export = export
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._sheets = sheets
        self._waiting: list[ExportFile] = []
        self._place, self._at = self._end()
        self._done = self._place

    def entries(self) -> Iterator[ExportEntry]:
        """Give the photos that are in."""
        yield from (
            ExportEntry(one.submission_id or "", _bare(one.name), one.bytes, one.sha256, one.line, one.key)
            for one in self._photos()
        )

    def start_over(self) -> None:
        """Drop everything."""
        self._forget()
        self._waiting, self._place, self._at, self._done = [], 0, 0, 0

    def add(self, entry: ExportEntry, jpeg: bytes) -> None:
        """Note one photo; every hundred of them are kept at once."""
        name = entry.file_name if self._export.layout is Layout.CET else f"photos/{entry.file_name}"
        self._note(
            ExportFile(
                place=self._place,
                at=self._at,
                name=name,
                bytes=len(jpeg),
                crc=zlib.crc32(jpeg),
                key=entry.key,
                submission_id=entry.submission_id,
                sha256=entry.sha256,
                line=entry.line,
            )
        )

    def note(self, done: int, total: int) -> None:
        """Keep the progress, and the lease, now and then. Raises _Lost."""
        self._done = done
        self._export = replace(self._export, total=total)
        if len(self._waiting) >= _FLUSH:
            self._flush()

    def finish(self) -> tuple[int, str]:
        """Make the lists, and return the size and SHA-256 of the ZIP as it will be fetched."""
        self._flush()
        for name, made in zip(LISTS, self._lists(), strict=True):
            key = list_key(self._export.id, name)
            self._blobs.put(key, made)
            if self._export.layout is Layout.PLAIN:
                self._note(
                    ExportFile(
                        place=self._place, at=self._at, name=name, bytes=len(made), crc=zlib.crc32(made), key=key
                    )
                )
        self._flush()
        size, digest = 0, hashlib.sha256()
        for number, piece in enumerate(zip_pieces(self._files, self._blobs)):
            digest.update(piece)
            size += len(piece)
            if number % _RENEW == 0:
                self._flush()  # reading everything once more takes minutes: the lease must not run out over it
        return size, digest.hexdigest()

    def _lists(self) -> Iterator[bytes]:
        yield self._sheets.csv(MANIFEST, (one.line for one in self._photos()))
        yield self._sheets.xlsx(MANIFEST, (one.line for one in self._photos()), title="照片清单")
        yield "".join(f"{one.sha256}  {one.name}\n" for one in self._photos()).encode()

    def _photos(self) -> Iterator[ExportFile]:
        return (one for one in self._files() if one.submission_id is not None)

    def _note(self, file: ExportFile) -> None:
        self._waiting.append(file)
        self._place, self._at = file.place + 1, zip_entry(file).end

    def _flush(self) -> None:
        now = self._clock.now()
        self._export = replace(self._export, done=self._done, next_at=now + LEASE)
        with self._database.write() as uow:
            if not uow.export_files.swap(self._export, attempts=self._export.attempts):
                raise _Lost
            uow.export_files.add(self._export.id, self._waiting)
            uow.commit()
        self._waiting = []

    def _files(self, place: int = 0) -> Iterator[ExportFile]:
        return files_of(self._database, self._export.id, place=place)

    def _end(self) -> tuple[int, int]:
        """Return the place and the offset after what an earlier try had kept, lists dropped."""
        place, at = 0, 0
        for one in self._files():
            if one.submission_id is None:
                self._forget()
                return 0, 0
            place, at = one.place + 1, zip_entry(one).end
        return place, at

    def _forget(self) -> None:
        with self._database.write() as uow:
            uow.export_files.forget(self._export.id)
            uow.commit()


def list_key(export_id: str, name: str) -> str:
    """Return the blob that holds one of an export's lists."""
    return f"export/{export_id}/{name}"


def list_keys(export_id: str) -> tuple[str, ...]:
    """Return the blobs of an export's own."""
    return tuple(list_key(export_id, name) for name in LISTS)


def _bare(name: str) -> str:
    return name.removeprefix("photos/")
