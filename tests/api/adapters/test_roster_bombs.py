"""A small file that would unfold into gigabytes is refused before it is read."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from api.adapters.roster_bombs import MOST_BETWEEN, refuse_bombs
from api.adapters.roster_heading import RosterUnreadable


def packed(**parts: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


@pytest.mark.parametrize(
    "content",
    [
        b"<sheetData><row>" + b"<c/>" * 1_100_000 + b"</row></sheetData>",
        b"<styleSheet>" + b"<x/>" * 1_100_000 + b"</styleSheet>",
        b"<sst><si>" + b"<r/>" * 1_100_000 + b"</si></sst>",
        b"<sheetData>" + b"<row/>" * 5_100_000 + b"</sheetData>",
    ],
    ids=["cells in one row", "a part without rows", "runs in one text", "rows without end"],
)
def test_a_few_kilobytes_that_unfold_without_measure_are_refused(content: bytes):
    """Whatever repeats: the sentence says what to do."""
    file = packed(part=content)

    assert len(file.getvalue()) < 100_000
    with pytest.raises(RosterUnreadable, match="请"):
        refuse_bombs(file)


def test_a_declared_size_is_not_exceeded_by_what_is_read():
    """Five gigabytes are told by the directory alone: nothing is unfolded to find out."""
    file = packed(part=b"x")
    raw = bytearray(file.getvalue())
    place = raw.rindex(b"PK\x01\x02")
    raw[place + 24 : place + 28] = (4_000_000_000).to_bytes(4, "little")

    with pytest.raises(RosterUnreadable, match="展开后太大"):
        refuse_bombs(io.BytesIO(bytes(raw)))


def test_a_wide_roster_of_ten_thousand_is_no_bomb():
    """Twenty columns, several megabytes unfolded, with rows all along."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    for number in range(10_000):
        sheet.append([f"第{number}行第{place}列" for place in range(20)])
    file = io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as archive:
        assert max(part.file_size for part in archive.infolist()) > MOST_BETWEEN

    refuse_bombs(file)


@pytest.mark.parametrize("at", [(1 << 20) - 3, (1 << 20) - 1, 1 << 20])
def test_a_row_is_found_where_two_pieces_meet(at: int):
    """Its tag may be cut in two anywhere."""
    every = b"<row>" + b" " * (MOST_BETWEEN - 100) + b"</row>"
    refuse_bombs(packed(part=b" " * (at % MOST_BETWEEN) + every * 2))
