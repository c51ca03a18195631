"""A part of the face lies in shadow, or in light of another colour."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_PLACES: Final = ((151, 9), (50, 205, 101), (280, 425, 330), (5, 195, 4))
"""ICAO's zones, less the chin, which may be bearded: forehead, right cheek, left cheek, nose."""
_TINTED: Final = 0.2
"""Share of blue that light of another colour leaves of what it leaves of red, at the limit; one light on skin, hair and
beard leaves 0.3 at least."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the darker cheek's mean luminance over the brighter one's, in linear light; or, where it is less, how far
    some part of the face has lost its blue, brought to the same limit.

    The whole flat of each cheek, not the small squares of ICAO and OFIQ: a shadow's edge seldom falls on their middle.
    The second sign finds coloured light on a part of the face, alike on both cheeks or not. `side` is the person's own
    darker side, where it is a side.
    """
    right, left = (_mean(subject, cheek) for cheek in subject.cheeks)
    darker = min(right, left) / max(right, left, 1e-3)
    tinted = _blue_left(subject) / _TINTED * UNEVEN_LIGHT.limit
    if tinted < darker:
        return Reading(tinted)
    return Reading(darker, {"side": "right" if right < left else "left"})


def _mean(subject: Subject, cheek: NDArray[np.bool_]) -> float:
    return float(subject.luminance[cheek].mean()) if cheek.any() else 0.0


def _blue_left(subject: Subject) -> float:
    """Return the least blue of four places over the most, over the same of red."""
    places = np.stack([skin.typical(subject.chip, subject.points, marks, reach=4) for marks in _PLACES]) + 3.0
    left = places.min(axis=0) / places.max(axis=0)
    return float(left[2] / left[0])


UNEVEN_LIGHT = Check("uneven_light", "below", 0.37, read, doubt=0.45)
"""0.37: five of the seven labelled `shadow` photos have 0.19 to 0.35 by their cheeks, and one that is lit alike on both
cheeks and yellow in between 0.06 by its blue; the seventh has no shadow that one sees (0.84). The 35 that must give a
photo have 0.42 and more. ICAO's 0.5 in encoded light is 0.22 in linear light. Recall 6 of 7, false alarms 0 of 35, of
which 2 warnings; soft light from a window warns."""
