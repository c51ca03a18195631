"""What every measurement of a collection stands on: an embedded installation, and what must hold for its numbers."""

from pathlib import Path

from api.bootstrap import House, build
from api.cli.surroundings import embedded
from api.config import Settings


def open_home(home: Path) -> House:
    """Open the embedded installation under a directory."""
    return build(Settings.from_env(embedded({"IDPHOTO_LOG_FORMAT": "json"}, home=home)))


def settled(home: Path) -> None:
    """Make the sample campaign, so that a measurement begins with it."""
    house = open_home(home)
    house.seed_sample(registry_url="http://127.0.0.1:9/hook")
    house.close()


def peak_mb_of(process: int | str) -> float:
    """Return the most a living program has held; `ru_maxrss` would count what its parent held when it forked."""
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0) / 1024


class Broken(Exception):
    """What a measurement relies on did not hold: its numbers mean nothing."""


def require(holds: bool, what: str) -> None:
    """Raise Broken, naming what was to hold, where it does not."""
    if not holds:
        raise Broken(what)
