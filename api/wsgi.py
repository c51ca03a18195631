"""What a WSGI server calls: `gunicorn 'api.wsgi:app()'`."""

import os
import sys

from apiflask import APIFlask

from api.adapters.logging import configure_logging
from api.bootstrap import build
from api.config import Settings
from api.plain_words import in_words, one_line
from api.web.app import create_app

CANNOT_START = 3
"""The exit status by which a process of gunicorn's says that no second start will help (`Arbiter.WORKER_BOOT_ERROR`):
gunicorn then ends with it too, where any other would be tried again for ever."""


def app() -> APIFlask:
    """Build the application from the environment.

    Faults of the environment, a database of another version and one that does not answer are told in one line on
    standard error, and the process ends. Raises SystemExit.
    """
    with in_words(_end):
        settings = Settings.from_env(os.environ)
        configure_logging(settings.log_format)
        return create_app(build(settings))


def _end(words: str) -> SystemExit:
    sys.stderr.write(f"{one_line(words)}\n")
    return SystemExit(CANNOT_START)
