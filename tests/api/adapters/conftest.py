"""A real Redis and the fake WeChat on a real port, for the tests of the line between them."""

from collections.abc import Iterator

import pytest
from redis import Redis
from wechat_world import Line, line_to, new_account, serving_wechat

from api.adapters.embedded_redis import EmbeddedRedis
from api.adapters.queue_rq import connect


@pytest.fixture(scope="package")
def wechat_redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    """A Redis of our own."""
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as redis:
        yield redis


@pytest.fixture
def wechat_redis(wechat_redis_server: EmbeddedRedis) -> Iterator[Redis]:
    """A connection to it, emptied."""
    with connect(wechat_redis_server.url) as connection:
        connection.flushall()
        yield connection


@pytest.fixture
def line(wechat_redis: Redis) -> Iterator[Line]:
    """The fake WeChat and our side."""
    account = new_account()
    with serving_wechat(account) as url:
        yield line_to(account, url, wechat_redis)
