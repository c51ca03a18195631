"""学籍信息有误: what a student says is wrong in the school's own record, collected for the office."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

MOST_OPEN = 5
"""How many reports of one student may wait at a time, in one campaign."""


class RecordField(StrEnum):
    """The part of the roster row that is wrong."""

    NAME = "name"
    ID_NUMBER = "id_number"
    STUDENT_NUMBER = "student_number"
    COLLEGE = "college"
    GRADE = "grade"
    MAJOR = "major"
    CLASS = "class"
    MISSING = "missing"
    OTHER = "other"


FIELD_NAMES: dict[RecordField, str] = {
    RecordField.NAME: "姓名",
    RecordField.ID_NUMBER: "身份证号",
    RecordField.STUDENT_NUMBER: "学号",
    RecordField.COLLEGE: "院系",
    RecordField.GRADE: "年级",
    RecordField.MAJOR: "专业",
    RecordField.CLASS: "班级",
    RecordField.MISSING: "名单里没有我",
    RecordField.OTHER: "其他",
}


@dataclass(frozen=True, slots=True)
class RecordError:
    """One report. `roster_row_id` is None where the student could not be bound to a row: that may be the very error."""

    id: str
    campaign_id: str
    student_id: str
    roster_row_id: str | None
    about: RecordField
    message: str = field(repr=False)
    created_at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    answer: str | None = None

    @property
    def open(self) -> bool:
        return self.settled_at is None


def settled(report: RecordError, *, by: str, now: datetime, answer: str) -> RecordError:
    """Return the report as dealt with; `answer` is what the student reads."""
    return replace(report, settled_at=now, settled_by=by, answer=answer)
