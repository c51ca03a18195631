"""People on their way into a roster: staged sealed in many small steps, made the roster's in one short transaction.

A file of 20,000 people takes seconds to check and seal (`python -m benchmarks.collection`); students must be able to
write meanwhile, and nobody may ever see half a roster.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    String,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from api.adapters.database.collection_tables import campaign_extensions, record_errors, roster_staging
from api.adapters.database.roster import SqlRoster
from api.adapters.database.tables import roster, submissions
from api.adapters.database.types import UtcDateTime
from api.domain.ports import Vault
from api.domain.roster import RosterFault, StagedRow, column_name

_PART = 500
_SEALED = (
    "name_sealed",
    "id_number_index",
    "id_number_sealed",
    "student_number_index",
    "student_number_sealed",
    "college",
    "grade",
    "major",
    "class_name",
)


class SqlRosterStaging:
    """Staged people, by import."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._roster = SqlRoster(connection, vault)

    def add(self, import_id: str, people: Sequence[StagedRow], *, now: datetime) -> None:
        if people:
            self._connection.execute(
                insert(roster_staging), [self._values(import_id, person, now=now) for person in people]
            )

    def duplicates(self, import_id: str) -> tuple[RosterFault, ...]:
        found = [
            RosterFault(line, column_name(name), f"与第 {first} 行重复")
            for name in ("id_number", "student_number")
            for line, first in self._repeated(import_id, f"{name}_index")
        ]
        return tuple(sorted(found, key=lambda fault: fault.line))

    def counts(self, import_id: str) -> tuple[int, int, int]:
        mine = roster_staging.c.import_id == import_id
        known = roster_staging.c.known
        wanted = ((~known,), (known, roster_staging.c.changed), (known,))
        queries = [select(func.count()).select_from(roster_staging).where(mine, *one) for one in wanted]
        added, changed, known_before = (self._connection.execute(query).scalar_one() for query in queries)
        return added, changed, known_before

    def merge(self, import_id: str, campaign_id: str, *, now: datetime, said_at: datetime | None) -> None:
        stamp, open_to_it = said_at or now, _not_spoken_of_after(said_at)
        change = update(roster).where(roster.c.id == bindparam("this"), open_to_it)
        for part in self._changed(import_id):
            self._connection.execute(
                change, [{"this": row["row_id"], **{name: row[name] for name in _SEALED}} for row in part]
            )
        known = (roster.c.campaign_id == campaign_id) & _staged(import_id)
        self._connection.execute(update(roster).where(known, open_to_it).values(said_at=stamp))
        staged = [roster_staging.c[name] for name in _SEALED]
        fresh = select(
            roster_staging.c.row_id, literal(campaign_id, String(40)), literal(stamp, UtcDateTime), *staged
        ).where(roster_staging.c.import_id == import_id, roster_staging.c.known.is_(False))
        self._connection.execute(insert(roster).from_select(["id", "campaign_id", "said_at", *_SEALED], fresh))

    def count_missing(self, import_id: str, campaign_id: str) -> tuple[int, int]:
        gone = and_(roster.c.campaign_id == campaign_id, ~_staged(import_id))
        every = self._connection.execute(select(func.count()).select_from(roster).where(gone)).scalar_one()
        used = self._connection.execute(select(func.count()).select_from(roster).where(gone, _in_use())).scalar_one()
        return every - used, used

    def remove_missing(self, import_id: str, campaign_id: str) -> None:
        self._connection.execute(delete(roster).where(removable(import_id, campaign_id)))

    def forget(self, import_id: str) -> None:
        self._connection.execute(delete(roster_staging).where(roster_staging.c.import_id == import_id))

    def forget_before(self, before: datetime) -> int:
        return self._connection.execute(delete(roster_staging).where(roster_staging.c.staged_at < before)).rowcount

    def _values(self, import_id: str, person: StagedRow, *, now: datetime) -> dict[str, Any]:
        sealed = self._roster.values(person.row)
        return {
            "import_id": import_id,
            "line": person.line,
            "staged_at": now,
            "row_id": person.row.id,
            "known": person.known,
            "changed": person.changed,
            **{name: sealed[name] for name in _SEALED},
        }

    def _repeated(self, import_id: str, column: str) -> Iterator[tuple[int, int]]:
        index = roster_staging.c[column]
        mine = roster_staging.c.import_id == import_id
        first = (
            select(index.label("value"), func.min(roster_staging.c.line).label("first"))
            .where(mine, index.is_not(None))
            .group_by(index)
            .having(func.count() > 1)
            .subquery()
        )
        query = (
            select(roster_staging.c.line, first.c.first)
            .join(first, first.c.value == index)
            .where(mine, roster_staging.c.line != first.c.first)
        )
        yield from ((line, at) for line, at in self._connection.execute(query))

    def _changed(self, import_id: str) -> Iterator[Sequence[Any]]:
        after = 0
        while True:
            query = (
                select(roster_staging)
                .where(
                    roster_staging.c.import_id == import_id,
                    roster_staging.c.known,
                    roster_staging.c.changed,
                    roster_staging.c.line > after,
                )
                .order_by(roster_staging.c.line)
                .limit(_PART)
            )
            part = self._connection.execute(query).mappings().all()
            if not part:
                return
            after = part[-1]["line"]
            yield part


def _not_spoken_of_after(said_at: datetime | None) -> Any:
    """Return the condition that nobody said anything later of a row; a person's import counts whatever was said."""
    return true() if said_at is None else or_(roster.c.said_at.is_(None), roster.c.said_at <= said_at)


def removable(import_id: str, campaign_id: str) -> Any:
    """Return the condition that a row is not in the import and nothing rests on it."""
    return and_(roster.c.campaign_id == campaign_id, ~_staged(import_id), ~_in_use())


def _staged(import_id: str) -> Any:
    return exists().where(roster_staging.c.import_id == import_id, roster_staging.c.row_id == roster.c.id)


def _in_use() -> Any:
    """Tell whether something rests on a row: a login, a submission, more time, a report."""
    return (
        roster.c.student_id.is_not(None)
        | exists().where(submissions.c.roster_row_id == roster.c.id)
        | exists().where(campaign_extensions.c.roster_row_id == roster.c.id)
        | exists().where(record_errors.c.roster_row_id == roster.c.id)
    )
