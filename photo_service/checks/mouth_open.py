"""The mouth is open."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_INNER_LIPS = ((81, 178), (13, 14), (311, 402))


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return OFIQ's MouthClosed raw value: largest inner-lip distance over eye-to-chin distance."""
    return Reading(max(subject.gap(*pair) for pair in _INNER_LIPS) / subject.eyes_to_chin)


MOUTH_OPEN = Check("mouth_open", "above", 0.055, read)
"""0.055: OFIQ's reference photos named mouthopen have 0.08, closed mouths up to 0.05; labelled photos: open from 0.058,
closed up to 0.050."""
