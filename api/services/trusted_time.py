"""The clock for whoever deletes: it tells no time that is unbelievably far ahead."""

from datetime import datetime, timedelta

from api.domain.errors_clock import ClockAhead
from api.domain.ports import Clock, Database
from api.domain.trusted_time import ClockStand

_FRESH = timedelta(minutes=1)
"""A mark this young is not moved: one purge asks for the time a dozen times."""


class TrustedClock:
    """A clock that remembers in the database what it said last, and refuses to leap.

    Whatever has an end date is deleted by this one: a machine whose clock runs a year ahead would delete it all. Each
    `now` opens a unit of work, so none may be open.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def now(self) -> datetime:
        """Return the current time and remember it. Raises ClockAhead."""
        stand = self.look()
        if stand.ahead and stand.latest is not None:
            raise ClockAhead(
                now=stand.now.isoformat(timespec="seconds"),
                latest=stand.latest.isoformat(timespec="seconds"),
                days=(stand.now - stand.latest).days,
            )
        if stand.latest is None or stand.now - stand.latest > _FRESH:
            self._remember(stand.now)
        return stand.now

    def look(self) -> ClockStand:
        """Return how the clock stands; nothing is remembered, nothing refused."""
        with self._database.read() as uow:
            latest = uow.clock_mark.latest()
        return ClockStand(now=self._clock.now(), latest=latest)

    def believe(self) -> ClockStand:
        """Take the clock's word, ahead or behind, because an operator has looked; return how it stood before."""
        stand = self.look()
        self._remember(stand.now)
        return stand

    def monotonic(self) -> float:
        """Return seconds on a clock that never jumps."""
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        self._clock.sleep(seconds)

    def _remember(self, now: datetime) -> None:
        with self._database.write() as uow:
            uow.clock_mark.set(now)
            uow.commit()
