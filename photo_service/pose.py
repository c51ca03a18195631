"""Head pose from the landmarks, by laying MediaPipe's canonical face over them.

The rotation is the least-squares one (Kabsch 1976; scale by Umeyama 1991) between rigid points of the canonical face
(`canonical_face_model.obj` of MediaPipe, Apache-2.0, centimetres, y up, z towards the camera) and the same landmarks.
Points on the jaw and lips are left out: they move when the mouth does.
"""

import math

import numpy as np
from numpy.typing import NDArray

from photo_service.geometry import Pose
from photo_service.models.ports import FaceMesh

PITCH_OF_THE_CANONICAL_FACE = 5.0
"""Degrees by which the canonical face itself looks down: the mean over the labelled AFLW2000 rows whose pitch is known
(34.4, 30.7, 35.9, 17, -4.7, -2) and over the photos labelled good or frontal, which people call level."""

_MIDDLE: dict[int, tuple[float, float, float]] = {
    1: (0.0, -1.126865, 7.475604),
    4: (0.0, -0.463170, 7.586580),
    5: (0.0, 0.365669, 7.242870),
    6: (0.0, 2.473255, 5.788627),
    9: (0.0, 4.885979, 5.385258),
    10: (0.0, 8.261778, 4.481535),
    151: (0.0, 6.545390, 5.027311),
    168: (0.0, 3.271027, 5.236015),
    195: (0.0, 1.059413, 6.774605),
    197: (0.0, 1.728369, 6.316750),
}
_PAIRS: dict[tuple[int, int], tuple[float, float, float]] = {
    (33, 263): (-4.445859, 2.663991, 3.173422),
    (133, 362): (-1.856432, 2.585245, 3.757904),
    (54, 284): (-6.279331, 6.615427, 1.425850),
    (67, 297): (-3.523964, 8.005976, 3.729163),
    (103, 332): (-5.133204, 7.485602, 2.660442),
    (117, 346): (-5.258659, 0.945811, 2.974312),
    (127, 356): (-7.743095, 2.364999, -2.005167),
    (234, 454): (-7.664182, 0.673132, -2.435867),
    (93, 323): (-7.542244, -1.049282, -2.431321),
}
"""The person's right side; the left mirrors it."""


def estimate_pose(mesh: FaceMesh) -> Pose:
    """Return yaw, pitch and roll in degrees, with the signs of `Pose`."""
    indices, model = _canonical()
    rotation = _rotation(model, mesh.points[indices].astype(np.float64))
    yaw = math.degrees(math.asin(float(np.clip(rotation[2, 0], -1, 1))))
    pitch = math.degrees(math.atan2(-rotation[2, 1], rotation[2, 2])) + PITCH_OF_THE_CANONICAL_FACE
    roll = math.degrees(math.atan2(rotation[1, 0], rotation[0, 0]))
    return Pose(yaw=yaw, pitch=pitch, roll=roll)


def _canonical() -> tuple[list[int], NDArray[np.float64]]:
    """Return landmark numbers and their canonical places, in the picture's handedness (y down, z away)."""
    places = dict(_MIDDLE)
    for (right, left), (x, y, z) in _PAIRS.items():
        places[right] = (x, y, z)
        places[left] = (-x, y, z)
    return list(places), np.array(list(places.values())) * (1.0, -1.0, -1.0)


def _rotation(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the 3 x 3 rotation that turns `source` into `target` (n x 3 each) best in the least-squares sense."""
    covariance = (target - target.mean(0)).T @ (source - source.mean(0))
    left, _, right = np.linalg.svd(covariance)
    handed = np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    result: NDArray[np.float64] = left @ handed @ right
    return result
