"""One side of the face lies in shadow."""

import numpy as np
from numpy.typing import NDArray

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.photo import CHIP_IED
from photo_service.spec import Spec

_CHEEKS = (205, 425)
_HALF_SIDE = round(0.15 * CHIP_IED)


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the darker cheek's luminance over the brighter one's, in linear light: squares of 0.3 eye distances
    (the zones of ICAO's portrait quality report, and of OFIQ's IlluminationUniformity)."""
    right, left = (_mean(subject.luminance, subject.points[cheek, :2]) for cheek in _CHEEKS)
    side = "right" if right < left else "left"
    return Reading(min(right, left) / max(right, left, 1e-3), {"side": side})


def _mean(luminance: NDArray[np.float32], centre: NDArray[np.float32]) -> float:
    height, width = luminance.shape
    x = int(np.clip(centre[0], _HALF_SIDE, width - _HALF_SIDE))
    y = int(np.clip(centre[1], _HALF_SIDE, height - _HALF_SIDE))
    return float(luminance[y - _HALF_SIDE : y + _HALF_SIDE, x - _HALF_SIDE : x + _HALF_SIDE].mean())


UNEVEN_LIGHT = Check("uneven_light", "below", 0.40, read)
"""0.40: ICAO's rule is 0.5 in encoded light, which is 0.22 in linear light; labelled `shadow` photos have 0.25 to 0.41,
evenly lit ones 0.55 and more, soft side light 0.40."""
