"""Programs that end with the program that started them."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from api.adapters import lifeline


class Tethered:
    """A child process that does not outlive us, however we end; see `api.adapters.lifeline`."""

    def __init__(self, command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None) -> None:
        """Start `command` with its output appended to `log`. Raises OSError when the log cannot be written.

        A command that cannot be run ends at once, with status 1 and the reason in the log.
        """
        with log.open("ab") as output:
            # A session of its own keeps the terminal's Ctrl-C from ending it before those who still talk to it.
            self._holder = subprocess.Popen(  # noqa: S603 (our own lifeline; the caller names the program)
                [sys.executable, "-I", "-S", lifeline.__file__, *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The lifeline's process id; the program's own is its child's."""
        return self._holder.pid

    def poll(self) -> int | None:
        """Answer the exit status, 128 and the signal's number for a killed program, None while it runs."""
        return self._holder.poll()

    def release(self) -> None:
        """Let go: the program is asked to end (SIGTERM), and made to (SIGKILL) a few seconds later. Does not wait."""
        if self._holder.stdin is not None:
            self._holder.stdin.close()

    def end(self) -> int:
        """Let go, wait until the program has ended and answer its exit status. May be called twice."""
        self.release()
        return self._holder.wait()
