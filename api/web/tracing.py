"""A name for every request, one log line for each, and the counters an operator watches."""

import re
import secrets
from time import perf_counter

import structlog
from apiflask import APIFlask
from flask import Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)


def install_tracing(app: APIFlask) -> CollectorRegistry:
    """Name, time, log and count the requests of `app`; return the registry that `/metrics` shows.

    Routes are counted by their pattern, so that no id ever becomes a label.
    """
    registry = CollectorRegistry()
    labels = ("method", "route", "status")
    requests = Counter("http_requests", "Requests answered", labels, registry=registry)
    seconds = Histogram("http_request_seconds", "Time to answer", labels[:2], buckets=BUCKETS, registry=registry)

    @app.before_request
    def begin() -> None:
        asked = request.headers.get("X-Request-Id", "")
        g.request_id = asked if WELL_FORMED.fullmatch(asked) else secrets.token_hex(8)
        g.begun = perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unmatched"
        method = request.method if request.method in _METHODS else "other"
        took = perf_counter() - g.get("begun", perf_counter())
        response.headers["X-Request-Id"] = g.get("request_id", "")
        requests.labels(method, route, str(response.status_code)).inc()
        seconds.labels(method, route).observe(took)
        _log(method, route, response.status_code, took)
        return response

    return registry


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _log(method: str, route: str, status: int, took: float) -> None:
    structlog.get_logger("api.web").info(
        "request",
        method=method,
        route=route,
        status=status,
        ms=round(took * 1000, 1),
        request_id=g.get("request_id"),
    )
