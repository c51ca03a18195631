"""The student stands so close that the spec's frame does not fit around the head."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

RULES = frozenset({"crown", "chin", "eye_line", "head_height", "face_width", "sides"})
OTHERS = frozenset({"top", "bottom", "pixels"})
"""Misses that have a finding of their own; what else is broken beside them is only their consequence."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return by how many photo pixels the frame misses, worst rule; 0 where it fits."""
    if any(miss.rule in OTHERS for miss in subject.misses):
        return Reading(0.0)
    by_px = max((miss.by_px for miss in subject.misses if miss.rule in RULES), default=0.0)
    return Reading(by_px, {"amount": round(by_px)})


FACE_TOO_LARGE = Check("face_too_large", "above", 0.5, read)
"""Half a pixel is rounding."""
