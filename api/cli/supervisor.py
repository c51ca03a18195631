"""Keep a few programs running: start them, start again who dies, end them together."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from api.adapters.tethered import Tethered

_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 30.0
_STEADY_AFTER_S = 60.0
HOPELESS = frozenset({2, 3})
"""The exit statuses by which our programs say that no second start will help: settings, schema, usage; 3 is the web's,
see `api.wsgi`."""


@dataclass(frozen=True, slots=True)
class Program:
    """One program to keep: what it is called, how it is run, where its output goes."""

    name: str
    command: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(repr=False)


class HopelessProgram(Exception):
    """A program ended in a way that starting it again cannot mend. The text names it and its last words."""


class Supervisor:
    """Programs that live as long as the block; one that dies is started again, after a pause that doubles.

    `say` is told of every death in one line. Time is `monotonic`'s seconds.
    """

    def __init__(self, *, say: Callable[[str], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._monotonic = monotonic
        self._kept: list[_Kept] = []

    def keep(self, program: Program) -> None:
        """Start a program and keep it running from now on. Its log begins anew."""
        program.log.unlink(missing_ok=True)
        self._kept.append(_Kept(program, started_at=self._monotonic()))

    def look(self) -> None:
        """Start again whoever died and whose pause is over. Raises HopelessProgram."""
        for kept in self._kept:
            now = self._monotonic()
            if kept.resting_until is not None:
                if now >= kept.resting_until:
                    kept.start(now)
                continue
            status = kept.process.poll()
            if status is None:
                continue
            words = f"{kept.program.name} ended (status {status}): {last_words(kept.program.log)}"
            if status in HOPELESS:
                raise HopelessProgram(words)
            pause_s = kept.rest(now)
            self._say(f"{words}; starting it again in {pause_s:g} s")

    def deaths(self) -> dict[str, int]:
        """Answer how often each program has died so far."""
        return {kept.program.name: kept.deaths for kept in self._kept}

    def end(self) -> None:
        """End every program, all at the same time, and wait for the last."""
        for kept in self._kept:
            kept.process.release()
        for kept in self._kept:
            kept.process.end()
        self._kept.clear()


class _Kept:
    """One program under supervision."""

    def __init__(self, program: Program, *, started_at: float) -> None:
        self.program = program
        self.deaths = 0
        self._pause_s = _FIRST_PAUSE_S
        self.start(started_at)

    def start(self, now: float) -> None:
        self.process = Tethered(self.program.command, log=self.program.log, env=self.program.env)
        self.started_at = now
        self.resting_until: float | None = None

    def rest(self, now: float) -> float:
        """Begin the pause before the next start and answer its length: short again after a good long run."""
        self.deaths += 1
        self.process.end()
        if now - self.started_at >= _STEADY_AFTER_S:
            self._pause_s = _FIRST_PAUSE_S
        pause_s, self._pause_s = self._pause_s, min(self._pause_s * 2, _LONGEST_PAUSE_S)
        self.resting_until = now + pause_s
        return pause_s


def last_words(log: Path) -> str:
    """Answer the last line a program wrote, for a message; its whole output is in the log."""
    if not log.exists():
        return "it left no log"
    lines = [line.strip() for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
