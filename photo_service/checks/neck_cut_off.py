"""The picture ends too soon below the chin."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return by how many photo pixels neck and shoulders are missing at the lower edge; 0 where they are there."""
    by_px = max((miss.by_px for miss in subject.misses if miss.rule == "bottom"), default=0.0)
    return Reading(by_px, {"amount": round(by_px)})


NECK_CUT_OFF = Check("neck_cut_off", "above", 0.5, read)
"""Half a pixel is rounding. The background may be replaced, a body may not be invented."""
