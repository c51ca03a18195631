"""A face that the detector sees and the mesh does not confirm: why it cannot be measured."""

import math

import numpy as np
from PIL import Image
from scipy import ndimage

from photo_service.models.ports import DetectedFace
from photo_service.models.roi import Roi, cut

_EYES_APART = 40
_SIDE = 96
"""The middle of the face, 2.4 eye distances wide."""
_RIGHT_EYE, _LEFT_EYE, _NOSE = 0, 1, 2
SHARPEST = 0.14
"""The steepest edges (99.5th percentile of the Laplacian over the span of grey levels) of the seven labelled `blur`
photos that were shot or shrunk blurred have
0.04 to 0.13; sharp faces have 0.25 and more, a mask 0.19, a
painted-over face 0.29."""


def why_unconfirmed(picture: Image.Image, face: DetectedFace) -> str:
    """Return the code of what hides the face: `blurred` where not one edge is sharp, `face_occluded` otherwise.

    Not the measure of `blurred`, which looks at skin and eyes: a mask has none, but it has edges.
    """
    right, left, nose = (face.keypoints[index] for index in (_RIGHT_EYE, _LEFT_EYE, _NOSE))
    step = max(math.dist(right, left), 1.0) / _EYES_APART
    angle = math.atan2(float(left[1] - right[1]), float(left[0] - right[0]))
    roi = Roi(float(nose[0]), float(nose[1]), side=_SIDE * step, angle=angle)
    grey = np.asarray(Image.fromarray(cut(picture, roi, size_px=_SIDE)).convert("L"), np.float32)
    steepest = np.percentile(np.abs(ndimage.laplace(ndimage.gaussian_filter(grey, 0.6))), 99.5)
    low, high = np.percentile(grey, (2, 98))
    return "blurred" if steepest < SHARPEST * max(float(high - low), 8.0) else "face_occluded"
