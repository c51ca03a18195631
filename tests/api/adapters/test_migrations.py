"""The migrations and the tables never drift apart, and every step can be taken back."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from api.adapters.database import database
from api.adapters.database.engine import open_engine
from api.adapters.database.schema import alembic_config, upgrade_schema
from api.adapters.database.tables import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of either kind with nothing in it."""
    if request.param == "postgresql":
        return request.getfixturevalue("bare_postgres_database")
    return f"sqlite:///{tmp_path}/bare.db"


def test_the_migrations_make_exactly_the_tables_of_the_program(bare: str):
    """Whoever adds a column without a migration learns it here."""
    engine = open_engine(bare)
    upgrade_schema(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert database  # importing it brought every table in
    assert differences == []


def test_every_migration_can_be_taken_back(bare: str):
    """Up, all the way down, and up again."""
    engine = open_engine(bare)
    upgrade_schema(engine)
    with engine.connect() as connection, connection.begin():
        command.downgrade(alembic_config(connection), "base")
    left = set(inspect(engine).get_table_names()) - {"alembic_version"}
    upgrade_schema(engine)
    engine.dispose()

    assert left == set()


def test_the_migrations_are_one_line():
    """Two heads would make an upgrade ambiguous."""
    assert len(ScriptDirectory.from_config(alembic_config(None)).get_heads()) == 1
