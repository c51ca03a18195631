"""The bell, over a real Redis."""

import json
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from api.adapters.embedded_redis import EmbeddedRedis
from api.adapters.queue_rq import JOBS, RqBell, connect
from api.domain.errors import QueueUnavailable
from api.domain.work import Ring, Work
from worker import jobs

RING = Ring(Work.RENDER, "ph_1", 1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    """A Redis of our own."""
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as redis:
        yield redis


@pytest.fixture
def redis(server: EmbeddedRedis) -> Iterator[Redis]:
    """A connection to it, emptied."""
    with connect(server.url) as connection:
        connection.flushall()
        yield connection


@pytest.fixture
def bell(redis: Redis) -> RqBell:
    """The bell under test."""
    return RqBell(redis, timeouts_s=dict.fromkeys(Work, 30))


def test_a_ring_waits_until_it_is_answered(bell: RqBell):
    """Rung for one kind of work, it waits there and not in the other queue."""
    bell.ring(RING)

    assert bell.waiting(Work.RENDER) == {"ph_1-1"}
    assert bell.waiting(Work.DELIVER) == frozenset()


def test_ringing_twice_is_ringing_once(bell: RqBell, redis: Redis):
    """One job, however often it is announced."""
    for _ in range(3):
        bell.ring(RING)

    assert Queue("render", connection=redis, serializer=JSONSerializer).job_ids == ["ph_1-1"]


def test_bells_keep_their_order(bell: RqBell, redis: Redis):
    """First come, first served, also when one is rung again."""
    for name in ("ph_1", "ph_2", "ph_3", "ph_1"):
        bell.ring(Ring(Work.RENDER, name, 1))

    assert Queue("render", connection=redis, serializer=JSONSerializer).job_ids == ["ph_1-1", "ph_2-1", "ph_3-1"]


def test_a_job_lost_between_taking_and_starting_is_rung_again(bell: RqBell, redis: Redis):
    """A worker took it from the list and died: its record is there, its place is not. Ringing puts it back."""
    bell.ring(RING)
    redis.delete("rq:queue:render")

    bell.ring(RING)

    assert bell.waiting(Work.RENDER) == {"ph_1-1"}


def test_only_ids_go_into_redis_and_as_json(bell: RqBell, redis: Redis):
    """What a thief of Redis gets is the name of a function and the id of a photo; nothing is pickled."""
    bell.ring(RING)
    data = zlib.decompress(redis.hget("rq:job:ph_1-1", "data"))

    assert json.loads(data)[0] == JOBS[Work.RENDER]
    assert json.loads(data)[2] == ["ph_1"]


def test_the_dotted_names_exist():
    """The API never imports the worker; this test does, to see that the names fit."""
    assert {name.rsplit(".", 1)[1] for name in JOBS.values()} <= set(dir(jobs))


def test_a_redis_that_is_not_there_is_noticed_at_once(tmp_path: Path):
    """No waiting and no error of the library: a student is on the line."""
    bell = RqBell(connect(f"unix://{tmp_path}/nobody.sock"), timeouts_s=dict.fromkeys(Work, 30))
    started = time.monotonic()

    for ask in (lambda: bell.ring(RING), lambda: bell.waiting(Work.RENDER), bell.ping):
        with pytest.raises(QueueUnavailable):
            ask()

    bell.close()
    assert time.monotonic() - started < 1.0
