"""A whole installation for the recovery tests: the house as the API has it, and workers to start and kill."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from api.adapters.embedded_redis import EmbeddedRedis
from api.bootstrap import House
from api.domain.photo import Photo

MEMBER = Path(__file__).with_name("crew_member.py")
SELFIE = b"a selfie, as far as a slow renderer can tell"


@dataclass
class Plant:
    """A whole installation: the house as the API has it, and workers started and killed at will."""

    home: Path
    redis: EmbeddedRedis
    house: House
    settings_file: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, work: str, *place: str) -> subprocess.Popen[bytes]:
        """Start one worker process, in a place of its own where one is given."""
        process = subprocess.Popen([sys.executable, str(MEMBER), work, str(self.settings_file), *place], cwd=Path.cwd())
        self.processes.append(process)
        return process

    def student(self, name: str = "alice") -> str:
        """Log a student in who consented to everything."""
        student = self.house.login_as_developer(name).student.id
        for text in self.house.list_consents(student):
            self.house.give_consent(student, text.id)
        return student

    def submit(self, student: str) -> Photo:
        """Send a selfie in."""
        return self.house.submit_selfie(
            student, selfie=SELFIE, spec="hunan-pretco", campaign=None, idempotency_key=None
        ).photo

    def photo(self, photo_id: str) -> Photo:
        """Look a photo up."""
        with self.house.parts.database.read() as uow:
            found = uow.photos.get(photo_id)
        assert found is not None
        return found

    def images(self, photo_id: str) -> list[str]:
        """Return the keys of the images stored for a photo."""
        with self.house.parts.database.read() as uow:
            return [row.key for row in uow.blobs.of_photo(photo_id) if row.kind == "image"]

    def until(self, what: Callable[[], bool], *, seconds: float = 15.0) -> None:
        """Wait for something to come true; fail the test when it does not in time."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, "it did not come true in time"
            time.sleep(0.05)
