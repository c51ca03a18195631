"""Give an export's ZIP, from any byte on: told from its plan and the sealed photos, never stored."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from api.domain.errors import NotFound
from api.domain.errors_office import ExportNotReady, ExportStale
from api.domain.export import Export, ExportFile, ExportState
from api.domain.ports import Blobs, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.zip_plan import ZipEntry, directory_pieces, local_header
from api.services.guards import find_campaign

Files = Callable[[int], Iterator[ExportFile]]
"""Gives an export's files in order, from a place on; as often as it is asked, for nobody holds all of them."""

_PAGE = 500


@dataclass(frozen=True, slots=True)
class ZipDownload:
    """An export's ZIP: its size and digest, and its bytes as they are asked for."""

    export: Export
    files: Files
    place_at: Callable[[int], int]
    blobs: Blobs

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Give the bytes from `start` up to, not including, `stop`; photos before them are not even read."""
        for begins, piece in _pieces(self.files, self.blobs, place=self.place_at(start)):
            if begins >= stop:
                return
            if begins + len(piece) > start:
                yield piece[max(0, start - begins) : stop - begins]


class FetchExport:
    """Open an export for download."""

    def __init__(self, *, database: Database, clock: Clock, blobs: Blobs) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs

    def __call__(self, campaign: str, export_id: str) -> ZipDownload:
        """Return it. Raises NotFound, ExportNotReady before it is prepared and after its end, ExportStale.

        Who was taken back since is in no copy that leaves the house.
        """
        with self._database.read() as uow:
            export = self._ready(uow, campaign, export_id)
        return ZipDownload(
            export=export,
            files=lambda place: files_of(self._database, export.id, place=place),
            place_at=lambda offset: self._place_at(export.id, offset),
            blobs=self._blobs,
        )

    def list(self, campaign: str, export_id: str, name: str) -> bytes:
        """Return one of its lists by itself. Raises NotFound, ExportNotReady, ExportStale, BlobMissing."""
        with self._database.read() as uow:
            export = self._ready(uow, campaign, export_id)
        return self._blobs.get(f"export/{export.id}/{name}")

    def taken_back(self, export_ids: Iterable[str]) -> Mapping[str, int]:
        """Return how many people's photos were taken back since each of these exports, where there are any."""
        with self._database.read() as uow:
            counts = {export_id: uow.export_files.taken_back(export_id) for export_id in export_ids}
        return {export_id: count for export_id, count in counts.items() if count}

    def _place_at(self, export_id: str, offset: int) -> int:
        with self._database.read() as uow:
            return uow.export_files.first_at(export_id, offset)

    def _ready(self, uow: UnitOfWork, campaign: str, export_id: str) -> Export:
        found = uow.exports.get(export_id)
        if found is None or found.campaign_id != find_campaign(uow, campaign).id:
            raise NotFound(kind="export", id=export_id)
        if found.state(self._clock.now()) is not ExportState.READY:
            raise ExportNotReady
        taken_back = uow.export_files.taken_back(found.id)
        if taken_back:
            raise ExportStale(count=taken_back)
        return found


def zip_entry(file: ExportFile) -> ZipEntry:
    """Return where a file lies in the ZIP."""
    return ZipEntry(name=file.name, size=file.bytes, crc=file.crc, at=file.at)


def files_of(database: Database, export_id: str, *, place: int = 0) -> Iterator[ExportFile]:
    """Give an export's files from a place on, page by page: a download of hours holds no transaction open."""
    while True:
        with database.read() as uow:
            part = tuple(islice(uow.export_files.of(export_id, place=place), _PAGE))
        yield from part
        if len(part) < _PAGE:
            return
        place = part[-1].place + 1


def zip_pieces(files: Files, blobs: Blobs) -> Iterator[bytes]:
    """Give the whole ZIP, piece by piece."""
    yield from (piece for _, piece in _pieces(files, blobs, place=0))


def _pieces(files: Files, blobs: Blobs, *, place: int) -> Iterator[tuple[int, bytes]]:
    """Give the pieces from a file on, each with where it begins; the directory, at the end, tells of all files."""
    end = 0
    for file in files(place):
        entry = zip_entry(file)
        yield entry.at, local_header(entry)
        yield entry.data_at, blobs.get(file.key)
        end = entry.end
    at = end
    for piece in directory_pieces(map(zip_entry, files(0)), at=end):
        yield at, piece
        at += len(piece)
