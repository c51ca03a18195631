"""Open a database so that several processes can write it without stepping on each other."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from api.adapters.database.begin import BEGIN, TO_WRITE
from api.adapters.database.postgresql import open_postgresql
from api.config_database import driver_url

_BUSY_MS = 10_000


def open_engine(url: str) -> Engine:
    """Open the database of an address; a SQLite file's folder is made. Raises ValueError for any other database."""
    parsed = make_url(driver_url(url))
    if parsed.get_backend_name() != "sqlite":
        return open_postgresql(parsed)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _BUSY_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def to_read(engine: Engine) -> Connection:
    """Return a connection whose transaction sees one state from its first statement to its last, and keeps nothing.

    SQLite's readers do so by themselves.
    """
    if engine.dialect.name == "sqlite":
        return engine.connect()
    return engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def to_write(engine: Engine) -> Connection:
    """Return a connection whose transaction holds the right to write, one at a time in the whole installation."""
    return engine.connect().execution_options(**TO_WRITE)


def _prepare_sqlite(connection: Any, record: Any) -> None:  # noqa: ARG001 - the event's shape
    """Set what SQLite sets per connection.

    WAL: readers and the one writer do not wait for each other. `synchronous=NORMAL` with WAL survives a crash of the
    process whole, and a power cut without corruption. The driver's own transactions are switched off: it would open
    them late, as readers, and two readers that both turn writer cannot wait for each other.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN"))
