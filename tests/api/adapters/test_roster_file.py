"""A roster file is read as schools really hand it over, line by line."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.adapters.roster_file import RosterUnreadable, open_roster
from api.domain.roster import faults_of

HEADING = ["学号", "姓名", "身份证号", "院系", "年级", "专业", "班级"]
ROW = ["S1", "赵示例", "11010519491231002X", "软件学院", "2023", "软件技术", "1班"]


def read(path: Path):
    with open_roster(path) as opened:
        return list(opened.lines)


def sheet(path: Path, *rows: list) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    book.close()
    return path


def text(path: Path, *rows: list[str], encoding: str = "utf-8", between: str = ",") -> Path:
    path.write_bytes("\r\n".join(between.join(row) for row in rows).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_file_in_every_encoding_excel_writes(tmp_path: Path, encoding: str):
    """The same person comes out of all of them, characters outside GBK included."""
    [line] = read(text(tmp_path / "a.csv", HEADING, [*ROW[:1], "赵𠮷", *ROW[2:]], encoding=encoding))

    assert (line.number, line.values["name"], line.values["class_"]) == (2, "赵𠮷", "1班")


def test_a_character_cut_by_the_probe_is_no_fault(tmp_path: Path):
    """The encoding is told from the beginning; a megabyte may end in the middle of a name."""
    rows = [[*ROW[:3], "院" * 40, *ROW[4:]]] * 9000
    assert len(read(text(tmp_path / "a.csv", HEADING, *rows))) == 9000


@pytest.mark.parametrize(
    "heading",
    [
        ["学 号*", "学生姓名", "身份证件号（18位）", "学院名称", "入学年份", "专业名称", "行政班级"],
        ["student_number", "name", "id_number", "college", "grade", "major", "class"],
        ["学籍号", "姓名：", "证件号码(必填)", "二级学院", "所在年级", "所学专业", "所在班级"],
    ],
)
def test_headings_go_by_many_names(tmp_path: Path, heading: list[str]):
    """Stars, brackets, spaces and the names that other systems use."""
    [line] = read(text(tmp_path / "a.csv", heading, ROW))

    assert line.values == dict(
        zip(["student_number", "name", "id_number", "college", "grade", "major", "class_"], ROW, strict=True)
    )


def test_a_sheet_with_a_title_gaps_and_numbers(tmp_path: Path):
    """A title line, a column we do not know, an empty line, a year that Excel keeps as a number."""
    path = sheet(
        tmp_path / "a.xlsx",
        ["2023级学生名单"],
        [*HEADING, "备注"],
        ["S1", " 赵示例 ", "11010519491231002X", "软件学院", 2023, "软件技术", "1班", "走读"],
        [None] * 8,
        [2023001, "钱示例", "430000200001010013", "软件学院", 2023.0, "软件技术", "1班"],
    )
    first, second = read(path)

    assert (first.number, first.values["name"], first.values["grade"]) == (3, "赵示例", "2023")
    assert (second.number, second.values["student_number"], second.values["grade"]) == (5, "2023001", "2023")


def test_an_id_number_that_excel_rounded_is_seen_as_wrong(tmp_path: Path):
    """Kept as a number it lost its last digits: what is read is no ID number, and the checksum tells."""
    path = sheet(tmp_path / "a.xlsx", HEADING, ["S1", "赵示例", 4.3000020000101e17, "a", "b", "c", "d"])
    [line] = read(path)

    assert [(fault.column, fault.message) for fault in faults_of(line)] == [("身份证号", "出生日期不存在")]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([["姓名", "学号"]], "缺少：身份证号、院系、年级、专业、班级"),
        ([[]], "找不到表头"),
        ([[*HEADING, "姓名"]], "“姓名”出现了 2 次"),
    ],
)
def test_a_heading_that_lacks_or_doubles_a_column_is_told(tmp_path: Path, rows: list, why: str):
    """By name, so that it can be put right."""
    with pytest.raises(RosterUnreadable, match=why):
        read(sheet(tmp_path / "a.xlsx", *rows))


def test_what_is_no_roster_is_refused(tmp_path: Path):
    """A picture, another ZIP, a sheet cut in half."""
    picture = tmp_path / "a.csv"
    picture.write_bytes(b"\xff\xd8\xff\xe0" * 1000)
    other = tmp_path / "b.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("hello.txt", "hello")
    for path in (picture, other):
        with pytest.raises(RosterUnreadable):
            read(path)


@given(rows=st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), max_size=9), max_size=6))
def test_no_table_of_words_crashes_the_reader(tmp_path_factory, rows: list[list[str]]):
    """Whatever stands in the cells, the reader gives lines or says why not."""
    import csv
    import io

    buffer = io.StringIO()
    csv.writer(buffer).writerows([HEADING, *rows])
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(buffer.getvalue().encode())

    lines = read(path)

    assert all(set(line.values) == {"name", "id_number", "student_number", "college", "grade", "major", "class_"}
               for line in lines)  # fmt: skip
    assert len(lines) <= len(rows)
