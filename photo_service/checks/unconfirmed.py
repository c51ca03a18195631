"""A face that the detector sees and the mesh does not confirm: why it cannot be measured."""

import math

import numpy as np
from PIL import Image

from photo_service.checks.blurred import BLURRED, EYES_APART, detail
from photo_service.models.ports import DetectedFace, Rgb
from photo_service.models.roi import Roi, cut

_SIDE = 96
"""The middle of the face at EYES_APART: 2.4 eye distances."""
_RIGHT_EYE, _LEFT_EYE, _NOSE = 0, 1, 2


def why_unconfirmed(picture: Rgb, face: DetectedFace) -> str:
    """Return the code of what hides the face: `blurred` where no detail is left, `face_occluded` otherwise."""
    right, left, nose = (face.keypoints[index] for index in (_RIGHT_EYE, _LEFT_EYE, _NOSE))
    step = max(math.dist(right, left), 1.0) / EYES_APART
    angle = math.atan2(float(left[1] - right[1]), float(left[0] - right[0]))
    roi = Roi(float(nose[0]), float(nose[1]), side=_SIDE * step, angle=angle)
    grey = np.asarray(Image.fromarray(cut(picture, roi, size_px=_SIDE)).convert("L"), np.float32)
    ys, xs = np.indices(grey.shape)
    middle = np.hypot(xs - _SIDE / 2, ys - _SIDE / 2) < _SIDE / 2
    seen = detail(grey, middle, contrast=float(grey[middle].std()))
    return "blurred" if BLURRED.is_bad(seen, BLURRED.limit) else "face_occluded"
