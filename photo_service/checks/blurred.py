"""The face is out of focus, shaken, or enlarged from too few pixels."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the steepest edges of brows, eyes, nose and mouth: the 99th percentile of the Laplacian's size over the
    span of grey levels (2nd to 98th percentile) from the brows to the lower lip.

    Measured where the eyes are 40 pixels apart, which is near the size of the smallest finished photos (an eye distance
    of 45 at 180 x 240): blur that a photo is too small to show is no fault of the photo. As a share of the span, so
    that dim light is not taken for blur; a percentile, since most of a face is smooth and sharp all the same.
    """
    return Reading(subject.detail)


BLURRED = Check("blurred", "below", 0.186, read, doubt=0.20)
"""0.186: eight of the ten labelled `blur` photos that show a face have 0.03 to 0.16 (the other two, a grainy print and
a video still with hard blocks, 0.26), the 35 that must give a photo 0.21 and more, and so have faces in hard light and
between dark hair. Recall 8 of 10, and 9 of 11 with `unconfirmed`; false alarms 0 of 35."""
