"""How often one caller may ask: generous where students retake photos, strict where secrets could be guessed.

Counted in Redis, so that all API processes count together; when Redis does not answer, each process counts for itself.
The limit on identity attempts that matters is the database's own (five an hour): this one keeps floods away from it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import structlog
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from api.domain.errors import RateLimited
from api.domain.ports import Clock

RATES: Mapping[str, str] = {
    "login": "600/minute",  # by address: a whole campus sits behind one
    "dev_login": "60/minute",  # by address: a name is no secret, but nobody types faster
    "refresh": "600/minute",  # by address
    "device": "120/minute",  # by address: a computer room signs in at the beginning of a lesson
    "device_token": "40/minute",  # by the browser's own secret: twice as often as it is told to ask
    "device_token_address": "6000/minute",  # by address
    "device_code": "20/hour",  # by student, two a login: codes are read off a screen, not guessed
    "staff_login": "120/minute",  # by address: each try costs 19 MiB and some 20 ms; guessing is slowed by the account
    "registry": "1200/minute",  # by address: a registry pulls a whole campaign at once
    "identity": "20/hour",  # by student
    "upload": "30/minute",  # by student: retakes are unlimited, machines are not
    "student": "600/minute",  # by student, everything else
}


@dataclass(frozen=True, slots=True)
class Gauge:
    """Counts hits by name and caller."""

    shared: MovingWindowRateLimiter | None
    own: MovingWindowRateLimiter
    rates: Mapping[str, RateLimitItem]
    clock: Clock

    def spend(self, name: str, caller: str) -> None:
        """Count one call. Raises RateLimited with the seconds after which the next one is welcome."""
        rate, who = self.rates[name], hashlib.sha256(caller.encode()).hexdigest()[:32]
        try:
            allowed, free_at = _hit(self.shared or self.own, rate, name, who)
        except StorageError:
            structlog.get_logger("api.web").warning("limits_fell_back", reason="redis does not answer")
            allowed, free_at = _hit(self.own, rate, name, who)
        if not allowed:
            raise RateLimited(retry_after=max(1, round(free_at - self.clock.now().timestamp())))

    def close(self) -> None:
        """Give the connections to Redis back."""
        if self.shared is not None and isinstance(self.shared.storage, RedisStorage):
            self.shared.storage.storage.close()


def make_gauge(redis_url: str | None, clock: Clock, *, rates: Mapping[str, str] = RATES) -> Gauge:
    """Build the gauge over a Redis URL (`redis://…`, `unix://…`), or over memory alone where there is none."""
    return Gauge(
        shared=MovingWindowRateLimiter(_redis(redis_url)) if redis_url else None,
        own=MovingWindowRateLimiter(MemoryStorage()),
        rates={name: parse(rate) for name, rate in rates.items()},
        clock=clock,
    )


def _redis(url: str) -> Storage:
    address = url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url
    storage = storage_from_string(
        address, wrap_exceptions=True, socket_connect_timeout=0.25, socket_timeout=0.5, key_prefix="idphoto-limits"
    )
    return cast("Storage", storage)  # the type of storage_from_string also names the asynchronous ones


def _hit(limiter: MovingWindowRateLimiter, rate: RateLimitItem, name: str, who: str) -> tuple[bool, float]:
    if limiter.hit(rate, name, who):
        return True, 0.0
    return False, limiter.get_window_stats(rate, name, who).reset_time
