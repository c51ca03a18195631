"""Read a roster as schools hand it over: XLSX or CSV, Chinese or English headings, UTF-8 or GB 18030, line by line."""

import codecs
import csv
import datetime as dt
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from api.adapters.roster_bombs import refuse_bombs
from api.adapters.roster_heading import WITHIN, Heading, RosterUnreadable, find_heading
from api.adapters.roster_strings import open_book
from api.domain.roster import RosterLine
from api.domain.roster_cells import tidied
from api.domain.roster_totals import is_total

__all__ = ["RosterFile", "RosterUnreadable", "open_roster"]

_PROBE_BYTES = 1 << 20
_MOST_ROWS = 1_048_576
_EXACT_BELOW = 10**15
"""Excel keeps fifteen digits of a number; what is longer has been rounded."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS_XLSX = "请用 Excel 打开，另存为 XLSX"


@dataclass(frozen=True, slots=True)
class RosterFile:
    """An opened file: how many lines of people to expect (None: unknown), and the lines, to be read once.

    `headings` are the file's own names of the fields.
    """

    expected: int | None
    lines: Iterator[RosterLine]
    headings: Mapping[str, str]


@contextmanager
def open_roster(path: Path) -> Iterator[RosterFile]:
    """Open a roster and find its heading. Raises RosterUnreadable, also while lines are read."""
    if zipfile.is_zipfile(path):
        with _sheet(path) as (rows, expected):
            yield _roster(rows, expected)
    else:
        encoding = _encoding(path)
        with path.open("r", encoding=encoding, newline="") as file:
            yield _roster(_csv_rows(file, _between(path, encoding)), None)


def _roster(rows: Iterator[Sequence[str]], expected: int | None) -> RosterFile:
    heading = find_heading(rows)
    left = None if expected is None else max(0, expected - heading.line)
    return RosterFile(expected=left, lines=_lines(rows, heading), headings=heading.names)


def _lines(rows: Iterator[Sequence[str]], heading: Heading) -> Iterator[RosterLine]:
    for number, row in enumerate(rows, start=heading.line + 1):
        values = {name: tidied(name, row[place]) if place < len(row) else "" for name, place in heading.columns.items()}
        if any(values.values()):
            yield RosterLine(number, values, total=is_total(row, values))


def _csv_rows(file: IO[str], between: str) -> Iterator[Sequence[str]]:
    try:
        yield from csv.reader(file, delimiter=between)
    except (csv.Error, UnicodeError) as fault:
        raise RosterUnreadable(
            "不是 CSV 文件，或编码既不是 UTF-8 也不是 GB 18030；请在 Excel 里另存为“CSV UTF-8”"
        ) from fault


def _between(path: Path, encoding: str) -> str:
    """Return what stands between cells: a comma, or what Excel puts there for “Unicode text” and some regions."""
    with path.open("r", encoding=encoding, errors="replace", newline="") as file:
        start = "".join(islice(file, WITHIN))
    return max(",\t;", key=start.count)


def _encoding(path: Path) -> str:
    """Choose by decoding the beginning, a character cut in half at its end forgiven."""
    with path.open("rb") as file:
        start = file.read(_PROBE_BYTES)
    if start.startswith(_OLE):
        raise RosterUnreadable(f"这是旧的 XLS 文件，或加了密码的 XLSX；{_SAVE_AS_XLSX}，不要设密码")
    if start.lstrip()[:200].lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")):
        raise RosterUnreadable(f"这其实是网页，不是表格文件；{_SAVE_AS_XLSX}")
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
    """Open the sheet that holds the roster without holding it: openpyxl's read-only mode streams the XML."""
    with path.open("rb") as file:
        try:
            refuse_bombs(file)
            book = open_book(file)
        except (KeyError, ValueError, OSError, SyntaxError, zipfile.BadZipFile) as fault:  # SyntaxError: the XML's
            raise RosterUnreadable(f"不是 XLSX 文件，或已损坏；{_SAVE_AS_XLSX}") from fault
        sheets = [one for one in book.worksheets if one.sheet_state == "visible"]
        rows = {one.title: one.max_row for one in sheets}
        for one in sheets:
            one.reset_dimensions()  # what a file says of its own size is often wrong, and cuts columns off
        sheet = _chosen(sheets)
        expected = rows[sheet.title]
        yield _cells(sheet), expected if expected and expected < _MOST_ROWS else None


def _chosen(sheets: Sequence[Any]) -> Any:
    """Return the visible sheet with the heading: instructions may lie before it, but two rosters are one too many."""
    if len(sheets) <= 1:
        return next(iter(sheets), None) or _no_sheet()
    found = [sheet for sheet in sheets if _has_heading(sheet)]
    if len(found) > 1:
        names = "、".join(sheet.title for sheet in found)
        raise RosterUnreadable(f"有 {len(found)} 张工作表都像名单（{names}）；请合并到一张，或隐藏其余的")
    return found[0] if found else sheets[0]


def _no_sheet() -> Any:
    raise RosterUnreadable("文件里没有可见的工作表")


def _has_heading(sheet: Any) -> bool:
    try:
        find_heading(islice(_cells(sheet), WITHIN))
    except RosterUnreadable:
        return False
    return True


def _cells(sheet: Any) -> Iterator[Sequence[str]]:
    try:
        for row in sheet.iter_rows(values_only=True):
            yield [_text(cell) for cell in row]
    except (KeyError, ValueError, IndexError, SyntaxError, zipfile.BadZipFile) as fault:
        raise RosterUnreadable("XLSX 文件已损坏") from fault


def _text(cell: Any) -> str:
    """Answer what the cell shows; a number that Excel rounded is written so that it can be told."""
    if cell is None:
        return ""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT_BELOW:
        return f"{cell:.5E}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date):
        return f"{cell:%Y-%m-%d}"
    return str(cell)
