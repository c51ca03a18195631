"""The picture is grey, or tinted with one colour only."""

from typing import Final

import numpy as np

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_DIM: Final = 100.0
"""Median level of a face's strongest channel below which colours are faint for want of light: dark skin in good light
has 110 and more."""
_MOST: Final = 4.0
"""Enlarged further, the noise of a grey file's colour would count for colour."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the face's colour (see `Subject.colourfulness`), as it would be in better light; 0 for a one-channel file.

    Colours fade with the light: a selfie in the dark is told that it is dark, and not that it is black and white.
    """
    value = subject.colourfulness
    if 0 < value < NOT_COLOUR.limit:
        level = float(np.median(subject.chip[subject.face].max(axis=1)))
        value *= min(max(1.0, _DIM / max(level, 1.0)), _MOST)
    return Reading(value)


NOT_COLOUR = Check("not_colour", "below", 12.5, read, doubt=14.0)
"""12.5: ten pictures without colour among the labelled photos have 0, a marble head, a hand-tinted print and a toned
one 4.5 to 5.6, a nearly grey webcam 17; faces in colour 19 and more, those that must give a photo 23.6 and more, 15.7
under fluorescent tubes, 14.0 under a blue sky and by a sixteenth of their light. The same in two tones of sepia have at
most 12.0. From 14 down it warns. Recall on `grey` 6 of 7 (the seventh is a snow scene in faint colour, 23), false
alarms 0 of 35."""
