"""A real Redis, a real database and real worker processes, all ended with the test."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from crew_member import settings_of
from plant import Plant

from api.adapters.embedded_redis import EmbeddedRedis
from api.bootstrap import build
from api.config_s3 import S3Address


@pytest.fixture
def make_plant(tmp_path: Path) -> Iterator[Callable[..., Plant]]:
    """Build an installation with a given render time and lease; everything ends with the test."""
    plants: list[Plant] = []

    def make(*, render_s: float, lease_s: float = 3.0, bucket: S3Address | None = None) -> Plant:
        redis = EmbeddedRedis(tmp_path / "redis")
        redis.__enter__()
        file = tmp_path / "settings.json"
        wanted = {"home": str(tmp_path), "redis_url": redis.url, "render_s": render_s, "lease_s": lease_s}
        wanted["bucket"] = asdict(bucket) if bucket else None
        file.write_text(json.dumps(wanted), encoding="utf-8")
        settings, _ = settings_of(file)
        plant = Plant(home=tmp_path, redis=redis, house=build(settings), settings_file=file)
        plants.append(plant)
        return plant

    yield make
    for plant in plants:
        for process in plant.processes:
            process.terminate()
        for process in plant.processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        plant.house.close()
        plant.redis.close()
