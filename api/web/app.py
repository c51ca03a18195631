"""The application: the routes and what surrounds them, built around one house."""

from importlib.metadata import version

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from api.bootstrap import House
from api.web.compressing import install_compression
from api.web.console.install import install_console
from api.web.context import GAUGE, HOUSE
from api.web.headers import install_headers
from api.web.limits import Gauge, make_gauge
from api.web.openapi import install_openapi
from api.web.page import bp as page
from api.web.problems import install_problems
from api.web.routes import (
    catalogue,
    collection,
    consents,
    devices,
    health,
    me,
    photos,
    registry,
    sessions,
    submissions,
    wechat,
)
from api.web.strict import install_strictness
from api.web.tracing import install_tracing

ROUTES = (
    sessions.bp,
    devices.bp,
    consents.bp,
    me.bp,
    catalogue.bp,
    collection.bp,
    photos.bp,
    submissions.bp,
    wechat.bp,
    registry.bp,
    health.bp,
)


def create_app(house: House, *, limits: Gauge | None = None) -> APIFlask:
    """Build the web application over `house`.

    `limits` replaces the gauge that counts over the house's Redis.
    """
    app = APIFlask("api.web", title="校园证件照 Campus ID Photo", version=version("campus-id-photo"), docs_path=None)
    app.extensions[HOUSE] = house
    app.extensions[GAUGE] = limits or make_gauge(house.settings.redis_url, house.clock)
    app.extensions[health.METRICS] = install_tracing(app)
    install_problems(app)
    install_headers(app)
    install_compression(app)
    install_strictness(app, max_upload_bytes=house.settings.max_upload_bytes)
    install_openapi(app)
    for bp in (*ROUTES, wechat.push_bp, page):
        app.register_blueprint(bp)
    install_console(app, house)
    _believe_proxies(app, house.settings.trusted_proxies)
    return app


def _believe_proxies(app: APIFlask, count: int) -> None:
    """Take the caller's address and scheme from the nearest `count` proxies; with none, from the connection alone."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
