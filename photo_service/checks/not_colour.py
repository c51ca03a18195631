"""The picture is grey, or tinted with one colour only."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the face's colour (see `Subject.colourfulness`); 0 for a one-channel file."""
    return Reading(subject.colourfulness)


NOT_COLOUR = Check("not_colour", "below", 14.0, read)
"""14: eleven one-colour pictures of the labelled photos have 0 to 5, a marble head 3, a hand-tinted one 5, a nearly
grey webcam 11; the palest face in colour 19. Recall on `grey` 6 of 7 (the seventh is a snow scene in faint colour,
23), false alarms 0 of 35."""
