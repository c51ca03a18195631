"""A whole database into one file and back: SQLite's online copy, PostgreSQL's own pg_dump and pg_restore."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from alembic.migration import MigrationContext
from sqlalchemy import URL, Engine, inspect

_WITHIN_S = 3600.0
"""A dump of a whole university is some hundred megabytes; an hour means that something hangs."""

_OUR_FUNCTIONS = "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
"""The triggers' own. The schema itself stays: whoever owns a database need not own that."""


class DumpFailed(Exception):
    """The database could not be written to a file, or not be read from one; the text says why."""


def dump(url: URL, file: Path) -> None:
    """Write one consistent state of the database to `file`, while others go on. Raises DumpFailed."""
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(Path(url.database or ""), file, how="mode=rw")
    else:
        _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")


def load(url: URL, file: Path) -> None:
    """Fill an empty database from `file`. Raises DumpFailed; a half-filled PostgreSQL database is empty again then."""
    if url.get_backend_name() == "sqlite":
        target = Path(url.database or "")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy_sqlite(file, target, how="mode=ro&immutable=1")
        return
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _run(url, "pg_restore", *options, str(file))


def clear(url: URL, engine: Engine) -> None:
    """Take everything out of the database. Raises SQLAlchemyError."""
    engine.dispose()
    if url.get_backend_name() == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(f"{url.database}{ending}").unlink(missing_ok=True)
        return
    with engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            connection.exec_driver_sql(f'DROP TABLE "{table}" CASCADE')
        for function in connection.exec_driver_sql(_OUR_FUNCTIONS).scalars().all():
            connection.exec_driver_sql(f"DROP FUNCTION {function} CASCADE")


def is_empty(engine: Engine) -> bool:
    """Tell whether nothing at all is in the database. Raises SQLAlchemyError."""
    return not inspect(engine).get_table_names()


def revision(engine: Engine) -> str | None:
    """Return the schema the database is at."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _copy_sqlite(source: Path, target: Path, *, how: str) -> None:
    """Copy page by page; the copy is one file, without a write-ahead log beside it."""
    if not source.is_file():
        raise DumpFailed(f"there is no {source}")
    address = f"{source.absolute().as_uri()}?{how}"
    try:
        with closing(sqlite3.connect(address, uri=True)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
            [whole] = new.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as fault:
        raise DumpFailed(f"SQLite: {type(fault).__name__}: {fault}") from fault
    if whole != "ok":
        raise DumpFailed("SQLite finds the copy damaged")
    target.chmod(0o600)


def _run(url: URL, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, since everybody can read a command."""
    address = _without_password(url).render_as_string()
    env = dict(os.environ) | ({"PGPASSWORD": str(url.password)} if url.password else {})
    command = [program, f"--dbname={address}", "--no-password", *arguments]
    try:
        done = subprocess.run(  # noqa: S603  PostgreSQL's own programs, no shell
            command, env=env, capture_output=True, text=True, timeout=_WITHIN_S, check=False
        )
    except FileNotFoundError as fault:
        raise DumpFailed(f"{program} is not installed (Debian: postgresql-client)") from fault
    except subprocess.TimeoutExpired as fault:
        raise DumpFailed(f"{program} did not end within {_WITHIN_S:.0f} s") from fault
    if done.returncode != 0:
        raise DumpFailed(f"{program}: {_last_line(done.stderr)}")


def _without_password(url: URL) -> URL:
    """Return the address as PostgreSQL's own programs read it; `URL.set` takes None for "as it was"."""
    return URL.create(
        "postgresql",
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
        query=url.query,
    )


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "failed without a word")
