"""The access token all processes share: fetched by one of them, kept in Redis, fetched again only when it must be.

`stable_token` in its normal mode gives the same token to whoever asks until five minutes before it ends, so that a
second fetch is never harmful, only wasted. Forced refreshing (20 a day) is never used.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis import Redis
from redis.exceptions import LockError, RedisError
from wechatpy.session.redisstorage import RedisStorage

from api.adapters.wechat.refusals import no_answer
from api.adapters.wechat.transport import Call, Transport
from api.domain.errors import QueueUnavailable

_PREFIX = "idphoto-wechat"
_HANDOVER_S = 300
"""Around a renewal the old token works for five more minutes: a token is used until then, and no longer."""

REST_S = 30
"""How long a freshly fetched token is trusted even if WeChat refuses it: asking again would give the same one."""

_LOCK_S = 20.0
_STEP_S = (0.02, 0.08)


class StableTokens:
    """Answer the token; make a new one at most once at a time, over all processes.

    `wait_s` is how long to wait for another process that is fetching: its whole patience, and a little more.
    """

    def __init__(self, redis: "Redis", *, transport: Transport, app_id: str, secret: str, wait_s: float = 9.0) -> None:
        self._redis = redis
        self._storage = RedisStorage(redis, prefix=_PREFIX)
        self._transport = transport
        self._app_id = app_id
        self._secret = secret
        self._wait_s = wait_s
        self._key = f"{app_id}_access_token"
        self._rest_key = f"{_PREFIX}:{app_id}_fetched"
        self._lock_key = f"{_PREFIX}:{app_id}_lock"

    def get(self) -> str:
        """Return the token. Raises WeChatError, and QueueUnavailable where Redis does not answer."""
        with _redis_errors():
            return self._kept() or self._fetched(self._kept)

    def instead_of(self, refused: str) -> str:
        """Return the token to use after WeChat refused one.

        Another process may have renewed it meanwhile; and one that was fetched a moment ago is not fetched again: what
        WeChat refuses then is not the token's age.
        """

        def renewed() -> str | None:
            kept = self._kept()
            rested = self._redis.exists(self._rest_key)
            return kept if kept is not None and (kept != refused or rested) else None

        with _redis_errors():
            return renewed() or self._fetched(renewed)

    def _kept(self) -> str | None:
        token = self._storage.get(self._key)
        return token if isinstance(token, str) else None

    def _fetched(self, found: Callable[[], str | None]) -> str:
        """Fetch under the lock, or wait for whoever holds it; `found` looks whether that was done."""
        until = time.monotonic() + self._wait_s
        lock = self._redis.lock(self._lock_key, timeout=_LOCK_S, blocking=False)
        while time.monotonic() < until:
            if lock.acquire():
                try:
                    return found() or self._fetch()
                finally:
                    _release(lock)
            time.sleep(random.uniform(*_STEP_S))  # noqa: S311 - spreads callers out, guards nothing
            token = found()
            if token is not None:
                return token
        raise no_answer()

    def _fetch(self) -> str:
        body = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret}
        answer = self._transport.send(Call("stable_token", "post", "cgi-bin/stable_token", {}, body))
        token = answer.get("access_token") if not isinstance(answer, bytes) else None
        lifetime = answer.get("expires_in") if not isinstance(answer, bytes) else None
        if not isinstance(token, str) or not token or not isinstance(lifetime, int) or lifetime <= 0:
            raise no_answer()
        self._storage.set(self._key, token, ttl=_ttl(lifetime))
        self._redis.set(self._rest_key, b"1", ex=REST_S)
        return token


def _ttl(lifetime_s: int) -> int:
    """Return how long to keep a token: to its end less the handover, a little less by chance."""
    usable = max(lifetime_s - _HANDOVER_S, lifetime_s // 2, 1)
    return max(1, round(usable * random.uniform(0.95, 1.0)))  # noqa: S311 - spreads renewals out, guards nothing


def _release(lock: Any) -> None:
    with suppress(LockError):  # it may have run out while we fetched; whoever holds it now finds our token
        lock.release()


@contextmanager
def _redis_errors() -> Iterator[None]:
    try:
        yield
    except RedisError as fault:
        raise QueueUnavailable from fault
