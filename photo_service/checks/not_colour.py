"""The picture is grey, or tinted with one colour only."""

import numpy as np

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the median chroma of the face (largest less smallest channel, 0 to 255); 0 for a one-channel file.

    OFIQ's NaturalColour gives greyscale pictures full marks; hence a measure of its own.
    """
    if subject.located.upright.colourless:
        return Reading(0.0)
    chroma = np.ptp(subject.chip.astype(np.int16), axis=2)
    return Reading(float(np.median(chroma[subject.face])))


NOT_COLOUR = Check("not_colour", "below", 14.0, read)
"""14: greyscale stored as JPEG leaves up to 5, a nearly colourless snow scene 13; the palest face in colour has 21."""
