"""What one data key makes beside seals."""

from typing import Protocol


class Digests(Protocol):
    """Indexes and signs with one key; `secrets` are what it does so with, and lead to no data key."""

    @property
    def secrets(self) -> bytes: ...
    def index(self, text: str, *, context: str) -> str:
        """Return a keyed digest to look a sealed value up by."""
        ...

    def sign(self, text: str, *, context: str) -> str:
        """Return a keyed signature, URL-safe."""
        ...
