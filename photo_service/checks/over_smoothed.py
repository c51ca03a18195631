"""The skin was smoothed by a beauty filter: less grain on it than beside it."""

import math
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.colour import luma_of
from photo_service.landmarks import FACE_OVAL
from photo_service.spec import Spec

_FEWEST_PX: Final = 60.0
"""Eye distance below which a camera's or a program's shrinking decides about grain."""
_WORST_QUALITY: Final = 80
"""JPEG quality below which compression takes as much grain as a filter does: then nothing can be said."""
_DARKEST, _BRIGHTEST = 50.0, 225.0
"""Grey of cheeks on which a sensor's grain shows: in black and in white it is cut off."""
_PATCH: Final = 14
"""Side of the squares in which grain is measured, in pixels of the picture."""
_A_SIDE: Final = 13
"""Squares across and down around the head."""
_AROUND: Final = 0.8
"""How far around the face squares are taken, in eye distances."""
_AS_LIGHT: Final = 60.0
"""Grey levels by which a square may differ from the cheeks: grain depends on the light."""
_FEWEST_SQUARES: Final = 12
_LEAST_GRAIN: Final = 0.5
"""Deviation in grey levels beside the face from which there is grain at all: JPEG rounds half a level away."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the grain of the cheeks over the grain beside the face; nothing where the picture shows none to compare.

    A sensor's grain lies on skin as on walls, clothes and hair of the same lightness, and pores come on top of it. A
    filter takes both from the skin alone. Beside the face the calmer quarter of the squares counts (the rest has a
    texture of its own), on the cheeks the calmer nine tenths (a mole is no grain). Both at the picture's own scale, by
    Immerkær's operator (1996), which is blind to edges and ramps.
    """
    located = subject.located
    if located.anatomy.inter_eye < _FEWEST_PX or (located.upright.jpeg_quality or 100) < _WORST_QUALITY:
        return None
    picture, points = located.upright.image, located.mesh.points[:, :2]
    cheeks = _on_cheeks(picture, points)
    if not len(cheeks):
        return None
    light = float(np.median(cheeks))
    beside = _beside(picture, points, located.anatomy.inter_eye)
    alike = beside[np.abs(beside.mean(axis=(1, 2)) - light) < _AS_LIGHT]
    if len(alike) < _FEWEST_SQUARES or not _DARKEST < light < _BRIGHTEST:
        return None
    (expected,) = skin.percentiles(_grain(_responses(alike)), 25)
    if expected < _LEAST_GRAIN:
        return None
    responses = _responses(cheeks).ravel()
    calm = responses[responses <= skin.percentiles(responses, 90)]
    return Reading(float(_grain(calm[None, None])[0]) / expected)


def _on_cheeks(picture: Image.Image, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return squares within both cheeks, in grey."""
    squares = []
    for marks in (skin.RIGHT_CHEEK, skin.LEFT_CHEEK):
        corners = points[list(marks)]
        middle, reach = corners.mean(axis=0), np.ptp(corners, axis=0) * 0.32
        squares.append(_squares(picture, middle - reach, middle + reach, 5))
    return np.concatenate(squares)


def _beside(picture: Image.Image, points: NDArray[np.float32], unit: float) -> NDArray[np.float32]:
    """Return squares around the head of which no corner lies in the face's oval, in grey."""
    oval = points[list(FACE_OVAL)]
    middle, half = (oval.max(axis=0) + oval.min(axis=0)) / 2, np.ptp(oval, axis=0) / 2 + 0.1 * unit + _PATCH
    first, last = points.min(axis=0) - _AROUND * unit, points.max(axis=0) + _AROUND * unit
    return _squares(picture, first, last, _A_SIDE, outside=(middle, half))


def _squares(
    picture: Image.Image,
    first: NDArray[np.float32],
    last: NDArray[np.float32],
    a_side: int,
    *,
    outside: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None,
) -> NDArray[np.float32]:
    """Return a grid of squares of the picture between two corners, without those inside an ellipse."""
    if min(picture.size) < _PATCH:
        return np.zeros((0, _PATCH, _PATCH), np.float32)
    xs, ys = (
        np.linspace(low, high - _PATCH, a_side).clip(0, size - _PATCH).astype(np.int64)
        for low, high, size in zip(first, last, picture.size, strict=True)
    )
    kept = np.ones((a_side, a_side), bool)
    if outside is not None:
        (x, y), (across, down) = outside
        kept = np.hypot((xs + _PATCH / 2 - x) / across, (ys[:, None] + _PATCH / 2 - y) / down) > 1
    left, right = int(xs.min()), int(xs.max()) + _PATCH  # they run backwards on a cheek narrower than a square
    strips = _strips(picture, left, right, ys.tolist())
    return luma_of(sliding_window_view(strips, (_PATCH, _PATCH, 3), axis=(1, 2, 3))[:, 0, xs - left, 0][kept])


def _strips(picture: Image.Image, left: int, right: int, ys: list[int]) -> NDArray[np.uint8]:
    """Return the rows from each y on, as high as a square: cut out at once where they lie close together."""
    top, bottom = min(ys), max(ys) + _PATCH
    if bottom - top > 2 * _PATCH * len(ys):
        return np.stack([np.asarray(picture.crop((left, y, right, y + _PATCH))) for y in ys])
    whole = np.asarray(picture.crop((left, top, right, bottom)))
    return np.stack([whole[y - top : y - top + _PATCH] for y in ys])


def _responses(squares: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the size of the second difference both ways; to noise of deviation s it has deviation 6 s."""
    down = squares[:, :-2] - 2 * squares[:, 1:-1] + squares[:, 2:]
    size: NDArray[np.float32] = np.abs(down[..., :-2] - 2 * down[..., 1:-1] + down[..., 2:])
    return size


def _grain(responses: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the deviation of the noise in each square, in grey levels."""
    grain: NDArray[np.float32] = responses.mean(axis=(1, 2)) * np.float32(math.sqrt(math.pi / 2) / 6)
    return grain


OVER_SMOOTHED: Final = Check("over_smoothed", "below", 0.42, read, doubt=0.55)
"""0.42: of the labelled photos, 24 show enough grain to be judged; all but two have 0.46 and more (0.37 has painted-on
shadows, 0.41 is a terracotta head), those that must give a photo 0.61 and more. The same photos smoothed on the skin by
four filters (surface blur, bilateral, guided, surface blur and lightening, 1/50 of the eye distance wide) have 0.09 to
0.86, median 0.35: recall 0.59, and 0.78 with warnings. Good pictures given a sensor's grain and then smoothed
(docs/checks.md): recall 1, precision 1. Where a picture shows no grain at all, or is smoothed as a whole, nothing is
said."""
