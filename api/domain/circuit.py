"""A circuit per registry: one that is down is left in peace, and is asked again by a single event before the rest."""

from dataclasses import dataclass
from datetime import datetime, timedelta

OPENS_AFTER = 5
"""Failures in a row, over all events of a registry, that mean the registry is down and not one event unlucky."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 30.0, 900.0
"""The pause doubles from half a minute to a quarter of an hour: a registry that is back waits no longer than that."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """`failures` in a row, and until when nothing is sent. What is held back is not a try: the retry table waits."""

    failures: int = 0
    open_until: datetime | None = None

    def lets_through(self, now: datetime) -> bool:
        """Tell whether an event may be sent now."""
        return self.open_until is None or now >= self.open_until

    def probing(self, *, now: datetime, lease_s: float) -> "Circuit":
        """Return the circuit while one event tries a registry that was down: the others wait for its outcome."""
        if self.open_until is None:
            return self
        return Circuit(self.failures, now + timedelta(seconds=lease_s))

    def after_success(self) -> "Circuit":
        """Return a closed circuit."""
        return Circuit()

    def after_failure(self, *, now: datetime, retry_after_s: float | None) -> "Circuit":
        """Return the circuit after one more failure; a `Retry-After` holds the whole registry's events back."""
        failures = self.failures + 1
        pause_s = min(retry_after_s or 0.0, LONGEST_PAUSE_S)
        if failures >= OPENS_AFTER:
            doubled = FIRST_PAUSE_S * 2 ** min(failures - OPENS_AFTER, 10)
            pause_s = max(pause_s, min(doubled, LONGEST_PAUSE_S))
        return Circuit(failures, now + timedelta(seconds=pause_s) if pause_s else None)
