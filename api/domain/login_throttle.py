"""How long to wait after failed logins: longer with every one, never so long that a stranger locks a counsellor out.

After OWASP's "slow down online guessing attacks with device cookies": a browser that has logged in to the account
before is counted by itself, so that strangers who guess cannot keep its owner out. Everyone else is counted three
times: by account and address together, by account, and by address. The delay of the last two is short, because
whole campuses share an address and anyone can type anyone's login.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

QUIET = timedelta(hours=24)
"""So long without a failure, and all is forgotten."""


class Against(StrEnum):
    """What a failure is counted against."""

    DEVICE = "device"
    PAIR = "pair"
    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Growth:
    """`free` failures cost nothing; then the delay doubles from one second up to `most` seconds."""

    free: int
    most: int

    def delay(self, failures: int) -> timedelta:
        """Return the wait after so many failures."""
        over = failures - self.free
        return timedelta(seconds=min(self.most, 2 ** min(over - 1, 20)) if over > 0 else 0)


GROWTH = {
    Against.DEVICE: Growth(free=5, most=900),
    Against.PAIR: Growth(free=5, most=900),
    Against.ACCOUNT: Growth(free=10, most=30),
    Against.ADDRESS: Growth(free=100, most=30),
}


@dataclass(frozen=True, slots=True)
class Door:
    """The failures counted against one thing; `key` is a keyed digest of it."""

    key: str
    failures: int
    last_at: datetime
    until: datetime


def forgiven(door: Door, *, now: datetime) -> Door:
    """Return the door as if its last try had not failed, for what others are counted against as well."""
    return replace(door, failures=max(0, door.failures - 1), until=min(door.until, now))


def after_failure(door: Door | None, *, key: str, against: Against, now: datetime) -> Door:
    """Return the door after one more failure."""
    failures = door.failures + 1 if door is not None and now - door.last_at < QUIET else 1
    return Door(key=key, failures=failures, last_at=now, until=now + GROWTH[against].delay(failures))
