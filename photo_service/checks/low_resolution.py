"""The face has fewer pixels than the finished photo needs."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.planning import ROUNDING, enlargement
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:
    """Return how many times the face would have to be enlarged for the smallest head that the spec allows; or for one
    that leaves no more around it than the picture has, where that is what keeps a crop from being made."""
    head = subject.head
    short = max((miss.by_px for miss in subject.misses if miss.rule == "pixels"), default=0.0)
    times = max(enlargement(head, spec), 1 + short / max(head.finest * (head.chin - head.crown), 1.0) if short else 0.0)
    return Reading(times, {"amount": round(times, 1)})


LOW_RESOLUTION = Check("low_resolution", "above", 1 + ROUNDING, read)
"""1: what is enlarged is invented, and several authorities refuse it (法考, 国家公务员); a hundredth is rounding.
A spec that allows enlarging sets its own limit."""
