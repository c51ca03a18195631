"""The face has fewer pixels than the finished photo needs."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return by how many photo pixels the largest possible head falls short of the spec (0 where it does not)."""
    short = [miss.by_px for miss in subject.misses if miss.rule == "pixels"]
    return Reading(max(short, default=0.0), {"amount": round(max(short, default=0.0))})


LOW_RESOLUTION = Check("low_resolution", "above", 0.5, read)
"""Half a pixel is rounding. Nothing is ever scaled up unless the spec allows it."""
