"""`idphoto database`: the schema of a server's database, and the move from one machine's file to it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.refusal import Refusal, telling_refusals
from api.cli.surroundings import environment, open_house, var_option
from api.cli.tables import show

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from api.adapters.database.copying import Copied

_NOT_IN_STEP = 1


@click.group()
def database() -> None:
    """The database itself: status, upgrade, copy."""


@database.command()
@var_option
def status(var: Path | None) -> None:
    """Tell what the database is and whether its schema is this program's. Exit 1 where it is not."""
    with _engine(var) as engine:
        from api.adapters.database.schema import schema_at, schema_needed

        at, needed, facts = schema_at(engine), schema_needed(), _facts(engine)
    show(("field", "value"), [*facts, ("schema", at or "none"), ("needed", needed)])
    if at != needed:
        raise click.exceptions.Exit(_NOT_IN_STEP)


@database.command()
@var_option
def upgrade(var: Path | None) -> None:
    """Bring the schema up, or make it. Safe on several hosts at once: the second waits, then has nothing to do.

    Only DATABASE_URL is needed, of a role that may create tables; everything happens in one transaction.
    """
    with _engine(var) as engine:
        from api.adapters.database.schema import schema_at, upgrade_schema

        _refuse_other_encodings(engine)
        before = schema_at(engine)
        upgrade_schema(engine)
        click.echo(f"{before or 'nothing'} -> {schema_at(engine)}")


@database.command()
@click.option("--to", help="Address of the other database, empty and upgraded: postgresql://user@host/name")
@click.option(
    "--to-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file whose first line is that address, so that no password stands in the list of processes.",
)
@var_option
def copy(to: str | None, to_file: Path | None, var: Path | None) -> None:
    """Copy everything into another database, in one transaction, and prove both the same before keeping it.

    Stop the servers and workers first: what is written here afterwards stays here. Pictures are not in the
    database, and the data key stays the same: both go along by themselves.
    """
    address = _address(to, to_file)
    with open_house(var) as house:
        from api.adapters.database.copying import CopyRefused, copy_database
        from api.adapters.database.database import SqlDatabase
        from api.config import Settings

        with telling_refusals():
            here = Settings.from_env(environment(os.environ, var=var)).database_url
        vault = house.parts.vault
        source, target = SqlDatabase(here, vault=vault), SqlDatabase(address, vault=vault)
        try:
            copied = copy_database(source, target, vault=vault, tell=lambda table: click.echo(table, err=True))
        except CopyRefused as fault:
            raise Refusal(f"copy_refused: {fault}\nNothing was kept there.") from fault
        finally:
            source.close()
            target.close()
    _tell(copied)


def _facts(engine: "Engine") -> list[tuple[str, object]]:
    kind = engine.dialect.name
    asked = {"sqlite": ("SELECT sqlite_version()", "PRAGMA encoding")}.get(
        kind, ("SHOW server_version", "SHOW server_encoding")
    )
    with engine.connect() as connection:
        version, encoding = (connection.exec_driver_sql(one).scalar_one() for one in asked)
    return [("kind", kind), ("version", version), ("encoding", encoding)]


def _refuse_other_encodings(engine: "Engine") -> None:
    """A database in SQL_ASCII or EUC_CN would take our UTF-8 for something else, or refuse a rare character."""
    encoding = dict(_facts(engine))["encoding"]
    if encoding not in {"UTF8", "UTF-8"}:
        raise Refusal(f"database_unfit: its encoding is {encoding}\nCreate it with ENCODING 'UTF8' TEMPLATE template0.")


def _tell(copied: "Copied") -> None:
    show(("table", "rows"), [(name, rows) for name, rows in copied.rows.items() if rows])
    proof = copied.audit
    click.echo(f"audit log: {proof.rows} rows, {proof.fault or 'whole'}, end {proof.last}:{proof.mark}")


def _address(to: str | None, file: Path | None) -> str:
    if (to is None) == (file is None):
        raise click.UsageError("give --to or --to-file")
    given = to or (file.read_text(encoding="utf-8").strip() if file else "")
    from api.config_database import driver_url

    try:
        return driver_url(given)
    except ValueError as fault:
        raise Refusal(f"config_error: --to {fault}") from fault


@contextmanager
def _engine(var: Path | None) -> Iterator["Engine"]:
    with telling_refusals():
        from api.adapters.database.engine import open_engine
        from api.config_database import database_url_of

        engine = open_engine(database_url_of(environment(os.environ, var=var)))
        try:
            yield engine
        finally:
            engine.dispose()
