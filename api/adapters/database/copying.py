"""Move an installation's memory from one database to another: all of it, proved equal, or nothing."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Integer, Table, delete, func, insert, select, text
from sqlalchemy.exc import DataError

from api.adapters.database.database import SqlDatabase, SqlUnitOfWork
from api.adapters.database.engine import to_write
from api.adapters.database.postgresql import in_its_own_time
from api.adapters.database.schema import require_schema
from api.adapters.database.staff_tables import audit_head
from api.adapters.database.tables import metadata
from api.domain.ports import Vault
from api.services.audit_desk import AuditProof, VerifyAudit

_BATCH = 500
_MODULUS = 1 << 256


class CopyRefused(Exception):
    """The copy cannot be made, or would not be the same; the target is as it was. The message says why."""


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows each table has now, and what a walk over the copied audit log found."""

    rows: dict[str, int]
    audit: AuditProof


def copy_database(source: SqlDatabase, target: SqlDatabase, *, vault: Vault, tell: Callable[[str], None]) -> Copied:
    """Copy every row in one transaction of the target, then read both back and compare before keeping it.

    The source is held still meanwhile: whoever would write there waits, and is refused after some seconds. `tell` gets
    each table's name as its turn comes. Raises CopyRefused, SchemaBehind, SchemaAhead and SQLAlchemy's errors.
    """
    for database in (source, target):
        require_schema(database.engine)
    if str(source.engine.url) == str(target.engine.url):
        raise CopyRefused("source and target are the same database")
    with _still(source) as reading, _still(target) as writing:
        _refuse_filled(writing)
        rows = {}
        for table in metadata.sorted_tables:
            tell(table.name)
            rows[table.name] = _copy(table, reading, writing)
        _set_sequences(writing)
        audit = _same_proof(reading, writing, vault)
        writing.commit()
    return Copied(rows, audit)


@contextmanager
def _still(database: SqlDatabase) -> Iterator[Connection]:
    """Hold a database's right to write for as long as it takes."""
    with to_write(database.engine) as connection, in_its_own_time(connection):
        try:
            yield connection
        finally:
            connection.rollback()


def _refuse_filled(writing: Connection) -> None:
    """Raise CopyRefused where anything was ever written; the migrations leave one row, the log's first head."""
    for table in metadata.sorted_tables:
        query = select(table).limit(1)
        if table is audit_head:
            query = query.where(audit_head.c.seq > 0)
        if writing.execute(query).first() is not None:
            raise CopyRefused(f"the target is not empty: there are rows in {table.name}")
    writing.execute(delete(audit_head))


def _copy(table: Table, reading: Connection, writing: Connection) -> int:
    """Copy one table a few hundred rows at a time. Return how many. Raises CopyRefused where they are not the same."""
    given = _Digest()
    try:
        for rows in _parts(table, reading):
            given.add(rows)
            writing.execute(insert(table), [dict(row._mapping) for row in rows])  # noqa: SLF001 - public, see `rows`
    except DataError as fault:
        reason = str(fault.orig).splitlines()[0]
        raise CopyRefused(f"a row of {table.name} does not fit its columns there: {reason}") from fault
    kept = _Digest()
    for rows in _parts(table, writing):
        kept.add(rows)
    if (given.count, given.sum) != (kept.count, kept.sum):
        raise CopyRefused(f"{table.name} is not the same on both sides: {given.count} rows here, {kept.count} there")
    return given.count


def _parts(table: Table, connection: Connection) -> Iterator[Any]:
    with connection.execute(select(table).execution_options(yield_per=_BATCH)) as result:
        yield from result.partitions()


class _Digest:
    """Tells two sets of rows apart, in whatever order they come: the sum of the rows' SHA-256."""

    def __init__(self) -> None:
        self.count = 0
        self.sum = 0

    def add(self, rows: Any) -> None:
        for row in rows:
            self.count += 1
            digest = hashlib.sha256(repr(tuple(row)).encode()).digest()
            self.sum = (self.sum + int.from_bytes(digest)) % _MODULUS


def _set_sequences(writing: Connection) -> None:
    """Let numbers that the server gives go on after the last one copied; SQLite looks at the rows themselves."""
    if writing.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column: Column[Any] | None = table.autoincrement_column
        if column is None or not isinstance(column.type, Integer):
            continue
        last = writing.execute(select(func.max(column))).scalar_one()
        if last is not None:
            setting = text("SELECT setval(pg_get_serial_sequence(:name, :column), :last)")
            writing.execute(setting, {"name": table.name, "column": column.name, "last": last})


def _same_proof(reading: Connection, writing: Connection, vault: Vault) -> AuditProof:
    """Walk both audit logs. Raises CopyRefused where they prove different things.

    A log that does not hold is copied as it is, fault and all: it is evidence.
    """
    before, after = (VerifyAudit(database=_Within(one, vault))() for one in (reading, writing))
    if before != after:
        raise CopyRefused(f"the audit log proves something else there: {before} here, {after} there")
    return after


class _Within:
    """A database for one service to read, inside a transaction that is under way."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._uow = SqlUnitOfWork(connection, vault)

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        """Look at the transaction's own state."""
        yield self._uow

    write = read

    def ping(self) -> None:
        """Nothing to ask: the transaction is under way."""

    def close(self) -> None:
        """Leave the connection to whoever opened it."""
