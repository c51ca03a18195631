"""What is dear to make and never changes: made once a process, and every test starts on its own copy."""

import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from api.adapters.database.engine import open_engine
from api.adapters.database.schema import upgrade_schema
from photo_service.spec import Spec
from photo_service.specs import load_catalogue


@cache
def catalogue() -> Mapping[str, Spec]:
    """Return the specs, which nobody can change."""
    return load_catalogue()


@cache
def _empty_database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        engine = open_engine(f"sqlite:///{file}")
        upgrade_schema(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return file.read_bytes()


def lay_empty_database(file: Path) -> None:
    """Put an empty, migrated database there, unless one is there: a house that opens it has nothing to migrate."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_empty_database())
