"""Place the iris and the contour of each eye with MediaPipe's iris network: 64 x 64 pixels in.

The network knows the person's right eye only; the left is shown to it mirrored, and its points mirrored back.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo_service.models.ports import FaceMesh, Iris, Points, Rgb
from photo_service.models.roi import Roi, cut
from photo_service.models.sessions import Network

INPUT_PX = 64
_SURROUNDINGS = 2.3
"""Side of the square the network sees, in widths of the eye between its corners: MediaPipe's figure."""
_RIGHT_EYE_CORNERS = (33, 133)
_LEFT_EYE_CORNERS = (362, 263)
"""Landmarks at the corners of an eye, the one towards the person's right first."""
_RIGHT_RIM_ORDER = [0, 3, 2, 1, 4]
"""The network gives centre, then the rim on the right of its input, top, left, bottom. Shown unmirrored, the right of
its input is the person's left: swap the two. Shown mirrored, it is the person's right already."""


class MediaPipeIrisFinder:
    """Place both irises (see IrisFinder). Safe to call from several threads."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def irises(self, picture: Image.Image, mesh: FaceMesh) -> tuple[Iris, Iris]:
        """Place both irises: the person's right eye first, then the left."""
        return self._right(picture, mesh.points), self._left(picture, mesh.points)

    def _right(self, picture: Image.Image, points: Points) -> Iris:
        roi = _around_eye(points, _RIGHT_EYE_CORNERS)
        contour, rim = self._run(cut(picture, roi, size_px=INPUT_PX))
        return Iris(rim=roi.to_picture(rim[_RIGHT_RIM_ORDER]), contour=roi.to_picture(contour))

    def _left(self, picture: Image.Image, points: Points) -> Iris:
        roi = _around_eye(points, _LEFT_EYE_CORNERS)
        contour, rim = (_mirrored(found) for found in self._run(cut(picture, roi, size_px=INPUT_PX)[:, ::-1]))
        return Iris(rim=roi.to_picture(rim), contour=roi.to_picture(contour))

    def _run(self, eye: Rgb) -> tuple[Points, Points]:
        """Give contour (71 x 3) and rim (5 x 3) in units of the square."""
        pixels: NDArray[np.float32] = np.ascontiguousarray(eye, np.float32)[None] / 255.0
        contour, rim = self._network.run(pixels)
        return contour.reshape(71, 3) / np.float32(INPUT_PX), rim.reshape(5, 3) / np.float32(INPUT_PX)


def _mirrored(points: Points) -> Points:
    return points * np.array([-1, 1, 1], np.float32) + np.array([1, 0, 0], np.float32)


def _around_eye(points: Points, corners: tuple[int, int]) -> Roi:
    (x0, y0), (x1, y1) = (points[corner, :2].tolist() for corner in corners)
    width, height = abs(x1 - x0), abs(y1 - y0)
    return Roi(
        centre_x=(x0 + x1) / 2,
        centre_y=(y0 + y1) / 2,
        side=max(width, height) * _SURROUNDINGS,
        angle=math.atan2(y1 - y0, x1 - x0),
    )
