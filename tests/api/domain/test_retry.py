"""A registry that is down over a weekend misses nothing, and one that is down for good is not called for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain import retry

NOW = datetime(2024, 12, 9, 8, 0, tzinfo=UTC)
MINUTE, HOUR = 60, 3600


def wait_s(attempt, *, retry_after_s=None, jitter=0.0, **schedule):
    due = retry.next_try(attempt, now=NOW, retry_after_s=retry_after_s, jitter=jitter, **schedule)
    return None if due is None else (due - NOW).total_seconds()


def test_the_waits_are_those_promised_to_the_schools():
    """docs/registry.md prints this table; the first attempt is made at once."""
    table = [wait_s(attempt) for attempt in range(10)]

    assert table == [
        0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR,
    ]  # fmt: skip
    assert 75 * HOUR < sum(table) < 76 * HOUR


def test_after_the_tenth_attempt_a_delivery_is_a_dead_letter():
    """The schedule ends; what follows is a person's decision to replay."""
    assert wait_s(9) is not None
    assert wait_s(10) is None
    assert wait_s(1000) is None


def test_chance_spreads_a_thousand_deliveries_by_a_tenth():
    """After an outage the registry is not hit by everything in the same second."""
    assert wait_s(2, jitter=0.0) == 300
    assert wait_s(2, jitter=0.5) == 315
    assert wait_s(2, jitter=1.0) == 330


def test_a_busy_registry_may_ask_for_more_time():
    """`Retry-After: 900` is obeyed where our own wait would be shorter."""
    assert wait_s(1, retry_after_s=900) == 900


def test_a_registry_cannot_ask_for_less_time_than_our_own_wait():
    """`Retry-After: 1` does not make us hammer."""
    assert wait_s(4, retry_after_s=1) == 2 * HOUR


def test_a_registry_cannot_send_us_away_for_a_year():
    """A wrong date in `Retry-After` costs a day at most."""
    assert wait_s(1, retry_after_s=365 * 24 * HOUR) == 24 * HOUR


def test_asking_for_more_time_does_not_give_more_attempts():
    """The number of attempts is the schedule's, whatever the registry answers."""
    assert wait_s(10, retry_after_s=60) is None


def test_another_schedule_can_be_given():
    """The embedded mode and the tests do not wait for hours."""
    assert [wait_s(n, schedule_s=(0.0, 0.5)) for n in range(3)] == [0, 0.5, None]


@pytest.mark.parametrize(("attempt", "jitter"), [(-1, 0.0), (0, -0.1), (0, 1.1), (0, float("nan"))])
def test_a_caller_s_mistake_is_named(attempt, jitter):
    """A negative attempt or a jitter outside 0 to 1 is a fault in our program."""
    with pytest.raises(ValueError, match=r"attempts|jitter"):
        wait_s(attempt, jitter=jitter)


@given(
    attempt=st.integers(0, 12),
    jitter=st.floats(0, 1),
    retry_after_s=st.none() | st.floats(allow_nan=True, allow_infinity=True),
)
def test_the_next_try_is_never_in_the_past_and_never_beyond_a_day_and_a_tenth(attempt, jitter, retry_after_s):
    """Whatever a registry sends in Retry-After, the delivery stays alive and bounded."""
    due = retry.next_try(attempt, now=NOW, retry_after_s=retry_after_s, jitter=jitter)

    assert (due is None) == (attempt > 9)
    if due is not None:
        assert NOW <= due <= NOW + timedelta(hours=24) * 1.1
        assert due.tzinfo is UTC
