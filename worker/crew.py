"""Keep several worker processes running: start them, start again who dies, end them together."""

import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from types import FrameType

import structlog

_LOOK_EVERY_S = 0.5
_GRACE_S = 30.0
_NOT_SOONER_S = 5.0
_BAD_USAGE = 2


def keep_crew(
    commands: Sequence[Sequence[str]], *, look_every_s: float = _LOOK_EVERY_S, not_sooner_s: float = _NOT_SOONER_S
) -> int:
    """Run every command until SIGTERM or SIGINT; return the exit status.

    A command that dies is started again, at most every `not_sooner_s` seconds. One that ends with status 2
    cannot start at all (settings, schema): then everything ends with 2, for a person must look.
    """
    stop = threading.Event()

    def ask(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the handler's shape
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    crew = [_Member(command, not_sooner_s=not_sooner_s) for command in commands]
    status = 0
    try:
        while not stop.is_set() and status == 0:
            status = max(member.look() for member in crew)
            stop.wait(look_every_s)
    finally:
        for member in crew:
            member.ask_to_end()
        for member in crew:
            member.end()
    return status


class _Member:
    """One process of the crew."""

    def __init__(self, command: Sequence[str], *, not_sooner_s: float) -> None:
        self._not_sooner_s = not_sooner_s
        self._command = list(command)
        self._start()

    def look(self) -> int:
        """Start the process again if it died; return 2 when there is no use in that, else 0."""
        status = self._process.poll()
        if status is None:
            return 0
        if status == _BAD_USAGE:
            return _BAD_USAGE
        if time.monotonic() >= self._started + self._not_sooner_s:
            structlog.get_logger("worker").error("restarting", command=self._command[-1], status=status)
            self._start()
        return 0

    def ask_to_end(self) -> None:
        """Send SIGTERM, which finishes the job at hand."""
        if self._process.poll() is None:
            self._process.terminate()

    def end(self) -> None:
        """Wait for the end, and force it when it takes too long: leases bring the work back."""
        try:
            self._process.wait(timeout=_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(self._command)  # noqa: S603 - our own command line
