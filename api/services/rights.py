"""A student's own rights over what is kept: delete one photo, take everything along, be forgotten."""

from datetime import datetime
from typing import Any

from api.domain.campaign import Extension
from api.domain.consent import ConsentKind, ConsentRow
from api.domain.identity import RosterRow
from api.domain.media_check import MediaCheck
from api.domain.photo import Photo
from api.domain.ports import Blobs, Clock, Database
from api.domain.record_error import RecordError
from api.domain.repositories import UnitOfWork
from api.domain.submission import Submission
from api.services.consent_texts import ALL_TEXTS, find_text
from api.services.erasing import erase_photos, let_go
from api.services.guards import own_photo


class DeletePhoto:
    """Erase one photo; a live submission of it is taken back, and the registry told."""

    def __init__(self, *, database: Database, clock: Clock, blobs: Blobs) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs

    def __call__(self, student_id: str, photo_id: str) -> None:
        """Delete. Raises NotFound."""
        with self._database.write() as uow:
            photo = own_photo(uow, student_id, photo_id)
            keys = erase_photos(uow, (photo,), by="student", now=self._clock.now())
            uow.commit()
        let_go(self._database, self._blobs, keys)


class ExportMe:
    """Gather everything that is kept about a student, in the student's own words and numbers."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, student_id: str) -> dict[str, Any]:
        """Return one JSON-ready document. The photos themselves are fetched one by one."""
        with self._database.read() as uow:
            student = uow.students.get(student_id)
            return {
                "student": {
                    "id": student_id,
                    "channel": student.channel.value if student else None,
                    "created_at": student.created_at.isoformat() if student else None,
                },
                "consents": [_consent(row) for row in sorted(uow.consents.of(student_id), key=_asked)],
                "identities": [_identity(row, uow.extensions.get(row.id)) for row in uow.roster.of_student(student_id)],
                "photos": [
                    _photo(photo, uow.media_checks.get(photo.id)) for photo in uow.photos.of_student(student_id)
                ],
                "submissions": [_submission(entry) for entry in uow.submissions.of_student(student_id)],
                "drafts": _drafts(uow, student_id),
                "record_errors": [_report(one) for one in uow.record_errors.of_student(student_id)],
            }


class EraseMe:
    """Forget a student: photos, profiles, the bond to the roster, the login and its sessions.

    The roster itself is the school's record and stays; so do the consents, which prove what was allowed, now naming
    a student nobody can tell.
    """

    def __init__(self, *, database: Database, clock: Clock, blobs: Blobs) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs

    def __call__(self, student_id: str) -> None:
        """Erase; afterwards the access token opens nothing."""
        now = self._clock.now()
        with self._database.write() as uow:
            keys = erase_photos(uow, uow.photos.of_student(student_id), by="student", now=now)
            for row in uow.consents.of(student_id):
                uow.consents.withdraw(student_id, row.text_id, now=now)
            uow.submissions.forget_profiles(student_id)
            uow.drafts.forget(student_id)
            uow.record_errors.forget_messages(student_id)
            uow.roster.unbind(student_id)
            uow.notices.drop_of(student_id, now=now)
            uow.sessions.end_all(student_id, now=now)
            uow.device_logins.delete_of(student_id)
            uow.students.erase(student_id, now=now)
            uow.commit()
        let_go(self._database, self._blobs, keys)


def _asked(row: ConsentRow) -> tuple[int, datetime]:
    """Put consents in the order they are asked for, each kind's oldest first."""
    return list(ConsentKind).index(row.kind), row.given_at


def _consent(row: ConsentRow) -> dict[str, Any]:
    text = find_text(row.text_id, among=ALL_TEXTS)
    guardian = row.guardian
    return {
        "id": row.text_id,
        "title": text.title if text else None,
        "given_at": row.given_at.isoformat(),
        "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        "guardian": {"name": guardian.name, "relation": guardian.relation} if guardian else None,
    }


def _identity(row: RosterRow, longer: Extension | None) -> dict[str, Any]:
    return {
        "campaign": row.campaign_id,
        "name": row.name,
        "id_number": row.id_number,
        "student_number": row.student_number,
        "college": row.college,
        "grade": row.grade,
        "major": row.major,
        "class": row.class_,
        "longer": {"until": longer.until.isoformat(), "reason": longer.reason} if longer else None,
    }


def _photo(photo: Photo, check: MediaCheck | None) -> dict[str, Any]:
    return {
        "id": photo.id,
        "spec": photo.spec,
        "campaign": photo.campaign_id,
        "state": photo.state.value,
        "created_at": photo.created_at.isoformat(),
        "report": photo.report,
        "wechat_check": {"state": check.state.value, "suggest": check.suggest, "label": check.label} if check else None,
    }


def _submission(entry: Submission) -> dict[str, Any]:
    return {
        "id": entry.id,
        "campaign": entry.campaign_id,
        "photo": entry.photo_id,
        "state": entry.state.value,
        "reason": entry.reason,
        "created_at": entry.created_at.isoformat(),
        "decided_at": entry.decided_at.isoformat() if entry.decided_at else None,
        "profile": entry.profile,
    }


def _drafts(uow: UnitOfWork, student_id: str) -> list[dict[str, Any]]:
    found = [uow.drafts.get(student_id, campaign.id) for campaign in uow.campaigns.all()]
    return [
        {"campaign": one.campaign_id, "saved_at": one.saved_at.isoformat(), "profile": one.profile}
        for one in found
        if one is not None
    ]


def _report(report: RecordError) -> dict[str, Any]:
    return {
        "campaign": report.campaign_id,
        "about": report.about.value,
        "message": report.message,
        "created_at": report.created_at.isoformat(),
        "answer": report.answer,
    }
