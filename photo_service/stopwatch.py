"""How long each stage took, in milliseconds of wall time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Times named stages of one job; a stage entered twice adds up. Not shared between jobs."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self._stages[name] = self._stages.get(name, 0.0) + time.perf_counter() - started

    def timings_ms(self) -> dict[str, float]:
        """Return each stage's time and, as `total`, all time since the watch was made."""
        timings = {name: round(seconds * 1000, 1) for name, seconds in self._stages.items()}
        return timings | {"total": round((time.perf_counter() - self._started) * 1000, 1)}
