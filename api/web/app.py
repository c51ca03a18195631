"""The application: the routes and what surrounds them, built around one house."""

from collections.abc import Sequence
from importlib.metadata import version

from apiflask import APIFlask

from api.bootstrap import House
from api.domain.identity import RosterRow
from api.web.context import GAUGE, HOUSE
from api.web.headers import install_headers
from api.web.limits import Gauge, make_gauge
from api.web.openapi import install_openapi
from api.web.page import SAMPLES
from api.web.page import bp as page
from api.web.problems import install_problems
from api.web.routes import catalogue, consents, health, me, photos, registry, sessions, submissions
from api.web.strict import install_strictness
from api.web.tracing import install_tracing

ROUTES = (sessions.bp, consents.bp, me.bp, catalogue.bp, photos.bp, submissions.bp, registry.bp, health.bp)


def create_app(house: House, *, samples: Sequence[RosterRow] = (), limits: Gauge | None = None) -> APIFlask:
    """Build the web application over `house`.

    `samples` are fictional people whom the sign-in page may name; they are shown only where signing in by name is on.
    `limits` replaces the gauge that counts over the house's Redis.
    """
    app = APIFlask("api.web", title="校园证件照 Campus ID Photo", version=version("campus-id-photo"), docs_path=None)
    app.extensions[HOUSE] = house
    app.extensions[GAUGE] = limits or make_gauge(house.settings.redis_url, house.clock)
    app.extensions[SAMPLES] = tuple(samples) if house.settings.dev_login else ()
    app.extensions[health.METRICS] = install_tracing(app)
    install_problems(app)
    install_headers(app)
    install_strictness(app, max_upload_bytes=house.settings.max_upload_bytes)
    install_openapi(app)
    for bp in (*ROUTES, page):
        app.register_blueprint(bp)
    return app
