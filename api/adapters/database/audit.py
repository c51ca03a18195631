"""The audit log's rows and its head."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from api.adapters.database.rows import row_values
from api.adapters.database.staff_tables import audit_head, audit_log
from api.domain.audit import AuditEntry, AuditFilter, AuditHead

_BATCH = 1000
_HEAD = select(audit_head).where(audit_head.c.id == 1)


class SqlAuditLog:
    """Rows are only ever added; the database's triggers see to it that nothing else happens to them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def head(self) -> AuditHead:
        return self._head(_HEAD.with_for_update())

    def end(self) -> AuditHead:
        return self._head(_HEAD)

    def _head(self, query: Select[Any]) -> AuditHead:
        row = self._connection.execute(query).one()
        return AuditHead(seq=row.seq, mark=row.mark)

    def append(self, entry: AuditEntry) -> None:
        self._connection.execute(insert(audit_log).values(**{**asdict(entry), "detail": dict(entry.detail)}))
        self._connection.execute(update(audit_head).where(audit_head.c.id == 1).values(seq=entry.seq, mark=entry.mark))

    def find(self, wanted: AuditFilter, *, before: int | None, limit: int) -> tuple[AuditEntry, ...]:
        query = _fitting(wanted).order_by(audit_log.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(audit_log.c.seq < before)
        return tuple(_entry(row) for row in self._connection.execute(query))

    def through(self, seq: int) -> Iterator[AuditEntry]:
        last = 0
        while True:
            between = (audit_log.c.seq > last, audit_log.c.seq <= seq)
            rows = self._connection.execute(
                select(audit_log).where(*between).order_by(audit_log.c.seq).limit(_BATCH)
            ).all()
            if not rows:
                return
            yield from map(_entry, rows)
            last = rows[-1].seq

    def expired(self, *, now: datetime) -> int | None:
        kept = select(func.min(audit_log.c.seq)).where(audit_log.c.keep_until > now)
        first_kept = self._connection.execute(kept).scalar_one()
        old = select(func.max(audit_log.c.seq))
        if first_kept is not None:
            old = old.where(audit_log.c.seq < first_kept)
        last: int | None = self._connection.execute(old).scalar_one()
        return last

    def delete_through(self, seq: int) -> int:
        return self._connection.execute(delete(audit_log).where(audit_log.c.seq <= seq)).rowcount


def _fitting(wanted: AuditFilter) -> Select[Any]:
    query = select(audit_log)
    if wanted.actor:
        query = query.where(audit_log.c.actor == wanted.actor)
    if wanted.action:
        query = query.where(audit_log.c.action.startswith(wanted.action, autoescape=True))
    if wanted.subject:
        query = query.where(audit_log.c.subject == wanted.subject)
    if wanted.start is not None:
        query = query.where(audit_log.c.at >= wanted.start)
    if wanted.end is not None:
        query = query.where(audit_log.c.at < wanted.end)
    return query


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(**row_values(row))
