"""For the operator and the load balancer: alive, ready, counted."""

from apiflask import APIBlueprint
from flask import Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from api.web.context import house
from api.web.errors import NotReady
from api.web.installation_metrics import installation_gauges, requests_of_all_processes

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
    """Show what was asked of this process, or of all of them (PROMETHEUS_MULTIPROC_DIR), and what waits in the house.

    For the machine's own network: nginx keeps it from outside.
    """
    own: CollectorRegistry = current_app.extensions[METRICS]
    told = generate_latest(requests_of_all_processes(own)) + generate_latest(installation_gauges(house()))
    return Response(told, content_type=CONTENT_TYPE_LATEST)
