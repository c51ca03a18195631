"""A ZIP that is written photo by photo and survives being interrupted.

Beside `out.zip` lie, while it is not finished, `out.zip.part` with the photos and `out.zip.part.log`, whose first line
names the export and each further one a photo that is whole in the part. Going on cuts the part back to the last whole
photo. Both are readable by their owner alone; the log is deleted at the end.
"""

import hashlib
import io
import json
import os
import tempfile
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

from api.adapters.spreadsheets import write_csv, write_xlsx
from api.domain.export import MANIFEST, ExportEntry, Layout
from api.domain.zip_plan import ZipEntry, directory_pieces, local_header

_CHUNK = 1 << 20
_WIDTHS = (26, 12, 22, 16, 20, 10, 22, 20, 20, 18, 10, 68)


def begun_export(path: Path) -> str | None:
    """Tell which export was being written to `path` when it was interrupted, None where none was."""
    log = path.with_name(path.name + ".part.log")
    try:
        with log.open(encoding="utf-8") as file:
            return str(json.loads(file.readline())["export"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


class PhotoZip:
    """Fits `api.domain.export_sink.ExportSink`. What it holds in memory is one photo, however many there are."""

    def __init__(self, path: Path, *, export_id: str, layout: Layout) -> None:
        self._path = path
        self._export_id = export_id
        self._layout = layout
        self._part = path.with_name(path.name + ".part")
        self._log = path.with_name(path.name + ".part.log")
        self._open: tuple[IO[bytes], IO[str]] | None = None
        self._mended = False

    def entries(self) -> Iterator[ExportEntry]:
        """Give what is whole in the part."""
        for note in self._notes():
            yield ExportEntry(
                submission_id=note["submission"],
                file_name=note["file"],
                bytes=note["bytes"],
                sha256=note["sha256"],
                line=tuple(note["line"]),
            )

    def start_over(self) -> None:
        """Drop the part."""
        self.close()
        self._part.unlink(missing_ok=True)
        self._log.unlink(missing_ok=True)

    def add(self, entry: ExportEntry, jpeg: bytes) -> None:
        """Write one photo, then its line of the log: a line without its photo cannot be."""
        part, log = self._files()
        place = ZipEntry(self._inside(entry.file_name), len(jpeg), zlib.crc32(jpeg), part.tell())
        part.write(local_header(place))
        part.write(jpeg)
        part.flush()
        note = {
            "submission": entry.submission_id,
            "file": entry.file_name,
            "bytes": place.size,
            "sha256": entry.sha256,
            "line": entry.line,
            "at": place.at,
            "end": place.end,
            "crc": place.crc,
        }
        log.write(json.dumps(note, ensure_ascii=False) + "\n")
        log.flush()

    def finish(self) -> tuple[int, str]:
        """Write manifest and checksums, end the ZIP and put it in its place."""
        part, _ = self._files()
        lists = list(self._lists(part))
        for piece in directory_pieces(chain(map(self._entry, self._notes()), lists), at=part.tell()):
            part.write(piece)
        part.flush()
        os.fsync(part.fileno())
        self.close()
        self._part.replace(self._path)
        self._log.unlink()
        return self._path.stat().st_size, _digest(self._path)

    def close(self) -> None:
        """Close the files, leaving the part to go on with."""
        for one in self._open or ():
            one.close()
        self._open = None

    def _inside(self, name: str) -> str:
        return name if self._layout is Layout.CET else f"photos/{name}"

    def _entry(self, note: dict[str, Any]) -> ZipEntry:
        return ZipEntry(self._inside(note["file"]), note["bytes"], note["crc"], note["at"])

    def _notes(self) -> Iterator[dict[str, Any]]:
        """Give the log's lines; before the first reading, what a death or a power cut left torn is cut off."""
        if begun_export(self._path) != self._export_id or not self._part.exists():
            return
        if not self._mended:
            self._mend()
        with self._log.open(encoding="utf-8") as log:
            log.readline()
            yield from map(json.loads, log)

    def _mend(self) -> None:
        """Leave of part and log what is whole: a line to its end, and behind it a photo with its checksum.

        The new log takes the old one's place in one step.
        """
        self._mended, end = True, 0
        fresh = self._log.with_name(self._log.name + ".new")
        fresh.touch(mode=0o600)
        with self._part.open("r+b") as part, self._log.open(encoding="utf-8") as log:
            with fresh.open("w", encoding="utf-8") as kept:
                kept.write(log.readline())
                for text in log:
                    note = _note_of(text)
                    if note is None or not self._is_whole(part, note):
                        break
                    kept.write(text)
                    end = note["end"]
            part.truncate(end)
        fresh.replace(self._log)

    def _is_whole(self, part: IO[bytes], note: dict[str, Any]) -> bool:
        place = self._entry(note)
        part.seek(place.data_at)
        return zlib.crc32(part.read(place.size)) == place.crc and part.tell() == place.end

    def _files(self) -> tuple[IO[bytes], IO[str]]:
        """Open the part behind its last whole photo, the log behind that photo's line."""
        if self._open is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if begun_export(self._path) != self._export_id or not self._part.exists():
                self._begin()
            elif not self._mended:
                self._mend()
            self._open = self._part.open("r+b"), self._log.open("a", encoding="utf-8")
            self._open[0].seek(0, os.SEEK_END)
        return self._open

    def _begin(self) -> None:
        for file in (self._part, self._log):
            file.touch(mode=0o600)
        self._part.write_bytes(b"")
        self._log.write_text(json.dumps({"export": self._export_id}) + "\n", encoding="utf-8")
        self._mended = True

    def _lists(self, part: IO[bytes]) -> Iterator[ZipEntry]:
        """Put manifest and checksums into the ZIP, or beside it where nothing but photos may be inside."""
        beside = self._path.with_suffix("")
        made = (("manifest.csv", _write_csv), ("manifest.xlsx", _write_xlsx), ("SHA256SUMS", self._write_sums))
        for name, write in made:
            with tempfile.TemporaryFile() as scratch:  # it has no name: whoever kills us, no ID number is left behind
                write(scratch, self.entries())
                if self._layout is Layout.PLAIN:
                    yield _stored(part, name, scratch)
                else:
                    _place(scratch, beside.with_name(f"{beside.name}.{name}"))

    def _write_sums(self, file: IO[bytes], entries: Iterator[ExportEntry]) -> None:
        for entry in entries:
            file.write(f"{entry.sha256}  {self._inside(entry.file_name)}\n".encode())


def _note_of(text: str) -> dict[str, Any] | None:
    """Return what a line of the log says, None for one that was torn."""
    try:
        note: dict[str, Any] | None = json.loads(text) if text.endswith("\n") else None
    except ValueError:
        return None
    return note


def _stored(part: IO[bytes], name: str, source: IO[bytes]) -> ZipEntry:
    """Put a file in whole; read twice, for its checksum stands before it."""
    crc = 0
    source.seek(0)
    while chunk := source.read(_CHUNK):
        crc = zlib.crc32(chunk, crc)
    place = ZipEntry(name, source.tell(), crc, part.tell())
    part.write(local_header(place))
    source.seek(0)
    _copy(source, part)
    return place


def _write_csv(file: IO[bytes], entries: Iterator[ExportEntry]) -> None:
    """Write it as Excel opens it: with a mark for UTF-8, long numbers as they are."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    write_csv(text, MANIFEST, (entry.line for entry in entries))
    text.detach()


def _write_xlsx(file: IO[bytes], entries: Iterator[ExportEntry]) -> None:
    write_xlsx(file, MANIFEST, (entry.line for entry in entries), title="照片清单", widths=_WIDTHS)


def _place(source: IO[bytes], target: Path) -> None:
    target.touch(mode=0o600)
    source.seek(0)
    with target.open("wb") as file:
        _copy(source, file)


def _copy(source: IO[bytes], target: IO[bytes] | io.BufferedIOBase) -> None:
    while chunk := source.read(_CHUNK):
        target.write(chunk)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
