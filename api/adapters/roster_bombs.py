"""Refuse a workbook that would unfold into more than a machine holds, before anything of it is read.

A part of an XLSX is read row by row (a sheet) or text by text (the table of texts), or else as a whole. What costs
memory is therefore not the file's size alone, but how much lies between two rows: `<c/>` a hundred million times in
one row is a file of 400 KB and would be 20 GB of cells.
"""

import re
from typing import IO
from zipfile import ZipFile

from api.adapters.roster_heading import RosterUnreadable

MOST_BYTES = 400_000_000
"""What an XLSX may unfold to: a school's largest roster with sixty columns is a fifth of it."""

MOST_BETWEEN = 4_000_000
"""Bytes between two rows or two texts, and of a part that has neither; a row of sixty full cells has 20,000."""

MOST_MARKS = 5_000_000
"""Beginnings and ends of rows or texts: a sheet has 1,048,576 rows at most, a table of texts one for each cell."""

_MARK = re.compile(rb"<(?:/)?(?:\w{1,20}:)?(?:row|si)[\s>/]")
_CHUNK, _CUT = 1 << 20, 32


def refuse_bombs(file: IO[bytes]) -> None:
    """Raise RosterUnreadable for a workbook that unfolds without measure; BadZipFile where it is none."""
    with ZipFile(file) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MOST_BYTES:
            raise RosterUnreadable("文件展开后太大；请只保留名单所在的工作表")
        for part in parts:
            if part.file_size > MOST_BETWEEN:
                with archive.open(part) as opened:
                    _measure(opened)


def _measure(part: IO[bytes]) -> None:
    """Read a part through, a megabyte at a time. A mark that is cut in two is found with the next piece."""
    at, last, marks, kept = 0, 0, 0, b""
    while piece := part.read(_CHUNK):
        begins, text = at - len(kept), kept + piece
        for found in _MARK.finditer(text):
            _refuse_gap(begins + found.start() - last)
            last, marks = begins + found.start(), marks + 1
        at, kept = at + len(piece), text[-_CUT:]
        _refuse_gap(at - last)
        if marks > MOST_MARKS:
            raise RosterUnreadable("文件里的行太多；请只保留名单所在的工作表")


def _refuse_gap(size: int) -> None:
    if size > MOST_BETWEEN:
        raise RosterUnreadable("文件里有一行或一个部分太大，不像名单；请把名单复制到新的工作簿再上传")
