"""The skin has a colour that no skin has: a coloured lamp, a filter, a wrong white balance."""

import math

import numpy as np
from numpy.typing import NDArray

from photo_service.checks import not_colour
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.photo import CHIP_EYE_Y, CHIP_IED, CHIP_SIDE
from photo_service.spec import Spec

_SIDE = int(0.3 * CHIP_IED)
_TO_XYZ_D50 = ((0.43605, 0.38508, 0.14309), (0.22249, 0.71689, 0.06062), (0.01393, 0.09710, 0.71419))
_WHITE_D50 = (0.964221, 1.0, 0.825211)
_NO_SKIN_AT_ALL = 100.0
_INNER_MOUTH = (13, 14)


def read(subject: Subject, spec: Spec) -> Reading | None:
    """Return OFIQ's NaturalColour, raw value: how far the cheeks' mean lies outside a* 5 to 25, b* 5 to 35 (D50).

    Nothing for a black-and-white picture, which has a check of its own and to which OFIQ gives full marks.
    """
    grey = not_colour.read(subject, spec)
    if grey is None or grey.value < not_colour.NOT_COLOUR.limit:
        return None
    a, b = _lab_d50(_cheeks(subject))
    if a < 0 or b < 0:
        return Reading(_NO_SKIN_AT_ALL)
    return Reading(math.hypot(max(0.0, 5 - a, a - 25), max(0.0, 5 - b, b - 35)))


def _cheeks(subject: Subject) -> NDArray[np.float64]:
    """Return the mean colour, 0 to 1, of OFIQ's two squares: 0.3 eye distances wide, halfway from eyes to mouth."""
    mouth = float(subject.points[list(_INNER_MOUTH), 1].mean())
    top = int(np.clip(CHIP_EYE_Y + (mouth - CHIP_EYE_Y) / 2, 0, CHIP_SIDE - _SIDE))
    right, left = int(CHIP_SIDE / 2 - CHIP_IED / 2), int(CHIP_SIDE / 2 + CHIP_IED / 2)
    rows = subject.chip[top : top + _SIDE]
    both = np.concatenate([rows[:, right - _SIDE : right], rows[:, left : left + _SIDE]], axis=1)
    mean: NDArray[np.float64] = both.reshape(-1, 3).mean(axis=0) / 255.0
    return mean


def _lab_d50(colour: NDArray[np.float64]) -> tuple[float, float]:
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    ratio = np.array(_TO_XYZ_D50) @ linear / np.array(_WHITE_D50)
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return float(500 * (root[0] - root[1])), float(200 * (root[1] - root[2]))


UNNATURAL_COLOUR = Check("unnatural_colour", "above", 12.0, read, doubt=8.0)
"""12 (OFIQ score 46): coloured stage light, fire and colour-graded pictures have 12 to 100, and so have masks over
the cheeks; the 35 labelled photos that must give a photo have 0.0. Ten findings on the labelled photos, all but the
three masks of that kind by eye."""
