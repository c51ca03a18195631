"""For the operator and the load balancer: alive, ready, counted."""

from apiflask import APIBlueprint
from flask import Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from api.web.context import house
from api.web.errors import NotReady

bp = APIBlueprint("health", __name__, tag="运维 Operations")
METRICS = "campus-id-photo.metrics"


@bp.get("/healthz")
@bp.doc(responses={200: "The process answers"})
def alive() -> dict[str, str]:
    """Tell that this process answers; nothing else is looked at."""
    return {"status": "ok"}


@bp.get("/readyz")
@bp.doc(responses={200: "Every part answers", 503: "Some part does not"})
def ready() -> dict[str, object]:
    """Tell whether database, Redis and files answer."""
    parts = house().ping()
    down = sorted(name for name, state in parts.items() if state != "ok")
    if down:
        raise NotReady(parts=", ".join(down), retry_after=5)
    return {"status": "ready", "parts": dict(parts)}


@bp.get("/metrics")
@bp.doc(responses={200: "Prometheus text"})
def metrics() -> Response:
    """Show the counters of this process; for the machine's own network, nginx keeps it from outside."""
    registry: CollectorRegistry = current_app.extensions[METRICS]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
