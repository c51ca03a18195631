"""The migrations and the tables never drift apart, and every step can be taken back."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select

from api.adapters.database import database
from api.adapters.database.engine import open_engine
from api.adapters.database.schema import alembic_config, upgrade_schema
from api.adapters.database.tables import metadata
from api.adapters.database.upkeep_tables import clock_mark


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


def test_a_school_that_upgrades_has_a_mark_of_time_at_once(bare: str):
    """The first purge after it is guarded by the newest stamp that is there, unless that lies in the future."""
    for stamp, expected in (("2024-05-06 07:08:09", datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)), ("2099-01-01", None)):
        engine = open_engine(bare)
        with engine.connect() as connection, connection.begin():
            command.upgrade(alembic_config(connection), "0015_ends_of_reports")
            connection.exec_driver_sql("DELETE FROM audit_log")
            connection.exec_driver_sql("DELETE FROM sessions")
            connection.exec_driver_sql("DELETE FROM students")
            connection.exec_driver_sql(
                f"INSERT INTO students (id, channel, created_at) VALUES ('st_1', 'd', '{stamp}')"
            )
            connection.exec_driver_sql(
                "INSERT INTO sessions (id, family, student_id, access_digest, access_until, refresh_digest,"
                f" refresh_until, created_at) VALUES ('s', 'f', 'st_1', 'a', '{stamp}', 'r', '{stamp}', '{stamp}')"
            )
        before = datetime.now(UTC)
        upgrade_schema(engine)
        with engine.connect() as connection:
            [latest] = connection.execute(select(clock_mark.c.latest)).scalars()
        with engine.connect() as connection, connection.begin():
            command.downgrade(alembic_config(connection), "0015_ends_of_reports")
        engine.dispose()

        assert latest == expected or (expected is None and before <= latest <= datetime.now(UTC))
