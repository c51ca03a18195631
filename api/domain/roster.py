"""A roster as schools hand it over: a line of a file, what may be wrong with it, and what came of an import."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from api.domain.errors import IdNumberInvalid
from api.domain.id_number import normalise_id_number
from api.domain.identity import RosterRow

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "学生姓名", "name"),
    "id_number": ("身份证号", "身份证号码", "身份证件号", "身份证件号码", "证件号码", "证件号", "身份证", "id_number"),
    "student_number": ("学号", "学生学号", "学籍号", "student_number"),
    "college": ("院系", "学院", "系部", "二级学院", "院系名称", "学院名称", "所在学院", "college"),
    "grade": ("年级", "所在年级", "入学年份", "当前所在级", "grade"),
    "major": ("专业", "专业名称", "所学专业", "major"),
    "class_": ("班级", "班级名称", "行政班", "行政班级", "所在班级", "class"),
}
"""What each field is called in files, the name we tell people first."""

LONGEST: Mapping[str, int] = {
    "name": 50,
    "id_number": 18,
    "student_number": 40,
    "college": 100,
    "grade": 20,
    "major": 100,
    "class_": 100,
}

_REASONS = {
    "format": "不是 18 位身份证号",
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
    """One line as it stands in the file; `number` is the file's own, the heading being line 1."""

    number: int
    values: Mapping[str, str] = field(repr=False)


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

    `kept` are people missing from the file who stay, because they proved who they are or have submitted.
    """

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0
    faults: tuple[RosterFault, ...] = ()


def column_name(name: str) -> str:
    """Return the Chinese name people know a field by."""
    return COLUMNS[name][0]


def faults_of(line: RosterLine) -> Iterator[RosterFault]:
    """Name everything that is wrong with a line by itself."""
    for name, longest in LONGEST.items():
        value = line.values.get(name, "")
        if not value:
            yield RosterFault(line.number, column_name(name), "不能为空")
        elif name != "id_number" and len(value) > longest:
            yield RosterFault(line.number, column_name(name), f"太长了，最多 {longest} 个字")
    number = line.values.get("id_number", "")
    try:
        normalise_id_number(number)
    except IdNumberInvalid as fault:
        if number:
            yield RosterFault(line.number, column_name("id_number"), _REASONS[str(fault.facts["reason"])])


def person_of(line: RosterLine) -> Person:
    """Return the person of a line without faults."""
    values = {name: line.values[name] for name in COLUMNS}
    return Person(**{**values, "id_number": normalise_id_number(values["id_number"])})
