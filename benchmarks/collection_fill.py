"""Fill a house with approved photos without rendering any: what an export has before it after a campaign."""

import hashlib
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

_PART = 200


def fill(house: House, photos: int, *, jpeg: bytes) -> None:
    """Give each of the first `photos` people of the roster a login, a photo and an approval."""
    with house.parts.database.read() as uow:
        campaign = find_campaign(uow, "hunan-pretco").id
    after: str | None = None
    left = photos
    while left > 0:
        with house.parts.database.write() as uow:
            rows = uow.roster.page(campaign, after_id=after, limit=min(_PART, left))
            for row in rows:
                _approve(house, uow, row, jpeg)
            uow.commit()
        if not rows:
            return
        after, left = rows[-1].id, left - len(rows)


def _approve(house: House, uow: UnitOfWork, row: RosterRow, jpeg: bytes) -> None:
    now = house.clock.now()
    student = Student(id=new_id("st", now=now), channel=Channel.DEVELOPER, subject=row.id, created_at=now)
    uow.students.add(student)
    photo = _photo(student, row, jpeg)
    uow.photos.add(photo)
    house.parts.blobs.put(photo.image_key or "", jpeg)
    uow.blobs.add(
        BlobRow(photo.image_key or "", student.id, photo.id, BlobKind.IMAGE, len(jpeg), now, now + timedelta(99))
    )
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


def _photo(student: Student, row: RosterRow, jpeg: bytes) -> Photo:
    photo = Photo(
        id=new_id("ph", now=student.created_at),
        student_id=student.id,
        spec="hunan-pretco",
        campaign_id=row.campaign_id,
        state=PhotoState.READY,
        created_at=student.created_at,
        due_at=student.created_at,
        selfie_key="none",
        selfie_sha256="",
    )
    digest = hashlib.sha256(jpeg).hexdigest()
    return replace(photo, image_key=f"image/{photo.id}", image_sha256=digest, image_bytes=len(jpeg))
