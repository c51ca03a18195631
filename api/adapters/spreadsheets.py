"""Tables for Excel and WPS, in which nothing that somebody typed is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO

from api.adapters.workbook import write_workbook

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet begins a formula with, full-width forms and white space that it strips included (OWASP, CSV
Injection)."""

_ILLEGAL = dict.fromkeys({*range(32), 0xFFFE, 0xFFFF} - {9, 10, 13})
"""Characters that no XML, so no XLSX, may hold (XML 1.0, 2.2)."""


def harmless(cell: str) -> str:
    """Return the cell as a spreadsheet shows it and never runs it: behind an apostrophe where it would."""
    bare = cell.translate(_ILLEGAL)
    return f"'{bare}" if bare.startswith(_RUNS) or bare.lstrip(" \u3000").startswith(_RUNS) else bare


def write_csv(file: IO[str], heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table to a text file opened with `newline=""`."""
    writer = csv.writer(file)
    writer.writerow(heading)
    writer.writerows([harmless(cell) for cell in row] for row in rows)


def write_xlsx(
    file: IO[bytes], heading: Sequence[str], rows: Iterable[Sequence[str]], *, title: str, widths: Sequence[int] = ()
) -> None:
    """Write a table row by row to a binary file; every cell is text, so that no number loses digits."""
    told = ([harmless(cell) for cell in row] for row in rows)
    write_workbook(file, chain([heading], told), title=title, widths=widths)


class SpreadsheetFiles:
    """Whole tables as bytes."""

    def csv(self, heading: Sequence[str], rows: Iterator[Sequence[str]]) -> bytes:
        """Return a table as Excel opens it: with a mark for UTF-8."""
        text = io.StringIO(newline="")
        write_csv(text, heading, rows)
        return text.getvalue().encode("utf-8-sig")

    def xlsx(self, heading: Sequence[str], rows: Iterator[Sequence[str]], *, title: str) -> bytes:
        """Return a workbook with one sheet."""
        file = io.BytesIO()
        widths = [max(10, min(40, len(name) * 3)) for name in heading]
        write_xlsx(file, heading, rows, title=title, widths=widths)
        return file.getvalue()
