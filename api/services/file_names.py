"""What a photo's file is called: the spec's pattern, filled from the roster."""

import re

from api.domain.identity import RosterRow
from api.domain.photo import Photo
from api.domain.repositories import UnitOfWork

_FIELD = re.compile(r"\{(\w+)\}")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def file_name(pattern: str, photo: Photo, row: RosterRow | None) -> str:
    """Fill the pattern; without a roster row, or with a field it lacks, name the file by spec and photo."""
    fields = {} if row is None else _fields(row)
    wanted = _FIELD.findall(pattern)
    if not all(fields.get(name) for name in wanted):
        return f"{photo.spec}-{photo.id}.jpg"
    return _UNSAFE.sub("_", _FIELD.sub(lambda match: fields[match.group(1)], pattern))


def row_of(uow: UnitOfWork, photo: Photo) -> RosterRow | None:
    """Return the person a photo shows: the row of its campaign, or any the student is bound to."""
    rows = uow.roster.of_student(photo.student_id)
    return next((row for row in rows if row.campaign_id == photo.campaign_id), rows[0] if rows else None)


def _fields(row: RosterRow) -> dict[str, str]:
    return {
        "id_number": row.id_number,
        "student_number": row.student_number,
        "name": row.name,
        "college": row.college,
        "grade": row.grade,
        "major": row.major,
        "class": row.class_,
    }
