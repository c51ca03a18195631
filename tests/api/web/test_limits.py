"""Floods are held off with words and a time; students who retake photos never notice."""

from pathlib import Path

import pytest
from web_world import StillClock, make_world

from api.adapters.embedded_redis import EmbeddedRedis
from api.domain.errors import RateLimited
from api.web.limits import RATES, make_gauge

SMALL = {**RATES, "dev_login": "3/minute", "upload": "2/minute", "identity": "2/hour"}


def test_signing_in_too_often_from_one_address_is_answered_429(tmp_path: Path) -> None:
    """With the seconds after which the next try is welcome."""
    world = make_world(tmp_path, rates=SMALL)
    answers = [world.client().post("/v1/auth/dev", json={"name": f"学生{n}"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].get_json()["code"] == "rate_limited"
    assert int(answers[-1].headers["Retry-After"]) >= 1
    world.house.close()


def test_one_students_flood_does_not_touch_another(tmp_path: Path) -> None:
    """Uploads are counted by student, not by the campus's address."""
    world = make_world(tmp_path, rates=SMALL)
    zhang, li = world.student("张示例"), world.student("李示例")
    assert [zhang.upload().status_code for _ in range(3)] == [202, 202, 429]
    assert li.upload().status_code == 202
    world.house.close()


def test_all_processes_count_together_over_one_redis(tmp_path: Path) -> None:
    """Two API processes are one door, not two."""
    with EmbeddedRedis(tmp_path) as redis:
        gauges = [make_gauge(redis.url, StillClock(), rates={"login": "3/minute"}) for _ in range(2)]
        for turn in range(3):
            gauges[turn % 2].spend("login", "10.0.0.1")
        for turn in range(3):
            with pytest.raises(RateLimited) as limited:
                gauges[turn % 2].spend("login", "10.0.0.1")
            assert limited.value.retry_after
        for gauge in gauges:
            gauge.close()


def test_without_redis_each_process_counts_for_itself() -> None:
    """A Redis that is away neither stops anyone nor lets a flood through."""
    gauge = make_gauge("unix:///nowhere/redis.sock", StillClock(), rates={"login": "2/minute"})
    refused = 0
    for _ in range(5):
        try:
            gauge.spend("login", "10.0.0.1")
        except RateLimited:
            refused += 1
    assert refused == 3


def test_callers_are_counted_under_a_digest(tmp_path: Path) -> None:
    """An address or an id never becomes a key in Redis."""
    gauge = make_gauge(None, StillClock(), rates={"login": "2/minute"})
    gauge.spend("login", "10.9.8.7")
    storage = gauge.own.storage
    assert "10.9.8.7" not in str(vars(storage))
