"""The sample staff of `idphoto up`: opened once, their passwords kept in a file that its owner alone can read."""

import json
import os
from pathlib import Path

from api.bootstrap import House
from api.services.seed_staff import SampleLogin

FILE = "staff-logins.json"


def sample_staff(house: House, *, home: Path) -> tuple[SampleLogin, ...]:
    """Return the sample logins; passwords are made at random at the first start and are the same ever after."""
    file = home / FILE
    found = house.staff.seed_samples(_kept(file))
    fresh = {one.login: one.password for one in found if one.password is not None}
    if fresh != _kept(file):
        part = file.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as text:
            json.dump(fresh, text)
        part.replace(file)
    return found


def _kept(file: Path) -> dict[str, str]:
    try:
        kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept
