"""The student stands too far away."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the face's width (detector's box) as a share of the picture's longer side."""
    upright, face = subject.located.upright, subject.located.faces[0]
    width, height = upright.size
    share = face.width / max(height, width)
    return Reading(share, {"amount": round(share * 100)})


FACE_TOO_SMALL = Check("face_too_small", "below", 0.175, read)
"""0.175: the nine labelled `small` photos that show a face have 0.08 to 0.22, the smallest good half-length portrait
0.19. Below it the camera stood so far away that perspective, focus and background belong to another picture."""
