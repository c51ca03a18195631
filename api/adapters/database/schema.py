"""The schema's way from empty to now. Alembic alone makes tables, in tests too."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from api.adapters.database.engine import to_write
from api.adapters.database.postgresql import in_its_own_time
from api.domain.errors import SchemaAhead, SchemaBehind

_SCRIPTS = Path(__file__).parents[3] / "deploy" / "migrations"
"""Beside the `api` package, in a checkout and when installed."""


def upgrade_schema(engine: Engine) -> None:
    """Bring the schema up. Two processes at once: the second waits for the first, then finds nothing to do.

    All of it is one transaction, which holds the right to write: on a server, hosts that start together queue for it,
    and a migration that fails leaves everything as it was. Raises SchemaAhead where a newer program was here before:
    its migrations are not ours to know.
    """
    with to_write(engine) as connection, in_its_own_time(connection), connection.begin():
        _refuse_unknown(MigrationContext.configure(connection).get_current_revision())
        command.upgrade(alembic_config(connection), "head")


def schema_at(engine: Engine) -> str | None:
    """Return the revision a database is at; None where nothing was ever made."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def schema_needed() -> str | None:
    """Return the revision this program was written for."""
    return ScriptDirectory.from_config(alembic_config(None)).get_current_head()


def require_schema(engine: Engine) -> None:
    """Look whether the schema is exactly the one this program was written for. Raises SchemaBehind, SchemaAhead."""
    at = schema_at(engine)
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
