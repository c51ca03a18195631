"""More than one person in the picture."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the second face's area as a share of the first's (OFIQ SingleFacePresent, raw value); 0 for one face."""
    faces = subject.located.faces
    if len(faces) < 2:
        return Reading(0.0)
    areas = [face.width * face.height for face in faces]
    return Reading(areas[1] / areas[0], {"count": len(faces)})


MULTIPLE_FACES = Check("multiple_faces", "above", 0.04, read)
"""0.04: a face a fifth as wide as the student's. Smaller ones are posters and passers-by, which the matte removes."""
