"""The picture is grey, or tinted with one colour only."""

import numpy as np

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_PATCHES = (205, 425, 4, 151, 50, 280, 199, 9)
_PER_RED = 3.0
"""Chroma levels that one unit of a* is worth here: brings both limits to one number."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the face's colour: the smaller of its median chroma (largest less smallest channel, 0 to 255) and three
    times its reddest patch's a*; 0 for a one-channel file.

    Chroma alone takes a sepia or hand-tinted print for colour; living skin is red somewhere. OFIQ's NaturalColour gives
    greyscale pictures full marks; hence a measure of its own.
    """
    if subject.located.upright.colourless:
        return Reading(0.0)
    return Reading(min(subject.chroma, _PER_RED * max(redness(subject), 0.0)))


def redness(subject: Subject) -> float:
    """Return the largest a* of forehead, nose, cheeks and chin: blood shows in one of them, whatever the rest."""
    return max(float(np.median(skin.around(subject.lab, subject.points, mark, reach=5)[:, 1])) for mark in _PATCHES)


NOT_COLOUR = Check("not_colour", "below", 14.0, read)
"""14: eleven one-colour pictures of the labelled photos have 0 to 5, a marble head 3, a hand-tinted one 5, a nearly
grey webcam 11; the palest face in colour 19. Recall on `grey` 6 of 7 (the seventh is a snow scene in faint colour,
23), false alarms 0 of 35."""
