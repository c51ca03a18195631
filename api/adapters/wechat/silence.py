"""Whether it is worth asking a WeChat that has fallen silent.

A dead server costs whoever asks the whole time limit, and a thread of ours for as long. A few must find out; the rest
are told at once, and one at a time looks whether it is back.
"""

import threading
import time
from collections.abc import Callable

TIRED_AFTER = 3
REST_S = 5.0


class Silence:
    """Count calls without an answer, over the threads of a process. `clock` is monotonic, in seconds."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._unanswered = 0
        self._rest_until = 0.0

    def may_ask(self) -> bool:
        """Tell whether to call now; of those who come after a rest, one may, and the others rest on."""
        with self._lock:
            if self._unanswered < TIRED_AFTER:
                return True
            now = self._clock()
            if now < self._rest_until:
                return False
            self._rest_until = now + REST_S
            return True

    def answered(self) -> None:
        """Note an answer, be it a refusal."""
        with self._lock:
            self._unanswered = 0

    def unanswered(self) -> None:
        """Note that nothing, or rubbish, came back."""
        with self._lock:
            self._unanswered += 1
            if self._unanswered == TIRED_AFTER:
                self._rest_until = self._clock() + REST_S
