"""Houses to test in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_fakes import World, make_world


@pytest.fixture
def world(tmp_path: Path, house_database: str | None) -> Iterator[World]:
    """A house of fakes, empty."""
    made = make_world(tmp_path, database_url=house_database)
    yield made
    made.house.close()
