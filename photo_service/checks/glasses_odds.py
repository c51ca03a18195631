"""How likely glasses are on a face, clear or dark, by the lines on it."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photo_service.checks.frame_lines import frame_lines
from photo_service.checks.glasses_weights import OFFSET, WEIGHTS
from photo_service.models.ports import Points

WEIGHT: Final = 0.01
"""Log odds that one unit of the weights is worth."""


def glasses_odds(lightness: NDArray[np.float32], points: Points) -> float:
    """Return the natural logarithm of how much likelier glasses are than none; `lightness` is the chip's L*.

    A logistic regression on the lines that cross the face and run down it, dark and light (see `frame_lines`).
    `benchmarks.calibrate.learn_glasses` learned its weights, from drawn glasses. Faces turned by more than 45 degrees
    were not learned from.
    """
    return WEIGHT * (float(np.vdot(_weights(), frame_lines(lightness, points))) + OFFSET)


@cache
def _weights() -> NDArray[np.float32]:
    return np.array(WEIGHTS, np.float32)
