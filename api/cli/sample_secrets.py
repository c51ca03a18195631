"""Keep the sample registry's secrets those that sign: a rotation at the console or another terminal reaches it."""

import time
from collections.abc import Callable
from pathlib import Path

from api.bootstrap import House
from api.domain.errors_database import DatabaseUnavailable

_LOOK_EVERY_S = 1.0
"""A delivery that comes sooner after a change is refused once and tried again five seconds later."""


class SampleSecrets:
    """The file the sample registry reads for every event: one secret a line, newest first, for its owner's eyes only.

    A school's engineer would type a new secret in by hand; the sample registry has nobody, so we do. During a
    rotation both secrets stand in it, after the overlap or `--finish` the newest alone. `monotonic` is in seconds.
    """

    def __init__(
        self, file: Path, *, house: House, registry_id: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._file = file
        self._house = house
        self._registry_id = registry_id
        self._monotonic = monotonic
        self._written: tuple[str, ...] = ()
        self._look_at = 0.0

    def write(self) -> None:
        """Bring the file up to what signs now; nothing is written where nothing changed. Raises DatabaseUnavailable."""
        self._look_at = self._monotonic() + _LOOK_EVERY_S
        for registry in self._house.list_registries():
            secrets = registry.signing(self._house.clock.now())
            if registry.id == self._registry_id and secrets != self._written:
                self._replace(secrets)

    def look(self) -> None:
        """Do so once a second at most; a database that is away for a moment is asked again at the next turn."""
        if self._monotonic() < self._look_at:
            return
        try:
            self.write()
        except DatabaseUnavailable:
            return

    def _replace(self, secrets: tuple[str, ...]) -> None:
        part = self._file.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text("\n".join(secrets) + "\n", "ascii")
        part.replace(self._file)
        self._written = secrets
