"""The face has fewer pixels than the finished photo needs."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.planning import enlargement
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:
    """Return how many times the face would have to be enlarged for the smallest head that the spec allows."""
    times = enlargement(subject.head, spec)
    return Reading(times, {"amount": round(times, 1)})


LOW_RESOLUTION = Check("low_resolution", "above", 1.01, read)
"""1: what is enlarged is invented, and several authorities refuse it (法考, 国家公务员); a hundredth is rounding.
A spec that allows enlarging sets its own limit."""
