"""When an event that a registry did not take is tried again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

_MINUTE = 60.0
_HOUR = 60 * _MINUTE

SCHEDULE_S: tuple[float, ...] = (
    0.0,
    5.0,
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
"""Seconds to wait before each attempt, the first one included: ten attempts over about 75 hours and a half.

It is the schedule Standard Webhooks 1.0.0 gives as its example: a registry that is down over a weekend misses nothing.
"""

JITTER_SHARE = 0.1
"""How much of a wait chance may add, so that a thousand deliveries do not come back in the same second."""

RETRY_AFTER_CAP_S = 24 * _HOUR
"""The longest a registry may ask us to stay away: one wait of the schedule, not a way to lose events."""


def next_try(
    attempt: int,
    *,
    now: datetime,
    retry_after_s: float | None,
    jitter: float,
    schedule_s: Sequence[float] = SCHEDULE_S,
) -> datetime | None:
    """Answer when attempt number `attempt` (counted from 0) is due, or None when the schedule is used up.

    `attempt` is also the number of attempts already made; `jitter` is drawn by the caller from 0 to 1 and adds up to a
    tenth of the wait. A `Retry-After` can only make the wait longer, and no longer than a day. None is not a failure:
    it is the schedule's answer that this delivery is now a dead letter. Raises ValueError for a negative attempt or a
    jitter outside 0 to 1.
    """
    if attempt < 0:
        raise ValueError(f"attempts are counted from 0, not {attempt}")
    if not 0.0 <= jitter <= 1.0:
        raise ValueError(f"jitter lies from 0 to 1, not {jitter}")
    if attempt >= len(schedule_s):
        return None
    wait_s = max(schedule_s[attempt], min(retry_after_s or 0.0, RETRY_AFTER_CAP_S))
    return now + timedelta(seconds=wait_s * (1.0 + JITTER_SHARE * jitter))
