"""The face is washed out by too much light."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the face's mean luminance in linear light, 0 to 1 (OFIQ LuminanceMean, raw value, over the oval)."""
    return Reading(float(subject.luminance[subject.face].mean()))


TOO_BRIGHT = Check("too_bright", "above", 0.54, read)
"""0.54: the labelled `bright` photos have 0.56 and 0.66, the palest well-lit face 0.52."""
