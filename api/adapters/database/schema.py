"""The schema's way from empty to now. Alembic alone makes tables, in tests too."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from api.adapters.database.engine import BEGIN
from api.domain.errors import SchemaAhead, SchemaBehind

_SCRIPTS = Path(__file__).parents[3] / "deploy" / "migrations"
"""Beside the `api` package, in a checkout and when installed."""


def upgrade_schema(engine: Engine) -> None:
    """Bring the schema up. Two processes at once: the second waits for the first, then finds nothing to do.

    Raises SchemaAhead where a newer program was here before: its migrations are not ours to know.
    """
    with engine.connect().execution_options(**{BEGIN: "BEGIN IMMEDIATE"}) as connection, connection.begin():
        _refuse_unknown(MigrationContext.configure(connection).get_current_revision())
        command.upgrade(alembic_config(connection), "head")


def require_schema(engine: Engine) -> None:
    """Look whether the schema is exactly the one this program was written for. Raises SchemaBehind, SchemaAhead."""
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    needed = _refuse_unknown(at)
    if at != needed:
        raise SchemaBehind(at=at, needed=needed)


def _refuse_unknown(at: str | None) -> str | None:
    """Return the schema this program needs. Raises SchemaAhead where the database is at one it has never heard of."""
    scripts = ScriptDirectory.from_config(alembic_config(None))
    needed = scripts.get_current_head()
    try:
        if at is not None:
            scripts.get_revision(at)
    except CommandError as fault:
        raise SchemaAhead(at=at, needed=needed) from fault
    return needed


def alembic_config(connection: Connection | None) -> Config:
    """Return Alembic's settings for migrations over `connection`."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
