"""The student stands so close that the spec's frame does not fit around the head."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

RULES = frozenset({"sides", "head_height", "face_width", "chin", "eye_line"})


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return by how many photo pixels the frame misses, worst rule; 0 where it fits."""
    by_px = max((miss.by_px for miss in subject.misses if miss.rule in RULES), default=0.0)
    return Reading(by_px, {"amount": round(by_px)})


FACE_TOO_LARGE = Check("face_too_large", "above", 0.5, read)
"""Half a pixel is rounding."""
