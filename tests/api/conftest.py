"""Houses to test in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_fakes import World, make_world

from api.adapters.database.engine import open_engine
from api.adapters.database.schema import upgrade_schema


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once for all tests."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade_schema(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def world(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    """A house of fakes, empty."""
    made = make_world(tmp_path, empty_database)
    yield made
    made.house.close()
