"""The wall behind the student is not of the colour that the spec asks for, where it may not be replaced."""

import math

import numpy as np
from numpy.typing import NDArray

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.colour import to_lab
from photo_service.photo import Matted
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
    return Reading(min(_distance(wall, colour) for colour in allowed))


def _wall(matted: Matted) -> NDArray[np.float32]:
    """Return L*, a*, b* of what surrounds the head, one pixel a row."""
    (height, width), anatomy, step = matted.alpha.shape, matted.located.anatomy, matted.step
    across = (np.arange(width) + 0.5) * step + matted.region.left - anatomy.eyes[0]
    down = (np.arange(height) + 0.5) * step + matted.region.top - anatomy.eyes[1]
    roll = math.radians(anatomy.roll)
    above_chin = np.searchsorted(down * math.cos(roll) - (anatomy.chin[1] - anatomy.eyes[1]), across * math.sin(roll))
    rows = np.arange(above_chin.max())[:, None]  # of each column, that many lie above the chin
    around = np.flatnonzero((matted.alpha[: len(rows)] < _NOT_THE_PERSON) & (rows < above_chin))
    return to_lab(matted.cutout.reshape(-1, 3).take(around, axis=0))


def _distance(wall: NDArray[np.float32], colour: NDArray[np.float32]) -> float:
    """Return the distance within which the plain part of a wall is from a colour."""
    lighter, redder, yellower = (wall[:, part] - colour[part] for part in range(3))
    lighter *= _LIGHTNESS_COUNTS
    return math.sqrt(skin.percentile(lighter**2 + redder**2 + yellower**2, _PLAIN_SHARE))


WRONG_BACKGROUND = Check("wrong_background", "above", 24.0, read, doubt=15.0)
"""24: of the labelled photos, white and pale grey walls measure 0 to 15 from white, one with a shadow 22; painted blue
ones 11 and 16 from light blue and 26 and more from white; clutter, brick, flags, black and red cloth 30 and more. Dark
grey lies between, 15 to 21, and is left to whoever looks at it."""
