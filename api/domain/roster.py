"""A roster as schools hand it over: a line of a file, what may be wrong with it, and what came of an import."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from api.domain.errors import IdNumberInvalid
from api.domain.id_number import normalise_id_number
from api.domain.identity import RosterRow
from api.domain.roster_cells import rounded, spoilt

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "学生姓名", "考生姓名", "名字", "name"),
    "id_number": (
        "身份证号", "身份证号码", "身份证件号", "身份证件号码", "公民身份号码", "居民身份证号", "居民身份证号码",
        "证件号码", "证件号", "身份证", "id_number",
    ),
    "student_number": ("学号", "学生学号", "学生编号", "学籍号", "student_number"),
    "college": (
        "院系", "学院", "系部", "二级学院", "院系名称", "学院名称", "系部名称", "系名称", "系别", "所在学院",
        "所在院系", "所属学院", "所属院系", "院部", "院系部", "学院系部", "系", "college",
    ),
    "grade": ("年级", "所在年级", "当前年级", "入学年份", "入学年级", "当前所在级", "所在级", "grade"),
    "major": ("专业", "专业名称", "所学专业", "所在专业", "校内专业名称", "专业方向", "major"),
    "class_": (
        "班级", "班级名称", "行政班", "行政班级", "行政班级名称", "所在班级", "所属班级", "所在班", "班号", "班",
        "class",
    ),
}  # fmt: skip
"""What each field is called in files, the name we tell people first. Of several in one file the first counts."""

LONGEST: Mapping[str, int] = {
    "name": 50,
    "id_number": 18,
    "student_number": 40,
    "college": 100,
    "grade": 20,
    "major": 100,
    "class_": 100,
}

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, half characters, and marks that make text run backwards: on the screen a name with
one looks like another. Rare characters of private areas stay: names are written with them."""

_REASONS = {
    "format": "不是 18 位身份证号，现在是 {length} 位",
    "birth_date": "出生日期不存在",
    "check_digit": "校验位不对，请核对",
}


@dataclass(frozen=True, slots=True)
class Person:
    """One line of a roster, checked: the ID number in its written form, no stray spaces."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    student_number: str = field(repr=False)
    college: str
    grade: str
    major: str
    class_: str


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One line as it stands in the file; `number` is the file's own, the heading being line 1.

    `total` is a line that sums others up (合计) and is nobody's.
    """

    number: int
    values: Mapping[str, str] = field(repr=False)
    total: bool = False


@dataclass(frozen=True, slots=True)
class RosterFault:
    """What is wrong, by line and column, in Chinese. It never repeats a name or a number."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class StagedRow:
    """A person on the way into a roster. `row` carries the id it has or will have."""

    line: int
    row: RosterRow
    known: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What an import did, or would do. With a fault nothing is done.

    `kept` are people missing from the file who stay, because they proved who they are or have submitted. `totals` are
    lines that were passed over because they sum others up.
    """

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0
    faults: tuple[RosterFault, ...] = ()
    totals: tuple[int, ...] = ()


def column_name(name: str) -> str:
    """Return the Chinese name people know a field by."""
    return COLUMNS[name][0]


def faults_of(line: RosterLine) -> Iterator[RosterFault]:
    """Name everything that is wrong with a line by itself."""
    for name, longest in LONGEST.items():
        message = _fault(name, line.values.get(name, ""), longest)
        if message is not None:
            yield RosterFault(line.number, column_name(name), message)


def _fault(name: str, value: str, longest: int) -> str | None:
    if not value:
        return "不能为空"
    if damage := spoilt(value):
        return damage
    if _UNSEEN.search(value):
        return "含有看不见的控制字符，请删去这一格后重新手工输入"
    if name == "id_number":
        return _fault_of_number(value)
    return f"太长了，最多 {longest} 个字" if len(value) > longest else None


def _fault_of_number(value: str) -> str | None:
    try:
        normalise_id_number(value)
    except IdNumberInvalid as fault:
        bare = "".join(value.split())
        told = _REASONS[str(fault.facts["reason"])].format(length=len(bare))
        return f"{told}；末三位是 000，多半是 Excel 按数字存的，请设为“文本”格式再重新填写" if rounded(bare) else told
    return None


def person_of(line: RosterLine) -> Person:
    """Return the person of a line without faults."""
    values = {name: line.values[name] for name in COLUMNS}
    return Person(**{**values, "id_number": normalise_id_number(values["id_number"])})
