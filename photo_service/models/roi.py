"""Cut a turned square out of a picture for a network, and carry the network's points back.

All positions are continuous: (0, 0) is the top left corner of the top left pixel, so its centre is (0.5, 0.5).
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo_service.models.ports import Points, Rgb

_MARGIN_PX = 2


@dataclass(frozen=True, slots=True)
class Roi:
    """A square of a picture: its centre and side in pixels, and how far it is turned clockwise, in radians."""

    centre_x: float
    centre_y: float
    side: float
    angle: float

    def to_picture(self, points: Points) -> Points:
        """Carry points in units of the square (0 to 1 from its own top left corner) to pixels of the picture.

        A third column, depth, is scaled like x.
        """
        x, y = (points[:, 0] - 0.5) * self.side, (points[:, 1] - 0.5) * self.side
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        placed = points * np.float32(self.side)
        placed[:, 0] = self.centre_x + x * cos - y * sin
        placed[:, 1] = self.centre_y + x * sin + y * cos
        return placed


def cut(picture: Image.Image, roi: Roi, *, size_px: int) -> Rgb:
    """Resample the square to size_px x size_px; outside the picture its edge is repeated.

    The part needed is first shrunk by whole factors, averaging, so that fine detail does not alias.
    """
    reach = roi.side / 2 * (abs(math.cos(roi.angle)) + abs(math.sin(roi.angle))) + _MARGIN_PX
    left, top = math.floor(roi.centre_x - reach), math.floor(roi.centre_y - reach)
    right, bottom = math.ceil(roi.centre_x + reach), math.ceil(roi.centre_y + reach)
    factor = max(1, int(roi.side / size_px))
    shrunk = _shrunk(picture, (left, top, right, bottom), factor)
    step = roi.side / size_px / factor
    cos, sin = math.cos(roi.angle) * step, math.sin(roi.angle) * step
    half = size_px / 2
    centre_x, centre_y = (roi.centre_x - left) / factor, (roi.centre_y - top) / factor
    plan = (cos, -sin, centre_x - (cos - sin) * half, sin, cos, centre_y - (sin + cos) * half)
    turned = shrunk.transform((size_px, size_px), Image.Transform.AFFINE, plan, Image.Resampling.BILINEAR)
    return np.asarray(turned)


def _shrunk(picture: Image.Image, box: tuple[int, int, int, int], factor: int) -> Image.Image:
    """Shrink a box that may reach outside the picture; there the picture's edge is repeated."""
    left, top, right, bottom = box
    if left >= 0 and top >= 0 and right <= picture.width and bottom <= picture.height:
        return picture.reduce(factor, box=box) if factor > 1 else picture.crop(box)
    patch = Image.fromarray(_with_edges_repeated(picture, left, top, right, bottom))
    return patch.reduce(factor) if factor > 1 else patch


def _with_edges_repeated(picture: Image.Image, left: int, top: int, right: int, bottom: int) -> Rgb:
    across, down = _within(left, right, picture.width), _within(top, bottom, picture.height)
    inside = np.asarray(picture.crop((across.first, down.first, across.last, down.last)))
    return np.pad(inside, ((down.before, down.after), (across.before, across.after), (0, 0)), mode="edge")


class _Span(NamedTuple):
    """What of a stretch lies in the picture, at least one pixel, and how often its ends are repeated beyond."""

    first: int
    last: int
    before: int
    after: int


def _within(start: int, end: int, length: int) -> _Span:
    first = min(max(start, 0), length - 1)
    last = max(min(end, length), first + 1)
    beyond = (end - start) - (last - first)
    before = min(max(first - start, 0), beyond)
    return _Span(first, last, before, beyond - before)


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits into 0 to 1; clipped at 100, as MediaPipe does, so that nothing overflows."""
    clipped = np.clip(logits.astype(np.float64), -100.0, 100.0)
    return (1.0 / (1.0 + np.exp(-clipped))).astype(np.float32)
