"""What a worker does beside its queue: a thread that sweeps every few seconds and purges every few minutes."""

import threading
from collections.abc import Callable
from dataclasses import asdict

import structlog

from api.bootstrap import House
from api.domain.errors_clock import ClockAhead

_TOLD = frozenset({"blobs", "photos", "profiles", "drafts", "reports"})
"""What of a purge the log tells: the end of what students gave."""

_SEE = "docs/operations.md, A clock that is wrong: idphoto purge --clock-is-right"


class Chores:
    """Sweep and purge until stopped.

    Every worker process has one; a lease in the database lets one sweep at a time. A failure is logged and tried again
    at the next turn: a database that is away for a moment must not end the recovery of everything else.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)
        self._log = structlog.get_logger("worker")

    def start(self) -> None:
        """Begin with a sweep at once: a worker often starts because another died."""
        self._thread.start()

    def stop(self) -> None:
        """End after the turn at hand."""
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        settings, clock = self._house.settings, self._house.clock
        purge_at = clock.monotonic()
        while not self._stop.is_set():
            self._safely("sweep", self._sweep)
            self._safely("sweep_office", self._house.office.sweep)
            if clock.monotonic() >= purge_at:
                self._safely("purge", self._purge)
                self._safely("purge_office", self._house.office.forget)
                purge_at = clock.monotonic() + settings.purge_every_s
            self._stop.wait(settings.sweep_every_s)

    def _sweep(self) -> None:
        swept = self._house.sweep()
        if swept.pulled_back:
            self._log.warning("clock_was_ahead", waits_pulled_back=swept.pulled_back)
        if swept.photos_released or swept.photos_failed or swept.deliveries_released:
            self._log.warning(
                "swept",
                photos_released=swept.photos_released,
                photos_failed=swept.photos_failed,
                deliveries_released=swept.deliveries_released,
            )

    def _purge(self) -> None:
        stand = self._house.trusted_clock.look()
        if stand.behind and stand.latest is not None:
            latest = stand.latest.isoformat(timespec="seconds")
            self._log.warning("clock_behind", now=stand.now.isoformat(timespec="seconds"), latest=latest, see=_SEE)
        purged = self._house.purge()
        ended = {name: count for name, count in asdict(purged).items() if name in _TOLD}
        if any(ended.values()):
            self._log.info("purged", **ended)

    def _safely(self, what: str, do: Callable[[], object]) -> None:
        try:
            do()
        except ClockAhead as fault:
            self._log.error("deletes_nothing", chore=what, code=fault.code, see=_SEE, **fault.facts)
        except Exception as fault:  # noqa: BLE001 - see the class: the next turn is the recovery
            self._log.error("chore_failed", chore=what, error=type(fault).__name__)
