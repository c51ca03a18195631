"""Which photos' review pictures are to be made."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from api.adapters.database.review_tables import exhibits
from api.adapters.database.rows import row_values
from api.domain.exhibit import ExhibitDue, ExhibitState


class SqlExhibits:
    """One row per photo that was submitted. Where the pictures lie is told by the blobs' own rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, due: ExhibitDue) -> None:
        if self.get(due.photo_id) is None:
            self._connection.execute(insert(exhibits).values(**_values(due)))

    def get(self, photo_id: str) -> ExhibitDue | None:
        return next(iter(self._all(select(exhibits).where(exhibits.c.photo_id == photo_id))), None)

    def swap(self, due: ExhibitDue, *, state: ExhibitState, attempts: int) -> bool:
        same = (exhibits.c.photo_id == due.photo_id, exhibits.c.state == state.value, exhibits.c.attempts == attempts)
        return self._connection.execute(update(exhibits).where(*same).values(**_values(due))).rowcount == 1

    def due(self, *, now: datetime, limit: int) -> tuple[ExhibitDue, ...]:
        waiting = (exhibits.c.state == ExhibitState.PENDING.value, exhibits.c.next_at <= now)
        return self._all(
            select(exhibits).where(*waiting).order_by(exhibits.c.next_at, exhibits.c.photo_id).limit(limit)
        )

    def forget(self, photo_id: str) -> None:
        self._connection.execute(delete(exhibits).where(exhibits.c.photo_id == photo_id))

    def _all(self, query: Select[Any]) -> tuple[ExhibitDue, ...]:
        rows = self._connection.execute(query)
        return tuple(ExhibitDue(**{**row_values(row), "state": ExhibitState(row.state)}) for row in rows)


def _values(due: ExhibitDue) -> dict[str, Any]:
    return {**asdict(due), "state": due.state.value}
