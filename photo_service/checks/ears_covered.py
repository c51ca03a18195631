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

Lab = NDArray[np.float32]

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
    shares = {side: parsed.ear_covered(parsing, side) for side in _SIDES} if parsing else _covered_shares(subject)
    side = max(shares, key=lambda name: shares[name])
    both = min(shares.values()) > EARS_COVERED.limit
    return Reading(shares[side], {"side": "both" if both else side})


def _covered_shares(subject: Subject) -> dict[str, float]:
    """Return the share of each ear's zone that is person, but not of the face's own hue or far from the near cheek's
    lightness: not a table of skins, so that any tone in any light is skin."""
    rows = _rows(subject)
    if rows.start >= rows.stop:
        return dict.fromkeys(_SIDES, 0.0)
    hue = skin.typical(subject.lab, subject.points, _FACE, reach=6)
    shares = {}
    for side, (edge, cheek, outwards) in _SIDES.items():
        columns, zone = _zone(subject, rows, edge, outwards)
        near = float(skin.middle(skin.around(subject.lab, subject.points, cheek, reach=6)[:, 0]))
        covered = ~_is_bare(subject.lab[rows, columns], hue, near) & (subject.person(rows, columns) > SOLID)
        shares[side] = float(covered[zone].mean()) if zone.any() else 0.0
    return shares


def _is_bare(lab: Lab, hue: Lab, near: float) -> NDArray[np.bool_]:
    lighter = lab[..., 0] - near
    bare: NDArray[np.bool_] = skin.hue_apart(lab, hue) < _SAME_HUE
    return bare & (lighter > -_DARKER) & (lighter < _BRIGHTER)


def _rows(subject: Subject) -> slice:
    """Return the rows in which ears are looked for."""
    points = subject.points
    top = float(points[list(_EYE_CORNERS), 1].mean()) - 0.1 * CHIP_IED
    bottom = float(points[list(_NOSE_BASE), 1].mean()) + 0.05 * CHIP_IED
    return slice(max(math.floor(top) + 1, 0), min(max(math.ceil(bottom), 0), subject.grey.shape[0]))


def _zone(subject: Subject, rows: slice, edge: tuple[int, ...], outwards: int) -> tuple[slice, NDArray[np.bool_]]:
    """Return the columns in which one ear is looked for, and where in these rows and columns."""
    corners, last = subject.points[list(edge)], subject.grey.shape[1]
    face_ends = np.asarray(np.interp(np.arange(rows.start, rows.stop), corners[:, 1], corners[:, 0]))
    ends = [float(end) + outwards * reach for end in (face_ends.min(), face_ends.max()) for reach in (_NEAR, _FAR)]
    columns = slice(min(max(math.floor(min(ends)), 0), last - 1), min(max(math.ceil(max(ends)) + 1, 1), last))
    out = (np.arange(columns.start, columns.stop) - face_ends[:, None]) * outwards
    return columns, (out > _NEAR) & (out < _FAR)


EARS_COVERED = Check("ears_covered", "above", 0.78, read, doubt=0.65)
"""0.78: twelve of the thirteen labelled `hairears` photos have 0.83 to 1.00 on at least one side (the thirteenth is
turned by 29° and shows the ear that is bare), the nine labelled `accept` 0.04 to 0.59. From 0.65 on it warns: curls and
loose hair over a part of the ear, on ten of the fifteen labelled photos in between."""
