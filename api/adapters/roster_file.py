"""Read a roster as schools hand it over: XLSX or CSV, Chinese or English headings, UTF-8 or GB 18030, line by line."""

import codecs
import csv
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from api.domain.roster import COLUMNS, RosterLine

_PROBE_BYTES = 1 << 20
_MOST_ROWS = 1_048_576
_HEADING_WITHIN = 10
"""Lines above the heading that may hold a title, as exports of school systems do."""


class RosterUnreadable(Exception):
    """The file as a whole cannot be read as a roster. The text says why, in Chinese, and names nobody."""


@dataclass(frozen=True, slots=True)
class RosterFile:
    """An opened file: how many lines of people to expect (None: unknown), and the lines, to be read once."""

    expected: int | None
    lines: Iterator[RosterLine]


@contextmanager
def open_roster(path: Path) -> Iterator[RosterFile]:
    """Open a roster and find its heading. Raises RosterUnreadable, also while lines are read."""
    if zipfile.is_zipfile(path):
        with _sheet(path) as (rows, expected):
            yield _roster(rows, expected)
    else:
        with path.open("r", encoding=_encoding(path), newline="") as file:
            yield _roster(_csv_rows(file), None)


def _roster(rows: Iterator[Sequence[str]], expected: int | None) -> RosterFile:
    heading, columns = _heading(rows)
    left = None if expected is None else max(0, expected - heading)
    return RosterFile(expected=left, lines=_lines(rows, columns, first=heading + 1))


def _heading(rows: Iterator[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Answer the line the heading is on, and the place of each field."""
    nearest: list[str] = [COLUMNS[name][0] for name in COLUMNS]
    for number, row in zip(range(1, _HEADING_WITHIN + 1), rows, strict=False):
        names = [_plain(cell) for cell in row]
        found = {name: _place(names, name) for name in COLUMNS}
        missing = [COLUMNS[name][0] for name, place in found.items() if place is None]
        if not missing:
            return number, {name: place for name, place in found.items() if place is not None}
        nearest = min(nearest, missing, key=len)
    raise RosterUnreadable(f"找不到表头，缺少：{'、'.join(nearest)}")


def _place(names: list[str], field: str) -> int | None:
    places = [place for place, name in enumerate(names) if name in COLUMNS[field]]
    if len(places) > 1:
        raise RosterUnreadable(f"表头里“{COLUMNS[field][0]}”出现了 {len(places)} 次")
    return places[0] if places else None


def _plain(heading: str) -> str:
    """Drop what schools decorate headings with: spaces, stars for required fields, remarks in brackets."""
    bare = "".join(heading.split()).strip("*＊:：").lower()
    return bare.partition("(")[0].partition("（")[0].strip("*＊")


def _lines(rows: Iterator[Sequence[str]], columns: dict[str, int], *, first: int) -> Iterator[RosterLine]:
    for number, row in enumerate(rows, start=first):
        values = {name: row[place].strip() if place < len(row) else "" for name, place in columns.items()}
        if any(values.values()):
            yield RosterLine(number, values)


def _csv_rows(file: IO[str]) -> Iterator[Sequence[str]]:
    try:
        yield from csv.reader(file)
    except (csv.Error, UnicodeDecodeError) as fault:
        raise RosterUnreadable(
            "不是 CSV 文件，或编码既不是 UTF-8 也不是 GB 18030；请在 Excel 里另存为“CSV UTF-8”"
        ) from fault


def _encoding(path: Path) -> str:
    """Choose by decoding the beginning, a character cut in half at its end forgiven."""
    with path.open("rb") as file:
        start = file.read(_PROBE_BYTES)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(start)
        except UnicodeDecodeError:
            continue
        return encoding
    raise RosterUnreadable("编码既不是 UTF-8 也不是 GB 18030；请在 Excel 里另存为“CSV UTF-8”")


@contextmanager
def _sheet(path: Path) -> Iterator[tuple[Iterator[Sequence[str]], int | None]]:
    """Open the first sheet without holding it: openpyxl's read-only mode streams the XML."""
    import openpyxl  # type: ignore[import-untyped] # what we read of it is Any

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (KeyError, ValueError, OSError, zipfile.BadZipFile) as fault:
        raise RosterUnreadable("不是 XLSX 文件；旧的 XLS 请在 Excel 里另存为 XLSX") from fault
    try:
        sheet: Any = book.worksheets[0]
        expected = sheet.max_row if sheet.max_row and sheet.max_row < _MOST_ROWS else None
        sheet.reset_dimensions()  # what a file says of its own size is often wrong, and cuts columns off
        yield _cells(sheet), expected
    finally:
        book.close()


def _cells(sheet: Any) -> Iterator[Sequence[str]]:
    try:
        for row in sheet.iter_rows(values_only=True):
            yield [_text(cell) for cell in row]
    except (KeyError, ValueError, zipfile.BadZipFile) as fault:
        raise RosterUnreadable("XLSX 文件已损坏") from fault


def _text(cell: Any) -> str:
    """Answer what the cell shows. An ID number kept as a number has lost its last digits: its checksum will tell."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
