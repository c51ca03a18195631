"""Who may render at the same time in one process, so that its memory stays below 600 MB."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Final

LARGE_BYTES: Final = 100_000_000
"""A selfie whose decoding takes more than this is rendered alone."""
_PATIENCE_S: Final = 10.0
"""How long a large selfie waits for the others to end; ordinary ones take well under a second."""


class AllTakenError(Exception):
    """No place is free."""


class Seats:
    """A few places for ordinary selfies, all of them together for one large selfie.

    Ordinary ones never wait. `tidy` is called before and after a large one.
    """

    def __init__(self, count: int, *, patience_s: float = _PATIENCE_S, tidy: Callable[[], None] | None = None) -> None:
        self._count, self._patience_s = count, patience_s
        self._tidy = tidy or give_memory_back
        self._places = BoundedSemaphore(count)
        self._one_large = Lock()

    @contextmanager
    def taken(self, decoder_bytes: int) -> Iterator[None]:
        """Hold what a selfie needs that takes `decoder_bytes` to decode. Raises AllTakenError."""
        with self._alone() if decoder_bytes > LARGE_BYTES else self._place():
            yield

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise AllTakenError
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Take one place after the other; two that did so at once would wait for each other."""
        if not self._one_large.acquire(blocking=False):
            raise AllTakenError
        held = 0
        try:
            while held < self._count:
                if not self._places.acquire(timeout=self._patience_s):
                    raise AllTakenError
                held += 1
            self._tidy()
            yield
        finally:
            self._tidy()
            if held:
                self._places.release(held)
            self._one_large.release()


def give_memory_back() -> None:
    """Return freed memory to the system: glibc keeps it for each thread that ever decoded a large picture."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):  # another C library, which has its own ways
        return
