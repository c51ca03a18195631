"""Waits that nobody here can have meant: set while a clock ran ahead, and pulled back once it is right again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, select, update

from api.adapters.database.collection_tables import exports, roster_imports
from api.adapters.database.review_tables import exhibits
from api.adapters.database.staff_tables import login_doors
from api.adapters.database.tables import deliveries, identity_attempts, leases, photos, registries
from api.adapters.database.wechat_tables import media_checks, notices, wechat_pushes

SHORT = timedelta(minutes=20)
"""Longer than any lease (10 minutes at most: `IDPHOTO_LEASE_S`, `api.domain.roster_check.LEASE`), and than any pause of
a circuit, of a login or of who sweeps (15 minutes)."""

LONG = timedelta(hours=27)
"""Longer than the longest wait between two tries, a day and a tenth (`api.domain.retry`)."""

_WAITS: tuple[tuple[Column[Any], timedelta, tuple[ColumnElement[bool], ...]], ...] = (
    (photos.c.due_at, SHORT, (photos.c.state == "queued",)),
    (photos.c.lease_until, SHORT, (photos.c.state == "rendering",)),
    (deliveries.c.next_at, LONG, (deliveries.c.state == "pending",)),
    (deliveries.c.lease_until, SHORT, (deliveries.c.state == "sending",)),
    (registries.c.open_until, SHORT, ()),
    (notices.c.next_at, LONG, (notices.c.state == "pending",)),
    (notices.c.lease_until, SHORT, (notices.c.state == "sending",)),
    (wechat_pushes.c.next_at, LONG, (wechat_pushes.c.settled_at.is_(None),)),
    (media_checks.c.next_at, LONG, (media_checks.c.state == "pending",)),
    (exhibits.c.next_at, SHORT, (exhibits.c.state == "pending",)),
    (roster_imports.c.next_at, SHORT, ()),
    (exports.c.next_at, SHORT, ()),
    (login_doors.c.until, SHORT, ()),
    (identity_attempts.c.made_at, SHORT, ()),
)
"""Each moment somebody waits for, how far ahead it can be, and of which rows (those that an index finds)."""


class SqlWaits:
    """Moments in the future that others wait for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unbelievable(self, *, now: datetime) -> bool:
        return any(
            self._connection.execute(select(column).where(*rows).limit(1)).first() is not None
            for _, column, rows in _too_far(now)
        )

    def pull_back(self, *, now: datetime) -> int:
        return sum(
            self._connection.execute(update(table).where(*rows).values({column: now})).rowcount
            for table, column, rows in _too_far(now)
        )


def never_meant(until: datetime) -> ColumnElement[bool]:
    """Select the leases that end long after one that is taken now would: their holder's clock ran ahead."""
    return leases.c.until > until + SHORT


def _too_far(now: datetime) -> Iterator[tuple[Table, Column[Any], tuple[ColumnElement[bool], ...]]]:
    for column, farthest, rows in _WAITS:
        yield column.table, column, (*rows, column > now + farthest)
