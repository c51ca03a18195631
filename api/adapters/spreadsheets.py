"""Tables for Excel and WPS, in which nothing that somebody typed is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet begins a formula with, full-width forms and white space that it strips included (OWASP, CSV
Injection)."""

_ILLEGAL = {code: None for code in range(32) if code not in {9, 10, 13}}
"""Control characters that no XLSX may hold."""


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
    file: Any, heading: Sequence[str], rows: Iterable[Sequence[str]], *, title: str, widths: Sequence[int] = ()
) -> None:
    """Write a table row by row to a path or a binary file; every cell is text, so that no number loses digits."""
    from openpyxl import Workbook  # type: ignore[import-untyped] # our use of it is three calls
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped] # as above

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.append(list(heading))
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    book.save(file)


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
