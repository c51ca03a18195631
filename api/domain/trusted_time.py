"""How far the machine's clock may be from what it said last before nothing is deleted by it any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_SILENCE = timedelta(days=3)
"""The longest a mark may be old. A working installation moves it with every purge, ten minutes apart and a day at most
(`IDPHOTO_PURGE_EVERY_S`). Switched off over a weekend, Friday evening to Monday morning, it is 64 hours old, and nobody
need say anything; after a week of holidays or a summer an operator says once that the clock is right. A clock that
is wrong by less than this deletes nothing more than three days early."""

MOST_BEHIND = timedelta(hours=1)
"""Hosts whose clocks are kept differ by a second at most, so that an hour is a fault and no skew."""


@dataclass(frozen=True, slots=True)
class ClockStand:
    """The clock beside the latest moment that was believed; `latest` is None before the first purge."""

    now: datetime
    latest: datetime | None

    @property
    def offset_s(self) -> float:
        """Seconds the clock is ahead of the latest moment; negative where it is behind, 0 where there is none."""
        return (self.now - self.latest).total_seconds() if self.latest is not None else 0.0

    @property
    def ahead(self) -> bool:
        """Tell whether nothing may be deleted by this clock."""
        return self.latest is not None and self.now - self.latest > MOST_SILENCE

    @property
    def believed(self) -> datetime:
        """Return the time that things may be ended by: the clock's, or the latest one where the clock leapt ahead."""
        return self.latest if self.ahead and self.latest is not None else self.now

    @property
    def behind(self) -> bool:
        """Tell whether what has ended is kept because the clock says that it has not."""
        return self.latest is not None and self.latest - self.now > MOST_BEHIND
