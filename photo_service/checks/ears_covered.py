"""Hair, a hood or headphones lie over an ear."""

import numpy as np
from numpy.typing import NDArray

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.photo import CHIP_IED
from photo_service.silhouette import SOLID
from photo_service.spec import Spec

_SIDES = {"right": ((127, 234, 93), 50, -1), "left": ((356, 454, 323), 280, 1)}
"""Landmarks along the edge of the face beside the ear, one on the cheek near it, and which way is outwards."""
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
    background; where hair hangs over it, it is hair from end to end.
    """
    shares = {side: _covered_share(subject, side) for side in _SIDES}
    side = max(shares, key=lambda name: shares[name])
    both = min(shares.values()) > EARS_COVERED.limit
    return Reading(shares[side], {"side": "both" if both else side})


def _covered_share(subject: Subject, side: str) -> float:
    zone = _zone(subject, side)
    if not zone.any():
        return 0.0
    person = zone & (subject.person > SOLID)
    return float((person & ~_is_skin(subject, side)).sum() / zone.sum())


def _zone(subject: Subject, side: str) -> NDArray[np.bool_]:
    edge_points, _, outwards = _SIDES[side]
    ys, xs = np.indices(subject.grey.shape)
    points = subject.points
    edge = np.interp(ys[:, 0], points[list(edge_points), 1], points[list(edge_points), 0])[:, None]
    out = (xs - edge) * outwards
    top = points[list(_EYE_CORNERS), 1].mean() - 0.1 * CHIP_IED
    bottom = points[list(_NOSE_BASE), 1].mean() + 0.05 * CHIP_IED
    zone: NDArray[np.bool_] = (out > _NEAR) & (out < _FAR) & (ys > top) & (ys < bottom)
    return zone


def _is_skin(subject: Subject, side: str) -> NDArray[np.bool_]:
    """Compare every pixel with the face's own skin, not with a table of skins: any tone, any light."""
    lab = subject.lab
    samples = np.concatenate([_around(lab, subject, point) for point in (50, 280, 205, 425, 4, 195)])
    hue: NDArray[np.float32] = np.asarray(np.median(samples, axis=0), np.float32)
    near = float(np.median(_around(lab, subject, _SIDES[side][1])[:, 0]))
    off_hue = np.hypot(lab[..., 1] - hue[1], lab[..., 2] - hue[2])
    lighter = lab[..., 0] - near
    skin: NDArray[np.bool_] = (off_hue < _SAME_HUE) & (lighter > -_DARKER) & (lighter < _BRIGHTER)
    return skin


def _around(lab: NDArray[np.float32], subject: Subject, point: int) -> NDArray[np.float32]:
    side = lab.shape[0]
    x, y = (int(np.clip(value, 6, side - 7)) for value in subject.points[point, :2])
    return lab[y - 6 : y + 7, x - 6 : x + 7].reshape(-1, 3)


EARS_COVERED = Check("ears_covered", "above", 0.78, read)
"""0.78: the labelled `hairears` photos have 0.80 to 1.00 on at least one side, the nine labelled `accept` 0.04 to 0.59."""
