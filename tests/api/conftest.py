"""Houses to test in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house_fakes import World, make_world
from store_here import Bucket, s3_store


@pytest.fixture
def world(tmp_path: Path, house_database: str | None) -> Iterator[World]:
    """A house of fakes, empty."""
    made = make_world(tmp_path, database_url=house_database)
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def make_bucket() -> Iterator[Callable[[], Bucket]]:
    """A store for one file's tests, which makes buckets."""
    with s3_store() as make:
        yield make


@pytest.fixture
def bucket(make_bucket: Callable[[], Bucket]) -> Iterator[Bucket]:
    """An empty bucket; the store is itself again and behaves after the test."""
    made = make_bucket()
    store = made.store.store
    yield made
    made.store.store = store
    made.store.behave()
