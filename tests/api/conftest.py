"""Houses to test in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_fakes import World, make_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A house of fakes, empty."""
    made = make_world(tmp_path)
    yield made
    made.house.close()
