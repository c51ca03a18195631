"""Colour as the eye sees it: CIE L*a*b*, and luminance in linear light."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from photo_service.models.ports import Rgb

_D65 = (0.95047, 1.0, 1.08883)
_TO_XYZ = ((0.4124564, 0.2126729, 0.0193339), (0.3575761, 0.7151522, 0.1191920), (0.1804375, 0.0721750, 0.9503041))
"""IEC 61966-2-1 (sRGB) linear RGB to XYZ, transposed."""
_STEPS = 1 << 16
"""Places at which the cube root is tabulated: L* to 0.01, a* and b* to 0.03, in a fifth of the time."""


def to_lab(picture: Rgb) -> NDArray[np.float32]:
    """Return L* (0 to 100), a*, b* of sRGB pixels, same shape (CIE 15:2004, white D65)."""
    linear, roots = _tables()
    red, green, blue = (linear.take(picture[..., band]) for band in range(3))
    scale = np.array(_TO_XYZ, np.float32) / np.array(_D65, np.float32) * np.float32(_STEPS - 1)
    x, y, z = (
        roots.take((red * of_red + green * of_green + blue * of_blue + np.float32(0.5)).astype(np.int32))
        for of_red, of_green, of_blue in scale.T
    )
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def luma_of(pixels: Rgb) -> NDArray[np.float32]:
    """Return Y' = 0.299 R + 0.587 G + 0.114 B of the encoded channels (ITU-R BT.601), 0 to 255.

    Band by band: a product of matrices would wake the threads of a linear algebra library, which then spin.
    """
    luma: NDArray[np.float32] = pixels[..., 0] * np.float32(0.299)
    luma += pixels[..., 1] * np.float32(0.587)
    luma += pixels[..., 2] * np.float32(0.114)
    return luma


def luminance_of(picture: Rgb) -> NDArray[np.float32]:
    """Return Y = 0.2126 R + 0.7152 G + 0.0722 B of the linear channels (IEC 61966-2-1 decoding), 0 to 1."""
    red, green, blue = _luminance_tables()
    luminance: NDArray[np.float32] = red.take(picture[..., 0])
    luminance += green.take(picture[..., 1])
    luminance += blue.take(picture[..., 2])
    return luminance


@cache
def _luminance_tables() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return what each of 256 levels of red, green and blue adds to the luminance."""
    linear, _ = _tables()
    return linear * np.float32(0.2126), linear * np.float32(0.7152), linear * np.float32(0.0722)


@cache
def _tables() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return sRGB's decoding of 256 levels, and CIE's cube root with its straight foot, from 0 to a little above 1."""
    encoded = np.arange(256) / 255.0
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    ratio = np.arange(_STEPS + 16) / (_STEPS - 1)
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return linear.astype(np.float32), root.astype(np.float32)
