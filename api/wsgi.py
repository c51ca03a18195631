"""What a WSGI server calls: `gunicorn 'api.wsgi:app()'`."""

import os

from apiflask import APIFlask

from api.adapters.logging import configure_logging
from api.bootstrap import build
from api.config import Settings
from api.web.app import create_app


def app() -> APIFlask:
    """Build the application from the environment.

    Raises ConfigError with every fault of the environment at once.
    """
    settings = Settings.from_env(os.environ)
    configure_logging(settings.log_format)
    return create_app(build(settings))
