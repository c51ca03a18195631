"""The queue as reviewers see it: read in an index's order, a page at a time; no profile and no report is opened."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from api.adapters.database.review_tables import submission_warnings
from api.adapters.database.sealing import open_text
from api.adapters.database.submissions import is_current, within
from api.adapters.database.tables import roster, submissions
from api.adapters.database.wechat_tables import media_checks
from api.domain.ports import Vault
from api.domain.review_queue import Card, Place, QueueFilter, Tally, Turn
from api.domain.submission import SubmissionState

_SHOWN = (
    submissions.c.id,
    submissions.c.version,
    submissions.c.state,
    submissions.c.created_at,
    submissions.c.photo_id,
    submissions.c.campaign_id,
    submissions.c.decided_by,
    submissions.c.decided_at,
    roster.c.id.label("row_id"),
    roster.c.name_sealed,
    roster.c.student_number_sealed,
    roster.c.college,
    roster.c.grade,
    roster.c.major,
    roster.c.class_name,
    media_checks.c.suggest,
)


class SqlReviewQueue:
    """Current submissions with the few things a card shows."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def doubt(self, submission_id: str, codes: Sequence[str]) -> None:
        for code in sorted(set(codes)):
            self._connection.execute(insert(submission_warnings).values(submission_id=submission_id, code=code))
        mine = submissions.c.id == submission_id
        self._connection.execute(update(submissions).where(mine).values(trusted=not codes))

    def forget(self, photo_id: str) -> None:
        theirs = submissions.c.photo_id == photo_id
        ids = select(submissions.c.id).where(theirs)
        self._connection.execute(delete(submission_warnings).where(submission_warnings.c.submission_id.in_(ids)))
        self._connection.execute(update(submissions).where(theirs).values(trusted=True))

    def page(self, wanted: QueueFilter, *, after: Turn | None, limit: int) -> tuple[Card, ...]:
        query = _cards(wanted)
        if after is not None:
            query = query.where(_behind(after))
        return self._read(query.limit(limit))

    def before(self, wanted: QueueFilter, *, turn: Turn) -> str | None:
        query = _within_filter(select(submissions.c.id), wanted).where(_ahead_of(turn))
        order = (submissions.c.trusted.desc(), submissions.c.id.desc())
        return self._connection.execute(query.order_by(*order).limit(1)).scalar_one_or_none()

    def chosen(self, wanted: QueueFilter, submission_ids: Sequence[str]) -> tuple[Card, ...]:
        return self._read(_cards(wanted).where(submissions.c.id.in_(submission_ids)))

    def turn_of(self, submission_id: str) -> Turn | None:
        query = select(submissions.c.trusted, submissions.c.id).where(submissions.c.id == submission_id)
        row = self._connection.execute(query).one_or_none()
        return Turn(trusted=row.trusted, submission_id=row.id) if row else None

    def count(self, wanted: QueueFilter) -> int:
        return int(self._connection.execute(_within_filter(select(func.count()), wanted)).scalar_one())

    def places(self, wanted: QueueFilter) -> tuple[tuple[Place, Tally], ...]:
        columns = (
            submissions.c.campaign_id,
            roster.c.college,
            roster.c.grade,
            roster.c.major,
            roster.c.class_name,
            submissions.c.state,
        )
        query = _within_filter(select(*columns, func.count().label("tally")), wanted).group_by(*columns)
        return tuple((_place(row), int(row.tally)) for row in self._connection.execute(query))

    def findings(self, wanted: QueueFilter) -> dict[str, int]:
        code = submission_warnings.c.code
        doubted = select(code, func.count()).join(submissions, submissions.c.id == submission_warnings.c.submission_id)
        query = _filtered(doubted.join(roster, roster.c.id == submissions.c.roster_row_id), wanted).group_by(code)
        return {row[0]: row[1] for row in self._connection.execute(query.order_by(code))}

    def _read(self, query: Select[Any]) -> tuple[Card, ...]:
        rows = self._connection.execute(query).all()
        doubts = self._warnings([row.id for row in rows])
        return tuple(self._card(row, doubts.get(row.id, ())) for row in rows)

    def _warnings(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        columns = (submission_warnings.c.submission_id, submission_warnings.c.code)
        query = select(*columns).where(columns[0].in_(ids)).order_by(*columns)
        found: dict[str, tuple[str, ...]] = {}
        for submission_id, code in self._connection.execute(query):
            found[submission_id] = (*found.get(submission_id, ()), code)
        return found

    def _card(self, row: Row[Any], warnings: tuple[str, ...]) -> Card:
        return Card(
            submission_id=row.id,
            version=row.version,
            state=SubmissionState(row.state),
            created_at=row.created_at,
            photo_id=row.photo_id,
            campaign_id=row.campaign_id,
            name=open_text(self._vault, row.name_sealed, f"roster.name:{row.row_id}"),
            student_number=open_text(self._vault, row.student_number_sealed, f"roster.student_number:{row.row_id}"),
            college=row.college,
            grade=row.grade,
            major=row.major,
            class_=row.class_name,
            warnings=warnings,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            media_suggest=row.suggest,
        )


def _place(row: Row[Any]) -> Place:
    return Place(
        campaign_id=row.campaign_id,
        college=row.college,
        grade=row.grade,
        major=row.major,
        class_=row.class_name,
        state=SubmissionState(row.state),
    )


def _cards(wanted: QueueFilter) -> Select[Any]:
    query = _within_filter(select(*_SHOWN), wanted)
    query = query.outerjoin(media_checks, media_checks.c.photo_id == submissions.c.photo_id)
    return query.order_by(submissions.c.trusted, submissions.c.id)


def _within_filter(query: Select[Any], wanted: QueueFilter) -> Select[Any]:
    joined = query.select_from(submissions).join(roster, roster.c.id == submissions.c.roster_row_id)
    return _filtered(joined, wanted)


def _filtered(query: Select[Any], wanted: QueueFilter) -> Select[Any]:
    lists: dict[ColumnElement[Any], tuple[str, ...]] = {
        submissions.c.campaign_id: wanted.campaigns,
        submissions.c.state: tuple(state.value for state in wanted.states),
        roster.c.college: wanted.colleges,
        roster.c.grade: wanted.grades,
        roster.c.major: wanted.majors,
        roster.c.class_name: wanted.classes,
    }
    query = query.where(*(column.in_(values) for column, values in lists.items() if values))
    if wanted.findings:
        mine = submission_warnings.c.submission_id == submissions.c.id
        query = query.where(exists().where(mine, submission_warnings.c.code.in_(wanted.findings)))
    if wanted.scopes is not None:
        query = query.where(within(wanted.scopes))
    if set(wanted.states) != {SubmissionState.SUBMITTED}:
        query = query.where(is_current())  # what is under review is always the last link of its chain
    return query


def _behind(turn: Turn) -> ColumnElement[bool]:
    """Return the condition to come later in the queue."""
    same = and_(submissions.c.trusted == turn.trusted, submissions.c.id > turn.submission_id)
    return same if turn.trusted else or_(same, submissions.c.trusted == true())


def _ahead_of(turn: Turn) -> ColumnElement[bool]:
    same = and_(submissions.c.trusted == turn.trusted, submissions.c.id < turn.submission_id)
    return or_(same, submissions.c.trusted == false()) if turn.trusted else same
