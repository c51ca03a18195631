"""`python -m worker render`, `python -m worker deliver`, or `python -m worker` for one process of each.

Separate processes, because RQ bounds a job's time by a signal, which only a main thread can take, and because a
registry that answers slowly must never keep a student waiting.
"""

import os
import sys

from api.adapters.logging import configure_logging
from api.bootstrap import build
from api.config import ConfigError, Settings
from api.domain.errors import RendererAway, SchemaBehind
from api.domain.work import Work
from worker.crew import keep_crew
from worker.rounds import QUEUES, work

_USAGE = "usage: python -m worker [render|deliver]"
_BAD_USAGE = 2


def main(arguments: list[str]) -> int:
    """Run until SIGTERM; return the exit status."""
    if not arguments:
        return keep_crew([[sys.executable, "-m", "worker", what.value] for what in QUEUES])
    if len(arguments) != 1 or arguments[0] not in {what.value for what in QUEUES}:
        sys.stderr.write(f"{_USAGE}\n")
        return _BAD_USAGE
    try:
        settings = Settings.from_env(os.environ)
        configure_logging(settings.log_format)
        house = build(settings)
    except (ConfigError, SchemaBehind) as fault:
        sys.stderr.write(f"{fault}\n")
        return _BAD_USAGE
    try:
        work(house, Work(arguments[0]))
    except RendererAway as fault:
        sys.stderr.write(f"{fault}\n")
        return _BAD_USAGE
    finally:
        house.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
