"""How connections to a PostgreSQL server are made, and what holds on each of them."""

import os
import re
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from api.adapters.database.begin import BEGIN

POOL_KEPT, POOL_MORE = 4, 8
"""Connections a process keeps, and opens beside them while it must: 12, for the 8 threads that `idphoto serve` has by
default. A thread never holds more than one. Every process has a pool of its own; docs/postgresql.md adds them up."""

WRITER_LOCK = 0x1D_0F0_70
"""The advisory lock of whoever writes, one per database: the right that SQLite gives with BEGIN IMMEDIATE."""

_POOL_WAIT_S = 10
_CONNECT_S = 5
_STATEMENT_MS = 60_000
_LOCK_MS = 10_000
"""As long as SQLite waits for its one writer (`engine`); after that the caller is asked to come back."""
_IDLE_MS = 60_000
"""A unit of work lasts milliseconds; one that sits still for a minute belongs to a process that hangs."""

_KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30_000}
"""libpq's, in seconds and (the last) milliseconds: a server whose machine vanished is noticed within a minute, where
the kernel's own defaults wait for two hours."""
_WORD = re.compile(r"[a-z][a-z-]{0,15}")
_NAME_BYTES = 63


def open_postgresql(url: URL) -> Engine:
    """Return an engine whose every connection is in UTC, patient for seconds, and named after its process.

    What the address itself asks for (`?sslmode=verify-full`, `application_name`, `options`) comes before ours.
    """
    engine = create_engine(
        url.difference_update_query(["options"]),
        connect_args=_arguments(url),
        pool_pre_ping=True,
        pool_size=POOL_KEPT,
        max_overflow=POOL_MORE,
        pool_timeout=_POOL_WAIT_S,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def in_its_own_time(connection: Connection) -> Iterator[None]:
    """Let what comes next take as long as it needs: a migration, a copy. Other databases have no such limits."""
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    if connection.dialect.name != "postgresql":
        yield
        return
    cursor = connection.connection.cursor()
    for name in names:
        cursor.execute(f"SET {name} = 0")
    connection.connection.commit()
    try:
        yield
    finally:
        if not connection.invalidated:
            for name in names:
                cursor.execute(f"RESET {name}")
            connection.connection.commit()


def process_name(command: Sequence[str], *, host: str, pid: int) -> str:
    """Return what `pg_stat_activity` shows for a process: `idphoto worker render app-1 4711`, 63 bytes at most.

    Only plain words of the command line are taken: a file's name may be a person's.
    """
    program = Path(command[0]) if command else Path("python")
    name = program.parent.name if program.stem == "__main__" else program.stem
    words = [word for word in command[1:3] if _WORD.fullmatch(word)]
    return " ".join(dict.fromkeys(["idphoto", name, *words, host, str(pid)]))[-_NAME_BYTES:]


def _arguments(url: URL) -> dict[str, Any]:
    held = f"-c timezone=UTC -c statement_timeout={_STATEMENT_MS} -c lock_timeout={_LOCK_MS}"
    asked = url.query.get("options", "")
    ours = {
        "connect_timeout": _CONNECT_S,
        "application_name": process_name(sys.argv, host=socket.gethostname(), pid=os.getpid()),
        **_KEEPALIVE,
    }
    wanted = {name: value for name, value in ours.items() if name not in url.query}
    options = f"{held} -c idle_in_transaction_session_timeout={_IDLE_MS} {asked}"
    return {**wanted, "options": options.strip(), "client_encoding": "utf8"}


def _begin(connection: Connection) -> None:
    """Take the right to write where the unit of work is one that writes; the transaction's end gives it back.

    One writer at a time, as with SQLite, is what the use cases are written for: they look, decide and write. Everybody
    else's reading goes on. READ COMMITTED beside the lock: each statement sees what the writer before has kept.
    """
    if connection.get_execution_options().get(BEGIN):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")
