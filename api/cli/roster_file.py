"""Read a roster as schools hand it over: a CSV file, with Chinese or English columns, in UTF-8 or GB 18030."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from api.domain.errors import IdNumberInvalid
from api.domain.id_number import normalise_id_number
from api.services.roster import Person

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "姓名"),
    "id_number": ("id_number", "身份证号", "身份证号码", "证件号码"),
    "student_number": ("student_number", "学号"),
    "college": ("college", "院系", "学院"),
    "grade": ("grade", "年级"),
    "major": ("major", "专业"),
    "class_": ("class", "班级"),
}
_SHOWN_FAULTS = 10


class RosterFault(Exception):
    """The file cannot be imported. The text names lines and columns, never a person or a number."""


def read_people(content: bytes) -> list[Person]:
    """Answer everyone in the file. Raises RosterFault with every faulty line, up to ten."""
    reader = csv.DictReader(io.StringIO(_decoded(content), newline=""))
    try:
        columns = _columns(reader.fieldnames or [])
        rows = [{field: (row[name] or "").strip() for field, name in columns.items()} for row in reader]
    except csv.Error as fault:
        raise RosterFault(f"not a CSV file: {fault}") from fault
    faults = list(_faults(rows))
    if faults:
        more = f"; and {len(faults) - _SHOWN_FAULTS} more" if len(faults) > _SHOWN_FAULTS else ""
        raise RosterFault("; ".join(faults[:_SHOWN_FAULTS]) + more)
    return [Person(**row) for row in rows]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RosterFault("neither UTF-8 nor GB 18030; save it as CSV UTF-8")


def _columns(given: Sequence[str]) -> dict[str, str]:
    """Find the file's own name of each field."""
    names = {name.strip(): name for name in given if name}
    found = {field: next((names[name] for name in known if name in names), None) for field, known in _COLUMNS.items()}
    missing = ["/".join(_COLUMNS[field][:2]) for field, name in found.items() if name is None]
    if missing:
        raise RosterFault(f"columns are missing: {', '.join(missing)}")
    return {field: name for field, name in found.items() if name is not None}


def _faults(rows: list[dict[str, str]]) -> Iterator[str]:
    """Name each faulty line; the first line of people is line 2, below the columns."""
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, start=2):
        if not row["name"]:
            yield f"line {line}: no name"
        try:
            number = normalise_id_number(row["id_number"])
        except IdNumberInvalid as fault:
            yield f"line {line}: ID number ({fault.facts.get('reason', 'invalid')})"
            continue
        if number in seen:
            yield f"line {line}: the same ID number as line {seen[number]}"
        seen.setdefault(number, line)
