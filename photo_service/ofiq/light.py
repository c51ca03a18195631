"""OFIQ's measures of light on the face: #3 to #8, on luminance in linear light, stored in 256 steps as OFIQ stores it.

OFIQ looks at a face whose eyes lie 113 pixels apart; the chip's lie 80 apart. Two areas are ours: the landmarked region
is the hull of brows and lower oval of MediaPipe's landmarks in place of ADNet's, and the exposure measures take all of
it, since the mask of the visible face needs a network.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from photo_service.models.ports import Points

Levels = NDArray[np.uint8]

RIGHT_EYE_CORNERS: Final = (33, 133)
LEFT_EYE_CORNERS: Final = (362, 263)
INNER_MOUTH: Final = (13, 14)
REGION: Final = (
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127,
)  # fmt: skip
"""Brows and the oval below them: OFIQ's landmarked region has no forehead."""
_SQUARE: Final = 0.3
"""Side of a cheek's square in eye distances."""
_DARK, _BRIGHT = 25, 247


def levels_of(luminance: NDArray[np.float32]) -> Levels:
    """Return luminance of 0 to 1 as OFIQ stores it: floor(255 Y + 0.5)."""
    levels: Levels = np.floor(255.0 * luminance + 0.5).astype(np.uint8)
    return levels


def landmarked_region(points: Points, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return the mask of the convex hull of brows and lower face."""
    canvas = Image.new("1", (shape[1], shape[0]))
    ImageDraw.Draw(canvas).polygon(hull_of(points[list(REGION), :2]), fill=1)
    return np.asarray(canvas)


def hull_of(points: Points) -> list[tuple[float, float]]:
    """Return the corners of the convex hull of a few points, in order (Andrew 1979)."""
    ranked = sorted((float(x), float(y)) for x, y in points)
    return _bulge(ranked)[:-1] + _bulge(ranked[::-1])[:-1]


def _bulge(ranked: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return those of ranked points around which the line through all of them turns one way only."""
    line: list[tuple[float, float]] = []
    for x, y in ranked:
        while len(line) > 1:
            (x0, y0), (x1, y1) = line[-2:]
            if (x1 - x0) * (y - y0) > (y1 - y0) * (x - x0):
                break
            line.pop()
        line.append((x, y))
    return line


def cheek_squares(points: Points, shape: tuple[int, ...]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return rows and columns of the right and the left cheek's square, halfway from the eyes to the mouth.

    Moved in where they would reach out of the picture, so that they are never empty.
    """
    (right_x, right_y), (left_x, left_y) = eye_centres(points)
    side = max(int(_SQUARE * math.hypot(left_x - right_x, left_y - right_y)), 1)
    eyes = np.array([(right_x + left_x) / 2, (right_y + left_y) / 2])
    mouth = points[list(INNER_MOUTH), :2].mean(axis=0)
    down = math.dist(eyes, mouth)
    top = int(np.clip(eyes[1] + int(down / 2), 0, max(shape[0] - side, 0)))
    rows = slice(top, top + side)
    lefts = (int(np.clip(x, 0, max(shape[1] - side, 0))) for x in (right_x - side, left_x))
    right, left = (slice(x, x + side) for x in lefts)
    return (rows, right), (rows, left)


def eye_centres(points: Points) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the middles between the corners of the right and of the left eye."""
    right, left = (points[list(pair), :2].mean(axis=0) for pair in (RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS))
    return (float(right[0]), float(right[1])), (float(left[0]), float(left[1]))


def light_measures(levels: Levels, points: Points) -> dict[str, float]:
    """Return the raw values of the six measures of light, by OFIQ's names."""
    right, left = (_histogram(levels[square]) for square in cheek_squares(points, levels.shape))
    face = _histogram(levels[landmarked_region(points, levels.shape)])
    steps = np.arange(256) / 255.0
    mean = float(face @ steps)
    some = face[face > 0]
    return {
        "IlluminationUniformity": float(np.minimum(right, left).sum()),
        "LuminanceMean": mean,
        "LuminanceVariance": float(face @ (steps - mean) ** 2),
        "UnderExposurePrevention": float(face[: _DARK + 1].sum()),
        "OverExposurePrevention": float(face[_BRIGHT:].sum()),
        "DynamicRange": float(-(some * np.log2(some)).sum()),
    }


def _histogram(levels: Levels) -> NDArray[np.float64]:
    """Return the share of pixels at each of the 256 levels."""
    counts = np.bincount(levels.ravel(), minlength=256)
    share: NDArray[np.float64] = counts / max(int(counts.sum()), 1)
    return share
