"""Uploaded roster files, and what taking them in would do to whom."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from api.adapters.database.collection_tables import roster_imports, roster_staging
from api.adapters.database.roster import SqlRoster
from api.adapters.database.rows import row_values
from api.adapters.database.staging import removable
from api.adapters.database.tables import roster
from api.domain.ports import Vault
from api.domain.roster import RosterFault
from api.domain.roster_check import CheckState, Fate, PersonFate, RosterCheck


class SqlRosterChecks:
    """Checks; the people of a good file wait sealed in `roster_staging` under the same id."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._roster = SqlRoster(connection, vault)

    def add(self, check: RosterCheck) -> None:
        self._connection.execute(insert(roster_imports).values(**_values(check)))

    def get(self, check_id: str) -> RosterCheck | None:
        return next(iter(self._all(select(roster_imports).where(roster_imports.c.id == check_id))), None)

    def of_campaign(self, campaign_id: str) -> tuple[RosterCheck, ...]:
        query = select(roster_imports).where(roster_imports.c.campaign_id == campaign_id)
        return self._all(query.order_by(roster_imports.c.id.desc()))

    def swap(self, check: RosterCheck, *, attempts: int) -> bool:
        same = (roster_imports.c.id == check.id, roster_imports.c.attempts == attempts)
        return self._connection.execute(update(roster_imports).where(*same).values(**_values(check))).rowcount == 1

    def due(self, *, now: datetime, limit: int) -> tuple[RosterCheck, ...]:
        query = select(roster_imports).where(roster_imports.c.next_at <= now).order_by(roster_imports.c.id)
        return self._all(query.limit(limit))

    def ended(self, *, now: datetime, limit: int) -> tuple[RosterCheck, ...]:
        return self._all(select(roster_imports).where(roster_imports.c.ends_at <= now).limit(limit))

    def delete(self, check_id: str) -> None:
        self._connection.execute(delete(roster_imports).where(roster_imports.c.id == check_id))

    def mark(self, campaign_id: str) -> str:
        """Every change of a row seals it anew, so its sealed name tells one state from another."""
        columns = (roster.c.id, roster.c.name_sealed, roster.c.college, roster.c.grade, roster.c.major)
        query = select(*columns, roster.c.class_name).where(roster.c.campaign_id == campaign_id).order_by(roster.c.id)
        digest = hashlib.sha256()
        for row_id, sealed, *place in self._connection.execute(query.execution_options(yield_per=1000)):
            digest.update("\0".join((row_id, *place)).encode() + b"\0" + sealed)
        return digest.hexdigest()

    def fates(self, check: RosterCheck, fate: Fate, *, after: str, limit: int) -> tuple[PersonFate, ...]:
        find: Mapping[Fate, Callable[..., tuple[PersonFate, ...]]] = {
            Fate.ADDED: self._added,
            Fate.CHANGED: self._changed,
            Fate.REMOVED: self._removed,
        }
        return find[fate](check, after=after, limit=limit)

    def _added(self, check: RosterCheck, *, after: str, limit: int) -> tuple[PersonFate, ...]:
        rows = self._staged(check, roster_staging.c.known.is_(False), after=after, limit=limit)
        return tuple(PersonFate(Fate.ADDED, row.line, None, self._after(row, check)) for row in rows)

    def _changed(self, check: RosterCheck, *, after: str, limit: int) -> tuple[PersonFate, ...]:
        rows = self._staged(check, roster_staging.c.known & roster_staging.c.changed, after=after, limit=limit)
        now = self._roster.many([row.row_id for row in rows])
        return tuple(PersonFate(Fate.CHANGED, row.line, now.get(row.row_id), self._after(row, check)) for row in rows)

    def _removed(self, check: RosterCheck, *, after: str, limit: int) -> tuple[PersonFate, ...]:
        if not check.remove_missing:
            return ()
        query = select(roster.c.id).where(removable(check.id, check.campaign_id), roster.c.id > after)
        ids = list(self._connection.execute(query.order_by(roster.c.id).limit(limit)).scalars())
        rows = self._roster.many(ids)
        return tuple(PersonFate(Fate.REMOVED, None, rows[row_id], None) for row_id in ids)

    def _staged(self, check: RosterCheck, which: Any, *, after: str, limit: int) -> list[Row[Any]]:
        mine = (roster_staging.c.import_id == check.id, which, roster_staging.c.row_id > after)
        query = select(roster_staging).where(*mine).order_by(roster_staging.c.row_id).limit(limit)
        return list(self._connection.execute(query).all())

    def _after(self, row: Row[Any], check: RosterCheck) -> Any:
        return self._roster.staged(row, campaign_id=check.campaign_id)

    def _all(self, query: Select[Any]) -> tuple[RosterCheck, ...]:
        return tuple(_check(row) for row in self._connection.execute(query))


def _values(check: RosterCheck) -> dict[str, Any]:
    faults = [[fault.line, fault.column, fault.message] for fault in check.faults]
    return {**asdict(check), "state": check.state.value, "faults": faults, "totals": list(check.totals)}


def _check(row: Row[Any]) -> RosterCheck:
    faults = tuple(RosterFault(line, column, message) for line, column, message in row.faults)
    kept = {"state": CheckState(row.state), "faults": faults, "totals": tuple(row.totals)}
    return RosterCheck(**{**row_values(row), **kept})
