"""The face is flat, as if seen through fog."""

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the span of the face's grey levels, 2nd to 98th percentile, 0 to 255 (encoded)."""
    low, high = skin.percentiles(subject.grey[subject.face], 2, 98)
    return Reading(high - low)


LOW_CONTRAST = Check("low_contrast", "below", 62.0, read, doubt=70.0)
"""62: a hazy webcam picture has 58, the 35 labelled photos that must give a photo 116 and more. No photo is labelled
for it: recall unknown, false alarms 0 of 35."""
