"""Whatever somebody typed stays text in the office's spreadsheet."""

import csv
import io
from contextlib import closing

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.adapters.spreadsheets import SpreadsheetFiles, harmless, write_xlsx

DANGEROUS = (
    "=cmd|' /C calc'!A0",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    " =1",
)


@pytest.mark.parametrize("typed", DANGEROUS)
def test_no_cell_is_a_formula(typed: str):
    """In neither format; the words themselves are still there behind the apostrophe."""
    sheets = SpreadsheetFiles()
    told = list(csv.reader(io.StringIO(sheets.csv(("姓名",), iter([(typed,)])).decode("utf-8-sig"), newline="")))
    book = openpyxl.load_workbook(io.BytesIO(sheets.xlsx(("姓名",), iter([(typed,)]), title="名单")))
    cell = book.active["A2"]

    assert told[1][0].startswith("'")
    assert told[1][0][1:] == typed
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


def test_what_is_harmless_is_left_alone():
    """Names, ID numbers and the times of decisions look as they are."""
    for plain in ("张示例", "430000200403120017", "2026-03-02 10:00:00", "a=b", ""):
        assert harmless(plain) == plain


@given(st.text())
def test_nothing_begins_as_a_formula_does(typed: str):
    """Whatever it is, with the blanks in front that a spreadsheet drops."""
    assert (
        not harmless(typed).lstrip(" \u3000").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    )


@given(st.text())
def test_every_text_can_be_kept_in_a_workbook(typed: str):
    """Control characters that XLSX forbids do not stop a whole export."""
    written = SpreadsheetFiles().xlsx(("备注",), iter([(typed,)]), title="名单")
    with closing(openpyxl.load_workbook(io.BytesIO(written))) as book:
        assert book.active["A1"].value == "备注"


def test_a_table_looks_as_it_was_asked_to():
    """The heading stays in sight, columns have their widths, white space and old line breaks are kept, order too."""
    file = io.BytesIO()
    rows = [("  张示例 ", "430000200403120017"), ('第一行\r\n<&>"二', ""), ("\ufffe\x00好", "x")]
    write_xlsx(file, ("姓名", "证件号"), rows, title="照片 & 清单", widths=(26, 12))

    with closing(openpyxl.load_workbook(file)) as book:
        sheet = book.active
        assert (sheet.title, sheet.freeze_panes) == ("照片 & 清单", "A2")
        assert [sheet.column_dimensions[letter].width for letter in "AB"] == [26, 12]
        assert list(sheet.iter_rows(values_only=True)) == [
            ("姓名", "证件号"),
            ("  张示例 ", "430000200403120017"),
            ('第一行\r\n<&>"二', None),
            ("好", "x"),
        ]
