"""What beauty filters do to skin with a sensor's grain, and to skin alone: eyes, brows and lips stay as they are."""

import io
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from photo_service.checks import skin
from photo_service.landmarks import FACE_OVAL
from photo_service.models.ports import Rgb
from photo_service.photo import Located

_BROWS: Final = ((70, 63, 105, 66, 107, 55, 65, 52, 53, 46), (300, 293, 334, 296, 336, 285, 295, 282, 283, 276))
_MOUTH: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
_QUALITY: Final = 95
_GRAIN: Final = 2.0
"""Deviation, in grey levels, of the grain of a phone's sensor indoors: the pictures to start from were shrunk, and have
none left."""

Pixels = NDArray[np.float32]


def surface_blur(picture: Rgb, located: Located, share: float) -> Rgb:
    """Make what is nearly its surroundings become them, twice."""
    return _on_skin(picture, located, share, lambda pixels, sigma: _surface(pixels, sigma, 14))


def guided_filter(picture: Rgb, located: Located, share: float) -> Rgb:
    """Leave of each window what its variance says is an edge (He et al. 2010, the picture guiding itself)."""
    return _on_skin(picture, located, share, _guided)


def beautified(picture: Rgb, located: Located, share: float) -> Rgb:
    """Blur the surface and lighten the skin by a tenth of what is missing to white."""
    return _on_skin(picture, located, share, lambda pixels, sigma: 255 - (255 - _surface(pixels, sigma, 16)) * 0.9)


def _on_skin(picture: Rgb, located: Located, share: float, smooth: Callable[[Pixels, float], Pixels]) -> Rgb:
    unit = located.anatomy.inter_eye
    pixels = picture + np.random.default_rng(0).normal(0, _GRAIN, picture.shape[:2]).astype(np.float32)[..., None]
    mask = ndimage.gaussian_filter(_skin(picture, located).astype(np.float32), 0.03 * unit)[..., None]
    mixed = pixels * (1 - mask) + smooth(pixels, share * unit) * mask if share else pixels
    stream = io.BytesIO()
    Image.fromarray(np.clip(mixed + 0.5, 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=_QUALITY)
    return np.asarray(Image.open(stream).convert("RGB"))


def _skin(picture: Rgb, located: Located) -> NDArray[np.bool_]:
    canvas = Image.new("1", (picture.shape[1], picture.shape[0]))
    draw, points = ImageDraw.Draw(canvas), located.mesh.points
    for marks, fill in ((FACE_OVAL, 1), *((part, 0) for part in (skin.RIGHT_EYE, skin.LEFT_EYE, *_BROWS, _MOUTH))):
        draw.polygon([(float(x), float(y)) for x, y in points[list(marks), :2]], fill=fill)
    return np.asarray(canvas)


def _surface(pixels: Pixels, sigma: float, tolerance: float) -> Pixels:
    for _ in range(2):
        around = ndimage.gaussian_filter(pixels, (sigma, sigma, 0))
        like = np.exp(-((np.abs(pixels - around).max(axis=2, keepdims=True) / tolerance) ** 2))
        pixels = pixels * (1 - like) + around * like
    return pixels


def _guided(pixels: Pixels, sigma: float) -> Pixels:
    size = (int(2 * sigma) + 1, int(2 * sigma) + 1, 1)
    mean = ndimage.uniform_filter(pixels, size)
    variance = ndimage.uniform_filter(pixels * pixels, size) - mean * mean
    kept = variance / (variance + 12.0**2)
    offset = ndimage.uniform_filter(mean * (1 - kept), size)
    smoothed: Pixels = ndimage.uniform_filter(kept, size) * pixels + offset
    return smoothed
