"""A ZIP that is written photo by photo and survives being interrupted.

Beside `out.zip` lie, while it is not finished, `out.zip.part` with the photos and `out.zip.part.log`, whose first line
names the export and each further one a photo that is whole in the part. Going on cuts the part back to the last whole
photo. Both are readable by their owner alone; the log is deleted at the end.
"""

import csv
import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from api.domain.export import MANIFEST, ExportEntry, Layout

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Every entry's date: the same photos give the same bytes."""

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
    """Fits `api.domain.export_sink.ExportSink`."""

    def __init__(self, path: Path, *, export_id: str, layout: Layout) -> None:
        self._path = path
        self._export_id = export_id
        self._layout = layout
        self._part = path.with_name(path.name + ".part")
        self._log = path.with_name(path.name + ".part.log")
        self._file: IO[bytes] | None = None
        self._zip: zipfile.ZipFile | None = None
        self._notes: IO[str] | None = None

    def entries(self) -> Iterator[ExportEntry]:
        """Give what is whole in the part."""
        for note in self._whole():
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
        into, file, notes = self._opened()
        info = zipfile.ZipInfo(self._inside(entry.file_name), _EPOCH)
        info.external_attr = 0o600 << 16
        into.writestr(info, jpeg)
        file.flush()
        note = {
            "submission": entry.submission_id,
            "file": entry.file_name,
            "bytes": entry.bytes,
            "sha256": entry.sha256,
            "line": entry.line,
            "at": info.header_offset,
            "end": file.tell(),
            "crc": info.CRC,
        }
        notes.write(json.dumps(note, ensure_ascii=False) + "\n")
        notes.flush()

    def finish(self) -> tuple[int, str]:
        """Write manifest and checksums, close the ZIP and put it in its place."""
        into, file, _ = self._opened()
        folder = None if self._layout is Layout.PLAIN else self._path.parent
        self._manifest(into, folder)
        into.close()
        file.flush()
        os.fsync(file.fileno())
        self.close()
        self._part.replace(self._path)
        self._log.unlink()
        return self._path.stat().st_size, _digest(self._path)

    def close(self) -> None:
        """Close the files, leaving the part to go on with."""
        if self._zip is not None:
            self._zip.fp = None  # or it would end the archive when it is collected
        for one in (self._notes, self._file):
            if one is not None:
                one.close()
        self._file, self._zip, self._notes = None, None, None

    def _inside(self, name: str) -> str:
        return name if self._layout is Layout.CET else f"photos/{name}"

    def _whole(self) -> Iterator[dict[str, Any]]:
        if begun_export(self._path) != self._export_id or not self._part.exists():
            return
        size = self._part.stat().st_size
        with self._log.open(encoding="utf-8") as log:
            log.readline()
            for text in log:
                if not text.endswith("\n"):
                    return
                note: dict[str, Any] = json.loads(text)
                if note["end"] > size:
                    return
                yield note

    def _opened(self) -> tuple[zipfile.ZipFile, IO[bytes], IO[str]]:
        if self._zip is None or self._file is None or self._notes is None:
            self._open()
        if self._zip is None or self._file is None or self._notes is None:
            raise RuntimeError("the part could not be opened")
        return self._zip, self._file, self._notes

    def _open(self) -> None:
        """Open the part where its last whole photo ends, and tell zipfile what is in it."""
        notes = list(self._whole())
        self._path.parent.mkdir(parents=True, exist_ok=True)
        for file in (self._part, self._log):
            file.touch(mode=0o600)
        _cut(self._log, self._export_id, notes)
        self._file = self._part.open("r+b")
        self._file.truncate(notes[-1]["end"] if notes else 0)
        self._file.seek(0, os.SEEK_END)
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED)
        for note in notes:
            info = _known(self._inside(note["file"]), note)
            self._zip.filelist.append(info)
            self._zip.NameToInfo[info.filename] = info
        self._notes = self._log.open("a", encoding="utf-8")

    def _manifest(self, into: zipfile.ZipFile, folder: Path | None) -> None:
        """Put manifest and checksums into the ZIP, or beside it where nothing but photos may be inside."""
        beside = self._path.with_suffix("")
        with tempfile.TemporaryDirectory() as scratch:
            made = (
                ("manifest.csv", _write_csv),
                ("manifest.xlsx", _write_xlsx),
                ("SHA256SUMS", self._write_sums),
            )
            for name, write in made:
                path = Path(scratch) / name
                write(path, self.entries())
                if folder is None:
                    info = zipfile.ZipInfo(name, _EPOCH)
                    info.external_attr = 0o600 << 16
                    with path.open("rb") as source, into.open(info, "w") as target:
                        _copy(source, target)
                else:
                    _place(path, beside.with_name(f"{beside.name}.{name}"))

    def _write_sums(self, path: Path, entries: Iterator[ExportEntry]) -> None:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for entry in entries:
                file.write(f"{entry.sha256}  {self._inside(entry.file_name)}\n")


def _known(name: str, note: dict[str, Any]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o600 << 16
    info.header_offset, info.CRC = note["at"], note["crc"]
    info.file_size = info.compress_size = note["bytes"]
    return info


def _cut(log: Path, export_id: str, notes: Sequence[dict[str, Any]]) -> None:
    """Leave only the lines whose photos are whole, below the one that says whose export it is."""
    with log.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"export": export_id}) + "\n")
        file.writelines(json.dumps(note, ensure_ascii=False) + "\n" for note in notes)


def _write_csv(path: Path, entries: Iterator[ExportEntry]) -> None:
    """Write it as Excel opens it: with a mark for UTF-8, long numbers as they are."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(MANIFEST)
        writer.writerows(map(_harmless, (entry.line for entry in entries)))


def _write_xlsx(path: Path, entries: Iterator[ExportEntry]) -> None:
    """Write it row by row; every cell is text, so that no ID number loses its last digits."""
    from openpyxl import Workbook  # type: ignore[import-untyped] # our use of it is three calls
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped] # as above

    book = Workbook(write_only=True)
    sheet = book.create_sheet("照片清单")
    for place, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.append(list(MANIFEST))
    for entry in entries:
        sheet.append(list(_harmless(entry.line)))
    book.save(path)


def _harmless(line: Sequence[str]) -> list[str]:
    """A cell that a spreadsheet would take for a formula is marked as text."""
    return [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in line]


def _place(path: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with path.open("rb") as source, target.open("wb") as file:
        _copy(source, file)


def _copy(source: IO[bytes], target: IO[bytes] | io.BufferedIOBase) -> None:
    while chunk := source.read(_CHUNK):
        target.write(chunk)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
