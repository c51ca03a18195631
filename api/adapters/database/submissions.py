"""Submissions, their profiles sealed."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, false, insert, or_, select, true, update

from api.adapters.database.collection_tables import submission_events
from api.adapters.database.photos import SqlPhotos
from api.adapters.database.roster import SqlRoster
from api.adapters.database.rows import row_values
from api.adapters.database.sealing import open_json, seal_json
from api.adapters.database.tables import roster, submissions
from api.domain.ports import Vault
from api.domain.reviewer import Scope
from api.domain.submission import (
    Submission,
    SubmissionFilter,
    SubmissionState,
    SubmissionView,
    Transition,
    transition_of,
)

_PART = 500
"""How many rows are fetched by id at a time: well below what a statement may bind."""

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
        self._remember(submission)

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

    def latest(self, roster_row_id: str) -> Submission | None:
        query = select(submissions).where(submissions.c.roster_row_id == roster_row_id, is_current())
        return next(iter(self._all(query.order_by(submissions.c.id.desc()).limit(1))), None)

    def is_superseded(self, submission_id: str) -> bool:
        query = select(submissions.c.id).where(submissions.c.supersedes_id == submission_id)
        return self._connection.execute(query).first() is not None

    def swap(self, submission: Submission, *, state: SubmissionState) -> bool:
        change = (
            update(submissions)
            .where(
                submissions.c.id == submission.id,
                submissions.c.state == state.value,
                submissions.c.version == submission.version - 1,
            )
            .values(**self._values(submission))
        )
        won = self._connection.execute(change).rowcount == 1
        if won:
            self._remember(submission)
        return won

    def history(self, submission_id: str) -> tuple[Transition, ...]:
        query = select(submission_events).where(submission_events.c.submission_id == submission_id)
        rows = self._connection.execute(query.order_by(submission_events.c.version))
        return tuple(Transition(**{**row_values(row), "state": SubmissionState(row.state)}) for row in rows)

    def forget_profiles(self, student_id: str) -> None:
        self._connection.execute(
            update(submissions).where(submissions.c.student_id == student_id).values(profile_sealed=None)
        )

    def end_profiles(self, *, until: datetime, limit: int) -> int:
        kept = select(submissions.c.id).where(submissions.c.profile_sealed.is_not(None))
        ended = kept.where(submissions.c.created_at <= until).order_by(submissions.c.created_at).limit(limit)
        change = update(submissions).where(submissions.c.id.in_(ended)).values(profile_sealed=None)
        return self._connection.execute(change).rowcount

    def ids(self, wanted: SubmissionFilter) -> tuple[str, ...]:
        return tuple(self._connection.execute(_ordered(select(submissions.c.id), wanted)).scalars())

    def find(self, wanted: SubmissionFilter) -> tuple[SubmissionView, ...]:
        query = _ordered(select(submissions), wanted)
        return tuple(view for part in _parts(self._all(query)) for view in self._views(part))

    def _views(self, entries: Sequence[Submission]) -> Iterator[SubmissionView]:
        rows = self._roster.many([entry.roster_row_id for entry in entries])
        photos = self._photos.many([entry.photo_id for entry in entries])
        for entry in entries:
            yield SubmissionView(submission=entry, row=rows[entry.roster_row_id], photo=photos[entry.photo_id])

    def _remember(self, submission: Submission) -> None:
        """Keep the history in the same breath: no change without its line."""
        line = transition_of(submission)
        self._connection.execute(insert(submission_events).values(**{**asdict(line), "state": line.state.value}))

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
            "profile_sealed": self._sealed(submission),
            "created_at": submission.created_at,
            "reason": submission.reason,
            "decided_at": submission.decided_at,
            "decided_by": submission.decided_by,
            "version": submission.version,
            "supersedes_id": submission.supersedes_id,
            "verdict_at": submission.verdict_at,
        }

    def _sealed(self, submission: Submission) -> bytes | None:
        """Return what is kept of the profile: nothing of one that is empty, as where it has ended."""
        profile = dict(submission.profile)
        return seal_json(self._vault, profile, _profile(submission.id)) if profile else None

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
            version=row.version,
            supersedes_id=row.supersedes_id,
            verdict_at=row.verdict_at,
        )


def _ordered(query: Select[Any], wanted: SubmissionFilter) -> Select[Any]:
    joined = query.join(roster, roster.c.id == submissions.c.roster_row_id).where(*conditions(wanted))
    return joined.order_by(submissions.c.id).limit(wanted.limit)


def conditions(wanted: SubmissionFilter) -> list[ColumnElement[bool]]:
    """Return what a query over submissions and roster must hold for a filter."""
    equal = {
        submissions.c.campaign_id: wanted.campaign,
        submissions.c.state: wanted.state.value if wanted.state else None,
        roster.c.college: wanted.college,
        roster.c.grade: wanted.grade,
        roster.c.major: wanted.major,
        roster.c.class_name: wanted.class_,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if wanted.scopes is not None:
        found.append(within(wanted.scopes))
    if wanted.current:
        found.append(is_current())
    if wanted.decided_until is not None:
        found.append(submissions.c.decided_at <= wanted.decided_until)
    if wanted.after_id is not None:
        found.append(submissions.c.id > wanted.after_id)
    return found


def within(scopes: Sequence[Scope]) -> ColumnElement[bool]:
    """Return the condition that a roster row belongs to one of the scopes; none of them, nobody."""
    columns = (roster.c.college, roster.c.grade, roster.c.major, roster.c.class_name)
    return or_(
        false(),
        *(
            and_(true(), *(column == value for column, value in zip(columns, _values_of(scope), strict=True) if value))
            for scope in scopes
        ),
    )


def _values_of(scope: Scope) -> tuple[str | None, ...]:
    return scope.college, scope.grade, scope.major, scope.class_


def is_current() -> ColumnElement[bool]:
    """Return the condition that no later submission took this one's place."""
    later = submissions.alias("later")
    return ~exists().where(later.c.supersedes_id == submissions.c.id)


def _parts(entries: Sequence[Submission]) -> Iterator[Sequence[Submission]]:
    for start in range(0, len(entries), _PART):
        yield entries[start : start + _PART]


def _profile(submission_id: str) -> str:
    return f"submissions.profile:{submission_id}"
