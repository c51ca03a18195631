"""One side of the face lies in shadow."""

import numpy as np
from numpy.typing import NDArray

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the darker cheek's mean luminance over the brighter one's, in linear light.

    The whole flat of each cheek, not the small squares of ICAO and OFIQ: a shadow's edge seldom falls on their middle.
    `side` is the person's own darker side.
    """
    right, left = (
        _mean(subject, skin.inside(subject.points, marks, subject.grey.shape))
        for marks in (skin.RIGHT_CHEEK, skin.LEFT_CHEEK)
    )
    return Reading(min(right, left) / max(right, left, 1e-3), {"side": "right" if right < left else "left"})


def _mean(subject: Subject, cheek: NDArray[np.bool_]) -> float:
    return float(subject.luminance[cheek].mean()) if cheek.any() else 0.0


UNEVEN_LIGHT = Check("uneven_light", "below", 0.37, read, doubt=0.45)
"""0.37: five of the seven labelled `shadow` photos have 0.19 to 0.35 (the others, shadows of a fringe and of leaves
on both cheeks alike, 0.73 and 0.84), the 35 that must give a photo 0.42 and more. ICAO's 0.5 in encoded light is 0.22
in linear light. Recall 5 of 7, false alarms 0 of 35, of which 2 warnings; soft light from a window warns."""
