"""The wall behind the student is not of the colour that the spec asks for, where it may not be replaced."""

import numpy as np
from numpy.typing import NDArray

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.colour import to_lab
from photo_service.photo import Matted
from photo_service.silhouette import levelled
from photo_service.spec import Spec

_NOT_THE_PERSON = 0.05
"""Alpha below which a pixel is certainly wall."""
_FEWEST_PIXELS = 50
_LIGHTNESS_COUNTS = 1 / 3
"""A white wall in the shade is grey in the picture and white to everybody: lightness counts for a third."""
_PLAIN_SHARE = 80
"""Percentile of the wall that must be near the colour: a plain wall may have a corner, a switch, a shadow."""


def read(subject: Subject, spec: Spec) -> Reading | None:
    """Return how far the wall above the chin is from the nearest allowed colour, in L*a*b* with lightness at a third.

    Nothing where the background is replaced, where any will do, or where no wall is to be seen.
    """
    if not spec.background.wall:
        return None
    wall = _wall(subject.matted)
    if len(wall) < _FEWEST_PIXELS:
        return None
    allowed = to_lab(np.array([spec.background.wall], np.uint8))[0]
    distances = [np.percentile(_distance(wall, colour), _PLAIN_SHARE) for colour in allowed]
    return Reading(float(min(distances)))


def _wall(matted: Matted) -> NDArray[np.float32]:
    """Return L*, a*, b* of what surrounds the head, one pixel a row."""
    _, down = levelled(matted.located, matted.region, matted.step, matted.alpha.shape)
    chin = matted.located.anatomy.chin[1] - matted.located.anatomy.eyes[1]
    lab: NDArray[np.float32] = to_lab(matted.cutout[(matted.alpha < _NOT_THE_PERSON) & (down < chin)])
    return lab


def _distance(pixels: NDArray[np.float32], colour: NDArray[np.float32]) -> NDArray[np.float32]:
    away: NDArray[np.float32] = (pixels - colour) * np.array([_LIGHTNESS_COUNTS, 1, 1], np.float32)
    distance: NDArray[np.float32] = np.sqrt((away**2).sum(axis=-1))
    return distance


WRONG_BACKGROUND = Check("wrong_background", "above", 24.0, read, doubt=15.0)
"""24: of the labelled photos, white and pale grey walls measure 0 to 15 from white, one with a shadow 22; painted blue
ones 11 and 16 from light blue and 26 and more from white; clutter, brick, flags, black and red cloth 30 and more. Dark
grey lies between, 15 to 21, and is left to whoever looks at it."""
