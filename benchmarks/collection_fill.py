"""Fill a house with approved photos without rendering any: what an export has before it after a campaign."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from api.bootstrap import House
from api.domain.blob import BlobKind, BlobRow
from api.domain.identity import Channel, RosterRow, Student
from api.domain.ids import new_id
from api.domain.photo import Photo, PhotoState
from api.domain.repositories import UnitOfWork
from api.domain.submission import Submission, SubmissionState, approved
from api.services.guards import find_campaign

CAMPAIGN = "hunan-pretco"
_PART = 200
_WRITERS = 32
"""Threads that write files: each waits for the disk, not for the processor."""

_BODY = bytes(range(256)) * 117


def made_photo(student_number: str) -> bytes:
    """Return 30 kB that are no picture, other bytes for each person."""
    return b"\xff\xd8" + student_number.encode() + _BODY + b"\xff\xd9"


def fill(house: House, *, up_to: int) -> None:
    """See that the first `up_to` people of the roster have a login, a photo and an approval; then close the house."""
    with house.parts.database.read() as uow:
        campaign = find_campaign(uow, CAMPAIGN).id
    after: str | None = None
    left = up_to
    with ThreadPoolExecutor(_WRITERS) as writers:
        while left > 0:
            with house.parts.database.write() as uow:
                rows = uow.roster.page(campaign, after_id=after, limit=min(_PART, left))
                photos = [_approve(house, uow, row) for row in rows if row.student_id is None]
                list(writers.map(lambda pair: house.parts.blobs.put(*pair), photos))
                uow.commit()
            if not rows:
                break
            after, left = rows[-1].id, left - len(rows)
    house.close()


def _approve(house: House, uow: UnitOfWork, row: RosterRow) -> tuple[str, bytes]:
    """Bring one person to an approval; return the file that is still to be written."""
    now, jpeg = house.clock.now(), made_photo(row.student_number)
    student = Student(id=new_id("st", now=now), channel=Channel.DEVELOPER, subject=row.id, created_at=now)
    uow.students.add(student)
    uow.roster.bind(row.id, student_id=student.id, now=now)
    photo = _photo(student, row, jpeg)
    key = f"image/{photo.id}"
    uow.photos.add(photo)
    uow.blobs.add(BlobRow(key, student.id, photo.id, BlobKind.IMAGE, len(jpeg), now, now + timedelta(99)))
    submission = Submission(
        id=new_id("sb", now=now),
        student_id=student.id,
        campaign_id=row.campaign_id,
        roster_row_id=row.id,
        photo_id=photo.id,
        state=SubmissionState.SUBMITTED,
        profile={},
        created_at=now,
    )
    uow.submissions.add(submission)
    uow.submissions.swap(approved(submission, by="benchmark", now=now), state=SubmissionState.SUBMITTED)
    return key, jpeg


def _photo(student: Student, row: RosterRow, jpeg: bytes) -> Photo:
    photo = Photo(
        id=new_id("ph", now=student.created_at),
        student_id=student.id,
        spec=CAMPAIGN,
        campaign_id=row.campaign_id,
        state=PhotoState.READY,
        created_at=student.created_at,
        due_at=student.created_at,
        selfie_key="none",
        selfie_sha256="",
    )
    digest = hashlib.sha256(jpeg).hexdigest()
    return replace(photo, image_key=f"image/{photo.id}", image_sha256=digest, image_bytes=len(jpeg))
