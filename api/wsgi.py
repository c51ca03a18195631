"""What a WSGI server calls: `gunicorn 'api.wsgi:app()'`."""

import os

from apiflask import APIFlask

from api.bootstrap import build
from api.config import Settings
from api.web.app import create_app


def app() -> APIFlask:
    """Build the application from the environment.

    Raises ConfigError with every fault of the environment at once.
    """
    return create_app(build(Settings.from_env(os.environ)))
