"""What a request can reach: the house, the limits, and the student who asks."""

from flask import current_app, g, request

from api.bootstrap import House
from api.domain.identity import Student
from api.web.limits import Gauge

HOUSE = "campus-id-photo.house"
GAUGE = "campus-id-photo.gauge"


def house() -> House:
    """Return the services of the running application."""
    found: House = current_app.extensions[HOUSE]
    return found


def gauge() -> Gauge:
    """Return the counters of the running application."""
    found: Gauge = current_app.extensions[GAUGE]
    return found


def student() -> Student:
    """Return who asks; only behind `bearer`."""
    found: Student = g.student
    return found


def limit_address(name: str) -> None:
    """Count this call against the caller's address. Raises RateLimited."""
    gauge().spend(name, request.remote_addr or "unknown")


def limit_student(name: str) -> None:
    """Count this call against the student who asks. Raises RateLimited."""
    gauge().spend(name, student().id)
