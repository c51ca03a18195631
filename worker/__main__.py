"""`python -m worker render`, `deliver` or `office`, or `python -m worker` for one process of each.

`--place NAME` is for what keeps several workers: a name that only one process at a time is started under, so that it
may take over at once what the one before it was doing when it died.

Separate processes, because RQ bounds a job's time by a signal, which only a main thread can take, and because a
registry that answers slowly must never keep a student waiting, nor an export of a whole school a registry.
"""

import os
import sys
from uuid import uuid4

from sqlalchemy.exc import DBAPIError

from api.adapters.logging import configure_logging
from api.bootstrap import build
from api.config import ConfigError, Settings
from api.domain.errors import AppError, RendererAway, SchemaAhead, SchemaBehind
from api.domain.work import Work
from api.plain_words import one_line, words_of
from worker.crew import keep_crew
from worker.rounds import QUEUES, work

_USAGE = "usage: python -m worker [render|deliver|office] [--place NAME]"
_NOT_NOW, _BAD_USAGE = 1, 2


def main(arguments: list[str]) -> int:
    """Run until SIGTERM; return the exit status."""
    if not arguments:
        crew = uuid4().hex
        return keep_crew(
            [[sys.executable, "-m", "worker", what.value, "--place", f"{crew}:{what.value}"] for what in QUEUES]
        )
    kind, *rest = arguments
    if kind not in {what.value for what in QUEUES} or rest[:1] not in ([], ["--place"]) or len(rest) not in {0, 2}:
        sys.stderr.write(f"{_USAGE}\n")
        return _BAD_USAGE
    try:
        settings = Settings.from_env(os.environ)
        configure_logging(settings.log_format)
        house = build(settings)
    except (ConfigError, SchemaBehind, SchemaAhead, DBAPIError) as fault:
        words, status = _told(fault)
        sys.stderr.write(f"{words}\n")
        return status
    try:
        work(house, Work(kind), place=rest[1] if rest else None)
    except RendererAway as fault:
        sys.stderr.write(f"{one_line(words_of(fault))}\n")
        return _BAD_USAGE
    finally:
        house.close()
    return 0


def _told(fault: ConfigError | AppError | DBAPIError) -> tuple[str, int]:
    """Return what to say and the exit status: a person must look, or whoever keeps us starts us again in a while."""
    if isinstance(fault, DBAPIError):
        return f"database_unavailable: {str(fault.orig).partition(chr(10))[0]}. Check DATABASE_URL.", _NOT_NOW
    return str(fault) if isinstance(fault, ConfigError) else one_line(words_of(fault)), _BAD_USAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
