"""The square around a head that is parsed into its parts: OFIQ's, so that networks trained for it fit."""

import math
from typing import Final

from photo_service.geometry import Anatomy
from photo_service.models.roi import Roi

SIDE_IN_EYE_DISTANCES: Final = 556 / 113
"""OFIQ's aligned face is 616 pixels wide with the eyes 113 apart; 30 are taken off left and right and 60 below."""
EYES_AT: Final = (277.5 / 556, 272 / 556)
"""Where the middle of the eyes lies in that square, as a share of its side."""


def parsing_square(anatomy: Anatomy) -> Roi:
    """Return the square of the picture that is parsed: levelled, the eyes where OFIQ has them."""
    side = SIDE_IN_EYE_DISTANCES * max(anatomy.inter_eye, 1.0)
    roll = math.radians(anatomy.roll)
    across, down = ((0.5 - at) * side for at in EYES_AT)
    x = anatomy.eyes[0] + across * math.cos(roll) - down * math.sin(roll)
    y = anatomy.eyes[1] + across * math.sin(roll) + down * math.cos(roll)
    return Roi(x, y, side=side, angle=roll)
