"""Place 468 landmarks on one face with MediaPipe's face mesh: 192 x 192 pixels in."""

import math

import numpy as np
from PIL import Image

from photo_service.models.ports import DetectedFace, FaceMesh, Points
from photo_service.models.roi import Roi, cut, sigmoid
from photo_service.models.sessions import Network

INPUT_PX = 192
_SURROUNDINGS = 1.5
"""Side of the square the network sees, in sides of the face's own box: MediaPipe's figure."""
_RIGHT_EYE_OUTER, _LEFT_EYE_OUTER = 33, 263


class MediaPipeMesher:
    """Place the landmarks of one face (see FaceMesher). Safe to call from several threads.

    Two passes: the detector's box only roughly fits, the first pass' own landmarks fit well, and the network is
    the more exact the more its input looks like what it was trained on.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    def mesh(self, picture: Image.Image, face: DetectedFace) -> FaceMesh:
        """Place the landmarks of one face."""
        rough = self._pass(picture, _around_detection(face))
        return self._pass(picture, _around_landmarks(rough.points))

    def _pass(self, picture: Image.Image, roi: Roi) -> FaceMesh:
        pixels = np.asarray(cut(picture, roi, size_px=INPUT_PX), np.float32)[None] / 255.0
        landmarks, logit = self._network.run(pixels)
        points = roi.to_picture(landmarks.reshape(468, 3) / np.float32(INPUT_PX))
        return FaceMesh(points, float(sigmoid(logit).item()))


def _around_detection(face: DetectedFace) -> Roi:
    """Square the detector's box, turned so that the eyes lie level."""
    right_eye, left_eye = face.keypoints[0], face.keypoints[1]
    return Roi(
        centre_x=(face.left + face.right) / 2,
        centre_y=(face.top + face.bottom) / 2,
        side=max(face.width, face.height) * _SURROUNDINGS,
        angle=_angle(right_eye, left_eye),
    )


def _around_landmarks(points: Points) -> Roi:
    """Square the landmarks' box, measured along the level of the eyes so that a tilted head fits as an upright one."""
    angle = _angle(points[_RIGHT_EYE_OUTER], points[_LEFT_EYE_OUTER])
    cos, sin = math.cos(angle), math.sin(angle)
    across, down = points[:, 0] * cos + points[:, 1] * sin, points[:, 1] * cos - points[:, 0] * sin
    middle_x, middle_y = float(across.min() + across.max()) / 2, float(down.min() + down.max()) / 2
    return Roi(
        centre_x=middle_x * cos - middle_y * sin,
        centre_y=middle_x * sin + middle_y * cos,
        side=float(max(np.ptp(across), np.ptp(down))) * _SURROUNDINGS,
        angle=angle,
    )


def _angle(right_eye: Points, left_eye: Points) -> float:
    """Give the clockwise turn of the line from the person's right eye (on the picture's left) to the left one."""
    return math.atan2(float(left_eye[1] - right_eye[1]), float(left_eye[0] - right_eye[0]))
