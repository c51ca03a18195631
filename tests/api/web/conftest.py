"""One seeded world for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from web_world import Student, World, make_world


@pytest.fixture
def world(tmp_path: Path, house_database: str | None) -> Iterator[World]:
    one = make_world(tmp_path, **({"database_url": house_database} if house_database else {}))
    yield one
    one.house.close()


@pytest.fixture
def zhang(world: World) -> Student:
    """A student who has agreed to everything."""
    return world.student("张示例")


@pytest.fixture
def li(world: World) -> Student:
    """Another one."""
    return world.student("李示例")
