"""How far a collection has come, counted by the database: who has not submitted, and how it went day by day."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, case, exists, func, select

from api.adapters.database.submissions import within
from api.adapters.database.tables import roster, submissions
from api.domain.reviewer import EVERYWHERE, Scope
from api.domain.standing import Day, Group, Grouping, Lack, lack_of
from api.domain.submission import SubmissionState

_BEIJING = timedelta(hours=8)
_COLUMNS = {
    Grouping.COLLEGE: (roster.c.college,),
    Grouping.GRADE: (roster.c.college, roster.c.grade),
    Grouping.MAJOR: (roster.c.college, roster.c.grade, roster.c.major),
    Grouping.CLASS: (roster.c.college, roster.c.grade, roster.c.major, roster.c.class_name),
}


class SqlStanding:
    """Counts over roster and current submissions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def groups(self, campaign_id: str, by: Grouping, *, scopes: tuple[Scope, ...] | None) -> tuple[Group, ...]:
        columns = _COLUMNS[by]
        state = submissions.c.state
        query = _people(
            select(
                *columns,
                func.count(),
                func.count(roster.c.student_id),
                *(func.sum(case((state == one.value, 1), else_=0)) for one in SubmissionState),
            ),
            campaign_id,
            scopes,
        )
        rows = self._connection.execute(query.group_by(*columns).order_by(*columns))
        return tuple(_group(row, len(columns)) for row in rows)

    def missing(
        self, campaign_id: str, *, scopes: tuple[Scope, ...] | None, place: Scope = EVERYWHERE
    ) -> Iterator[tuple[str, Lack]]:
        query = missing_query((roster.c.id, submissions.c.state), campaign_id, scopes, place=place)
        for row_id, state in self._connection.execute(query):
            yield row_id, lack_of(state)

    def days(self, campaign_id: str) -> tuple[Day, ...]:
        counts: dict[str, list[int]] = {}
        moments = (
            (submissions.c.created_at, submissions.c.supersedes_id.is_(None)),
            (submissions.c.decided_at, submissions.c.state == SubmissionState.APPROVED.value),
        )
        for place, (moment, condition) in enumerate(moments):
            query = select(moment).where(submissions.c.campaign_id == campaign_id, condition)
            for one in self._connection.execute(query).scalars().yield_per(1000):
                counts.setdefault(_day(one), [0, 0])[place] += 1
        return tuple(Day(day, *counts[day]) for day in sorted(counts))


def missing_query(
    columns: Sequence[Any],
    campaign_id: str,
    scopes: tuple[Scope, ...] | None,
    *,
    place: Scope = EVERYWHERE,
    beside: Sequence[tuple[FromClause, ColumnElement[bool]]] = (),
) -> Select[Any]:
    """Return the query for everyone of a place with nothing under review or approved, by place.

    `beside` are further tables with the condition each is joined by; a row without a partner stays.
    """
    live = submissions.c.state.in_([one.value for one in SubmissionState if one.live])
    query = _people(select(*columns), campaign_id, scopes, beside=beside).where(submissions.c.id.is_(None) | ~live)
    places = (roster.c.college, roster.c.grade, roster.c.major, roster.c.class_name, roster.c.id)
    return query.where(within((place,))).order_by(*places)


def _people(
    query: Select[Any],
    campaign_id: str,
    scopes: tuple[Scope, ...] | None,
    *,
    beside: Sequence[tuple[FromClause, ColumnElement[bool]]] = (),
) -> Select[Any]:
    later = submissions.alias("later")
    current = ~exists().where(later.c.supersedes_id == submissions.c.id)
    source = roster.outerjoin(submissions, (submissions.c.roster_row_id == roster.c.id) & current)
    for table, condition in beside:
        source = source.outerjoin(table, condition)
    joined = query.select_from(source).where(roster.c.campaign_id == campaign_id)
    return joined if scopes is None else joined.where(within(scopes))


def _group(row: Sequence[Any], width: int) -> Group:
    people, bound, submitted, approved, returned, revoked = (int(value or 0) for value in row[width:])
    return Group(
        place=tuple(row[:width]),
        people=people,
        bound=bound,
        submitted=submitted,
        approved=approved,
        returned=returned,
        revoked=revoked,
    )


def _day(moment: datetime) -> str:
    return (moment + _BEIJING).strftime("%Y-%m-%d")
