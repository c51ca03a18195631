"""OFIQ's NaturalColour, #11: whether the cheeks have the colour of skin."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photo_service.models.ports import Points, Rgb
from photo_service.ofiq.light import cheek_squares

NO_SKIN_AT_ALL: Final = 100.0
"""What OFIQ gives where a* or b* is negative."""
_TO_XYZ_D50 = ((0.43605, 0.38508, 0.14309), (0.22249, 0.71689, 0.06062), (0.01393, 0.09710, 0.71419))
_WHITE_D50 = (0.964221, 1.0, 0.825211)


def natural_colour(picture: Rgb, points: Points) -> float:
    """Return how far the cheeks' mean colour lies outside a* 5 to 25, b* 5 to 35 (D50); 100 for green and blue skin.

    0 for a picture without any colour, as OFIQ has it: greyscale needs a check of its own (see not_colour).
    """
    squares = [picture[square].reshape(-1, 3) for square in cheek_squares(points, picture.shape)]
    cheeks = np.concatenate(squares)
    if not (np.ptp(cheeks, axis=1) > 0).any():
        return 0.0
    a, b = _lab_d50(cheeks.mean(axis=0) / 255.0)
    if a < 0 or b < 0:
        return NO_SKIN_AT_ALL
    return math.hypot(max(0.0, 5 - a, a - 25), max(0.0, 5 - b, b - 35))


def _lab_d50(colour: NDArray[np.float64]) -> tuple[float, float]:
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    ratio = np.array(_TO_XYZ_D50) @ linear / np.array(_WHITE_D50)
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return float(500 * (root[0] - root[1])), float(200 * (root[1] - root[2]))
