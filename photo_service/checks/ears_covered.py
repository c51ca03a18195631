"""Hair, a hood or headphones lie over an ear."""

import math

import numpy as np
from numpy.typing import NDArray

from photo_service.checks import parsed, skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.photo import CHIP_IED
from photo_service.silhouette import SOLID
from photo_service.spec import Spec

_SIDES: dict[str, tuple[tuple[int, int, int], int, int]] = {
    "right": ((127, 234, 93), 50, -1),
    "left": ((356, 454, 323), 280, 1),
}
"""Landmarks along the edge of the face beside the ear, one on the cheek near it, and which way is outwards."""
_FACE = (50, 280, 205, 425, 4, 195)
_EYE_CORNERS, _NOSE_BASE = (33, 263), (2, 164)
_NEAR, _FAR = 0.04 * CHIP_IED, 0.32 * CHIP_IED
"""Outwards from the edge of the face: an ear seen from the front sticks out by 0.1 to 0.35 eye distances."""
_SAME_HUE = 14.0
"""Distance in a*b* within which a pixel has the face's own hue; hair is darker or of another hue."""
_DARKER, _BRIGHTER = 32.0, 25.0
"""How far L* of an ear may lie from the near cheek's: ears are shaded, and their rims catch light."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the larger share, of both ear zones, that is person but not skin.

    An ear zone lies beside the face between the eyes and the base of the nose. Where the ear shows it is skin and
    background; where hair hangs over it, it is hair from end to end. Where a parsing network is installed, how much of
    each ear it does not see.
    """
    parsing = subject.located.parsing
    shares = {side: parsed.ear_covered(parsing, side) if parsing else _covered_share(subject, side) for side in _SIDES}
    side = max(shares, key=lambda name: shares[name])
    both = min(shares.values()) > EARS_COVERED.limit
    return Reading(shares[side], {"side": "both" if both else side})


def _covered_share(subject: Subject, side: str) -> float:
    """Return the share of one ear's zone that is person, but not of the face's own hue or far from the near cheek's
    lightness: not a table of skins, so that any tone in any light is skin."""
    rows, zone = _zone(subject, side)
    if not zone.any():
        return 0.0
    hue = skin.typical(subject.lab, subject.points, _FACE, reach=6)
    near = float(np.median(skin.around(subject.lab, subject.points, _SIDES[side][1], reach=6)[:, 0]))
    lab = subject.lab[rows][zone]
    lighter = lab[:, 0] - near
    bare = (skin.hue_apart(lab, hue) < _SAME_HUE) & (lighter > -_DARKER) & (lighter < _BRIGHTER)
    return float((~bare & (subject.person[rows][zone] > SOLID)).mean())


def _zone(subject: Subject, side: str) -> tuple[slice, NDArray[np.bool_]]:
    """Return the rows in which an ear is looked for, and where in them."""
    edge_points, _, outwards = _SIDES[side]
    height, width = subject.grey.shape
    points = subject.points
    top = float(points[list(_EYE_CORNERS), 1].mean()) - 0.1 * CHIP_IED
    bottom = float(points[list(_NOSE_BASE), 1].mean()) + 0.05 * CHIP_IED
    rows = slice(max(math.floor(top) + 1, 0), min(max(math.ceil(bottom), 0), height))
    heights = np.arange(height)[rows]
    edge = np.asarray(np.interp(heights, points[list(edge_points), 1], points[list(edge_points), 0]))
    out = (np.arange(width)[None, :] - edge[:, None]) * outwards
    return rows, (out > _NEAR) & (out < _FAR)


EARS_COVERED = Check("ears_covered", "above", 0.78, read)
"""0.78: twelve of the thirteen labelled `hairears` photos have 0.83 to 1.00 on at least one side (the thirteenth is
turned by 29° and shows the ear that is bare), the nine labelled `accept` 0.04 to 0.59."""
