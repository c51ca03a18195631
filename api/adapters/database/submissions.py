"""Submissions, their profiles sealed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from api.adapters.database.photos import SqlPhotos
from api.adapters.database.roster import SqlRoster
from api.adapters.database.sealing import open_json, seal_json
from api.adapters.database.tables import roster, submissions
from api.domain.ports import Vault
from api.domain.submission import Submission, SubmissionState, SubmissionView

_LIVE = [state.value for state in SubmissionState if state.live]


class SqlSubmissions:
    """Submissions. That a student has at most one live per campaign is the database's own rule too."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._roster = SqlRoster(connection, vault)
        self._photos = SqlPhotos(connection, vault)

    def add(self, submission: Submission) -> None:
        self._connection.execute(insert(submissions).values(**self._values(submission)))

    def get(self, submission_id: str) -> Submission | None:
        return next(iter(self._all(select(submissions).where(submissions.c.id == submission_id))), None)

    def live(self, student_id: str, campaign_id: str) -> Submission | None:
        query = select(submissions).where(
            submissions.c.student_id == student_id,
            submissions.c.campaign_id == campaign_id,
            submissions.c.state.in_(_LIVE),
        )
        return next(iter(self._all(query)), None)

    def of_student(self, student_id: str) -> tuple[Submission, ...]:
        query = select(submissions).where(submissions.c.student_id == student_id)
        return self._all(query.order_by(submissions.c.created_at.desc(), submissions.c.id.desc()))

    def of_photo(self, photo_id: str) -> tuple[Submission, ...]:
        return self._all(select(submissions).where(submissions.c.photo_id == photo_id).order_by(submissions.c.id))

    def swap(self, submission: Submission, *, state: SubmissionState) -> bool:
        change = (
            update(submissions)
            .where(submissions.c.id == submission.id, submissions.c.state == state.value)
            .values(**self._values(submission))
        )
        return self._connection.execute(change).rowcount == 1

    def forget_profiles(self, student_id: str) -> None:
        self._connection.execute(
            update(submissions).where(submissions.c.student_id == student_id).values(profile_sealed=None)
        )

    def find(
        self,
        *,
        campaign: str | None,
        state: SubmissionState | None,
        college: str | None,
        grade: str | None,
        major: str | None,
        class_: str | None,
    ) -> tuple[SubmissionView, ...]:
        wanted = {
            submissions.c.campaign_id: campaign,
            submissions.c.state: state.value if state else None,
            roster.c.college: college,
            roster.c.grade: grade,
            roster.c.major: major,
            roster.c.class_name: class_,
        }
        query = select(submissions).join(roster, roster.c.id == submissions.c.roster_row_id)
        query = query.where(*(column == value for column, value in wanted.items() if value is not None))
        return tuple(self._view(entry) for entry in self._all(query.order_by(submissions.c.created_at)))

    def _view(self, submission: Submission) -> SubmissionView:
        row = self._roster.get(submission.roster_row_id)
        photo = self._photos.get(submission.photo_id)
        if row is None or photo is None:
            raise LookupError(submission.id)  # foreign keys forbid it
        return SubmissionView(submission=submission, row=row, photo=photo)

    def _all(self, query: Select[Any]) -> tuple[Submission, ...]:
        return tuple(self._submission(row) for row in self._connection.execute(query))

    def _values(self, submission: Submission) -> dict[str, Any]:
        return {
            "id": submission.id,
            "student_id": submission.student_id,
            "campaign_id": submission.campaign_id,
            "roster_row_id": submission.roster_row_id,
            "photo_id": submission.photo_id,
            "state": submission.state.value,
            "profile_sealed": seal_json(self._vault, dict(submission.profile), _profile(submission.id)),
            "created_at": submission.created_at,
            "reason": submission.reason,
            "decided_at": submission.decided_at,
            "decided_by": submission.decided_by,
        }

    def _submission(self, row: Row[Any]) -> Submission:
        sealed = row.profile_sealed
        decided_at: datetime | None = row.decided_at
        return Submission(
            id=row.id,
            student_id=row.student_id,
            campaign_id=row.campaign_id,
            roster_row_id=row.roster_row_id,
            photo_id=row.photo_id,
            state=SubmissionState(row.state),
            profile=open_json(self._vault, sealed, _profile(row.id)) if sealed is not None else {},
            created_at=row.created_at,
            reason=row.reason,
            decided_at=decided_at,
            decided_by=row.decided_by,
        )


def _profile(submission_id: str) -> str:
    return f"submissions.profile:{submission_id}"
