"""The face is too dark."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the face's mean luminance in linear light, 0 to 1 (OFIQ LuminanceMean, raw value, over the face's oval)."""
    return Reading(float(subject.luminance[subject.face].mean()))


TOO_DARK = Check("too_dark", "below", 0.13, read)
"""0.13 (OFIQ score 20): the labelled `dark` photos have 0.08 to 0.13, the darkest skin in good light 0.15."""
