"""WeChat's opinions of photos, kept by photo."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from api.adapters.database.rows import row_values
from api.adapters.database.wechat_tables import media_checks
from api.domain.media_check import MediaCheck, MediaCheckState


class SqlMediaChecks:
    """One row per photo that was to be checked. No openid is kept here."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, check: MediaCheck) -> None:
        if self.get(check.photo_id) is None:
            self._connection.execute(insert(media_checks).values(**_values(check)))

    def get(self, photo_id: str) -> MediaCheck | None:
        return next(iter(self._all(select(media_checks).where(media_checks.c.photo_id == photo_id))), None)

    def by_trace(self, trace_id: str) -> MediaCheck | None:
        return next(iter(self._all(select(media_checks).where(media_checks.c.trace_id == trace_id))), None)

    def swap(self, check: MediaCheck, *, state: MediaCheckState, attempts: int) -> bool:
        same = (media_checks.c.photo_id == check.photo_id, media_checks.c.state == state.value)
        change = update(media_checks).where(*same, media_checks.c.attempts == attempts).values(**_values(check))
        return self._connection.execute(change).rowcount == 1

    def due(self, *, now: datetime, limit: int) -> tuple[MediaCheck, ...]:
        waiting = (media_checks.c.state == MediaCheckState.PENDING.value, media_checks.c.next_at <= now)
        query = select(media_checks).where(*waiting)
        return self._all(query.order_by(media_checks.c.next_at, media_checks.c.photo_id).limit(limit))

    def forget(self, photo_id: str) -> None:
        self._connection.execute(delete(media_checks).where(media_checks.c.photo_id == photo_id))

    def _all(self, query: Select[Any]) -> tuple[MediaCheck, ...]:
        return tuple(
            MediaCheck(**{**row_values(row), "state": MediaCheckState(row.state)})
            for row in self._connection.execute(query)
        )


def _values(check: MediaCheck) -> dict[str, Any]:
    return {**asdict(check), "state": check.state.value}
