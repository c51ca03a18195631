"""The chin is too high or too low (pitch)."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the pitch in degrees, without sign; `side` is `up` or `down`."""
    pitch = subject.located.pose.pitch
    return Reading(abs(pitch), {"side": "up" if pitch > 0 else "down", "amount": round(abs(pitch))})


HEAD_PITCHED = Check("head_pitched", "above", 18.5, read, doubt=15.0)
"""18.5°: 10° is 研招网's rule; pitch from landmarks varies by some 5° with the shape of the face and the height of the
camera: a labelled `good` face measures 17.1°, the photos labelled `pitch` 30° and more. From 15° on it warns."""
