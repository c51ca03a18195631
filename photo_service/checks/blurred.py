"""The face is out of focus, shaken, or enlarged from too few pixels."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the detail of the face: standard deviation of its Laplacian over that of its grey levels.

    Measured where the eyes are 40 pixels apart, which is near the size of the smallest finished photos (an eye distance
    of 45 at 180 x 240): blur that a photo is too small to show is no fault of the photo. Divided by the contrast, so
    that dim light is not taken for blur.
    """
    return Reading(subject.detail)


BLURRED = Check("blurred", "below", 0.175, read)
"""0.175: nine of the ten labelled `blur` photos that show a face have 0.04 to 0.17 (the tenth, a grainy print, 0.24);
sharp ones 0.195 and more."""
