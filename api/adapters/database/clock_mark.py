"""The latest moment that was believed."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from api.adapters.database.upkeep_tables import clock_mark

_ROW = 1


class SqlClockMark:
    """One row, made by the first purge, or by the migration where there was something to lose already."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self) -> datetime | None:
        found: datetime | None = self._connection.execute(select(clock_mark.c.latest)).scalar_one_or_none()
        return found

    def set(self, latest: datetime) -> None:
        if self._connection.execute(update(clock_mark).values(latest=latest)).rowcount == 0:
            self._connection.execute(insert(clock_mark).values(id=_ROW, latest=latest))
