"""A roster file is read as schools really hand it over, line by line."""

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.adapters.roster_file import RosterUnreadable, open_roster
from api.domain.id_number import check_digit
from api.domain.roster import faults_of, person_of
from benchmarks.collection_roster import write_roster

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


@pytest.mark.parametrize("name", ["名单", "名单.csv", "名单.xls", "名单.XLSX.bak"])
def test_what_a_file_is_decides_and_not_what_it_is_called(tmp_path: Path, name: str):
    """A workbook that a phone or a mail program renamed, and text that calls itself a workbook."""
    [line] = read(sheet(tmp_path / name, HEADING, ROW))
    [again] = read(text(tmp_path / "名单.xlsx", HEADING, ROW))

    assert line.values == again.values
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    with pytest.raises(RosterUnreadable, match="旧的 XLS 文件"):
        read(tmp_path / name)


@pytest.mark.parametrize(
    "row",
    [
        ["合计", "", "", "", "", "", ""],
        ["", "合  计", "", "", "", "", "4"],
        ["总计：", "", "4", "", "", "", ""],
        ["", "合计人数", "", "4人", "", "", ""],
        ["", "", "", "软件学院", "2023", "软件技术", "小计"],
        ["", "", "", "", "", "1班 汇总", "共 4 人"],
        ["4", "Grand Total", "", "", "", "", ""],
        ["", "", "", "", "", "", "4", "总计"],
    ],
)
def test_a_line_that_sums_up_is_nobody(tmp_path: Path, row: list[str]):
    """合计, 总计, 小计, 共 4 人, in whatever column, one that we do not know included; the people stay people."""
    lines = read(sheet(tmp_path / "a.xlsx", [*HEADING, "备注"], ROW, row))

    assert [(line.number, line.total) for line in lines] == [(2, False), (3, True)]


@pytest.mark.parametrize(
    "row",
    [
        [*ROW, "合计"],
        ["S2", "合计", "", *ROW[3:]],
        ["", "总计", ROW[2], *ROW[3:]],
        ["", "合计明", "", "", "", "", ""],
        ["", "", "", "小计学院", "", "", ""],
        ["20230001", "小计", "", "", "", "", ""],
    ],
)
def test_who_has_a_number_is_a_person_whatever_else_the_line_says(tmp_path: Path, row: list[str]):
    """Nobody is lost in silence: with a number in it, or only part of the word, the line is read as a person's."""
    [line] = read(text(tmp_path / "a.csv", [*HEADING, "备注"], row))

    assert not line.total


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
        ["*学号", "考生姓名", "身份证号码【必填】", "系部", "当前年级", "专业（方向）", "行政班"],
        ["学 号 ", "姓　名", "公民身份号码", "院（系）", "年级*", "专业名称", "班 级"],
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
    """Kept as a number it lost its last digits: told so with what to do, even where the checksum happens to fit."""
    lucky = next(float(f"43000020000101{order:02d}0000"[:18]) for order in range(100) if fits(order))
    path = sheet(
        tmp_path / "a.xlsx",
        HEADING,
        ["S1", "赵示例", 4.3000020000101e17, "a", "b", "c", "d"],
        ["S2", "钱示例", lucky, "a", "b", "c", "d"],
    )

    for line in read(path):
        [fault] = faults_of(line)
        assert (fault.column, fault.message.partition("；")[0]) == ("身份证号", "Excel 把它存成了数字，后几位已经丢失")
        assert "请把这一列设为“文本”格式" in fault.message


def fits(order: int) -> bool:
    """Tell whether 430000 2000-01-01 with this place and three noughts happens to be a right number."""
    return check_digit(f"43000020000101{order:02d}0") == "0"


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("身份证号", "4.30124E+17", "后几位已经丢失"),
        ("学号", "2.02212E+11", "后几位已经丢失"),
        ("身份证号", "430000200001010000", "校验位不对，请核对；末三位是 000，多半是 Excel 按数字存的"),
        ("身份证号", "430000000101001", "不是 18 位身份证号，现在是 15 位"),
        ("身份证号", "43000020000230001X", "出生日期不存在"),
        ("班级", "1月2日", "Excel 把它变成了日期"),
        ("班级", "2024/1/2", "Excel 把它变成了日期"),
        ("班级", "2-Jan", "Excel 把它变成了日期"),
        ("年级", "2022年9月", "Excel 把它变成了日期"),
        ("院系", "#N/A", "Excel 的出错值"),
        ("专业", "\u200b \u3000", "不能为空"),
    ],
)
def test_what_a_spreadsheet_spoilt_is_told_by_line_and_column(tmp_path: Path, column: str, cell: str, told: str):
    """In Chinese, with what to do in Excel, and without repeating the number."""
    row = [cell if name == column else value for name, value in zip(HEADING, ROW, strict=True)]
    [line] = read(text(tmp_path / "a.csv", HEADING, row))
    [fault] = faults_of(line)

    assert (fault.line, fault.column) == (2, column)
    assert told in fault.message
    assert cell not in fault.message


def test_dates_that_excel_made_of_classes_are_told(tmp_path: Path):
    """“1-2” typed into a sheet becomes the second of January."""
    [line] = read(sheet(tmp_path / "a.xlsx", HEADING, [*ROW[:6], dt.date(2024, 1, 2)]))

    [fault] = faults_of(line)
    assert (fault.column, fault.message.partition("；")[0]) == ("班级", "Excel 把它变成了日期")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_nobody_typed_on_purpose_is_put_right(tmp_path: Path, encoding: str, mark: str):
    """Full-width digits, a small x, a name padded with a space, `="…"` around a number, an invisible mark, a tab."""
    row = [
        "２０２３０１",
        "赵　示",
        '="11010519491231002x"',
        "软件\u200b学院",
        "２０２３",
        "软件技术（３+２）",
        "\t'1班",
    ]
    heading = [mark + HEADING[0], *HEADING[1:]]
    [line] = read(text(tmp_path / "a.csv", heading, row, encoding=encoding))

    assert line.values == {
        "student_number": "202301",
        "name": "赵示",
        "id_number": "11010519491231002x",
        "college": "软件学院",
        "grade": "2023",
        "major": "软件技术（３+２）",
        "class_": "1班",
    }
    assert list(faults_of(line)) == []
    assert person_of(line).id_number == "11010519491231002X"


def test_names_of_several_words_keep_their_spaces(tmp_path: Path):
    """Only what stands between two Chinese characters is padding."""
    names = ["Anna Maria Lee", "阿依古丽·买买提", "欧阳 小 红", "𠮷 田"]
    lines = read(text(tmp_path / "a.csv", HEADING, *[[ROW[0], name, *ROW[2:]] for name in names]))

    assert [line.values["name"] for line in lines] == ["Anna Maria Lee", "阿依古丽·买买提", "欧阳小红", "𠮷田"]


def test_a_heading_of_two_lines_with_merged_cells(tmp_path: Path):
    """As 教务 systems print it: a title over everything, groups over columns, single ones over two lines."""
    book = openpyxl.Workbook()
    page = book.active
    for cells in (
        ["某学院2023级学生基本信息表"],
        ["序号", "学号", "姓名", "证件信息", None, "所在单位"],
        [None, None, None, "证件类型", "证件号码", "院（系）", "年级", "专业名称", "行政班"],
        [1, *ROW[:2], "居民身份证", *ROW[2:]],
    ):
        page.append(cells)
    for merged in ("A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:I2"):
        page.merge_cells(merged)
    book.save(tmp_path / "a.xlsx")
    book.close()
    with open_roster(tmp_path / "a.xlsx") as opened:
        [line] = opened.lines

        assert line.number == 4
        assert list(line.values.values()) == [ROW[1], ROW[2], ROW[0], *ROW[3:]]
        assert opened.headings["college"] == "院（系）"


def test_sixty_columns_with_several_that_could_be_meant(tmp_path: Path):
    """An export of a whole record: of 学号 and 学籍号, 学院 and 系部 the first we know counts."""
    extra = [f"备用{number}" for number in range(51)]
    heading = ["学籍号", *HEADING[:3], "学院", "系部", *HEADING[4:], *extra]
    row = ["X9", *ROW[:3], "软件学院", "软件系", *ROW[4:], *extra]
    assert len(heading) == 60
    [line] = read(sheet(tmp_path / "a.xlsx", heading, row))

    assert (line.values["student_number"], line.values["college"]) == ("S1", "软件学院")


def test_hidden_sheets_and_instructions_are_looked_past_but_two_rosters_are_refused(tmp_path: Path):
    """The roster is the visible sheet with the heading; with two nobody would be imported by half."""
    book = openpyxl.Workbook()
    book.active.append(["填写说明：请勿改动表头"])
    for title, state in (("旧名单", "hidden"), ("名单", "visible")):
        page = book.create_sheet(title)
        page.sheet_state = state
        page.append(HEADING)
        page.append([title, *ROW[1:]])
    book.save(tmp_path / "a.xlsx")
    [line] = read(tmp_path / "a.xlsx")
    book["旧名单"].sheet_state = "visible"
    book.save(tmp_path / "b.xlsx")
    book.close()

    assert line.values["student_number"] == "名单"
    with pytest.raises(RosterUnreadable, match="有 2 张工作表都像名单（旧名单、名单）"):
        read(tmp_path / "b.xlsx")


def test_blank_rows_keep_the_numbers_that_excel_shows(tmp_path: Path):
    """Gaps of every kind, and the fault is told where a person finds it."""
    rows = [[*ROW], [None] * 7, ["", " ", None], [*ROW[:2], "1", *ROW[3:]]]
    lines = read(sheet(tmp_path / "a.xlsx", HEADING, *rows))

    assert [line.number for line in lines] == [2, 5]
    assert [(fault.line, fault.column) for fault in faults_of(lines[1])] == [(5, "身份证号")]


@pytest.mark.parametrize(
    ("start", "why"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧的 XLS 文件，或加了密码的 XLSX"),
        ("<html><table><tr><td>姓名</td></tr></table>".encode("gb18030"), "这其实是网页"),
    ],
)
def test_what_only_looks_like_a_table_is_told_for_what_it_is(tmp_path: Path, start: bytes, why: str):
    """School systems hand out old XLS files and web pages that are called .xls."""
    path = tmp_path / "a.xls"
    path.write_bytes(start)

    with pytest.raises(RosterUnreadable, match=why):
        read(path)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_a_workbook_that_is_broken_inside_is_told_and_not_half_read(tmp_path: Path, part: str):
    """Cut in the middle of any of its parts; so is one that unfolds without end, as an entity."""
    whole = tmp_path / "a.xlsx"
    write_roster(whole, 50)
    assert len(read(whole)) == 50
    entities = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 20}'>" for n in range(1, 12))
    bomb = f"<!DOCTYPE a [<!ENTITY e0 'bbbbbbbbbb'>{entities}]><a>&e11;</a>".encode()
    for name, change in (("cut", lambda text: text[: len(text) // 2]), ("bomb", lambda _: bomb)):
        broken = tmp_path / f"{name}.xlsx"
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(broken, "w") as new:
            for one in old.namelist():
                new.writestr(one, change(old.read(one)) if one == part else old.read(one))
        with pytest.raises(RosterUnreadable):
            read(broken)


@pytest.mark.parametrize("between", ["\t", ";"])
def test_other_things_between_cells(tmp_path: Path, between: str):
    """“Unicode text” of Excel has tabs, some regions write semicolons."""
    [line] = read(text(tmp_path / "a.txt", HEADING, ROW, encoding="utf-16", between=between))

    assert line.values["class_"] == "1班"


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
