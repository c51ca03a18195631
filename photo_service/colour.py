"""Colour as the eye sees it: CIE L*a*b*."""

import numpy as np
from numpy.typing import NDArray

from photo_service.models.ports import Rgb

_D65 = (0.95047, 1.0, 1.08883)
_TO_XYZ = ((0.4124564, 0.2126729, 0.0193339), (0.3575761, 0.7151522, 0.1191920), (0.1804375, 0.0721750, 0.9503041))
"""IEC 61966-2-1 (sRGB) linear RGB to XYZ, transposed."""


def to_lab(picture: Rgb) -> NDArray[np.float32]:
    """Return L* (0 to 100), a*, b* of sRGB pixels, same shape (CIE 15:2004, white D65)."""
    encoded = np.arange(256) / 255.0
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4).astype(np.float32)
    xyz = linear[picture] @ (np.array(_TO_XYZ, np.float32) / np.array(_D65, np.float32))
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)
