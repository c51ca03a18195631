"""A picture as JPEG sees it: brightness and two colours, in blocks of 8 x 8 pixels, each as 64 frequencies.

Frequencies stand in the file's own order, from the lowest to the highest (zigzag). Blocks stand in the file's own
order too: unit after unit, from left to right and from top to bottom. A unit has four blocks of brightness and one of
each colour where colour has half the resolution, and one of each where it has all of it.
"""

from math import isqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from photo_service.models.ports import Rgb

Blocks = NDArray[np.float32]
"""Units x blocks of a unit x 64."""

BLOCK: Final = 8
ZIGZAG: Final = tuple(
    sorted(range(64), key=lambda at: (at // 8 + at % 8, at // 8 if (at // 8 + at % 8) % 2 else at % 8))
)
"""Which place of a block, counted row by row, stands first, second …"""

_PLACES: Final = tuple(ZIGZAG.index(place) for place in range(64))
_HALF: Final = 0.5
_COLOURS: Final = 2

_RED, _GREEN, _BLUE = 0.299, 0.587, 0.114
"""Shares of brightness (JFIF 1.02). Colours are what blue and red have beyond it, in a range of 256."""


def blocks_of(picture: Rgb, *, halved: bool) -> Blocks:
    """Take a picture apart; beyond its edges its last pixels go on. `halved` is colour at half the resolution."""
    unit = 2 * BLOCK if halved else BLOCK
    height, width = picture.shape[:2]
    wide = np.pad(picture, ((0, -height % unit), (0, -width % unit), (0, 0)), mode="edge")
    light, red, blue = brightness_of(wide), wide[..., 0].astype(np.float32), wide[..., 2].astype(np.float32)
    colours = (blue - light) / np.float32(2 - 2 * _BLUE), (red - light) / np.float32(2 - 2 * _RED)
    planes = [light - 128, *(_half(colour) if halved else colour for colour in colours)]
    units = [cut(plane, unit if plane is planes[0] else BLOCK) for plane in planes]
    return _frequencies(np.concatenate(units, axis=1))


def blocks_within(mask: NDArray[np.bool_], *, halved: bool) -> NDArray[np.bool_]:
    """Tell which blocks have at least half of their pixels in a mask, in the order of `blocks_of`.

    Those of colour do where one of brightness in their unit does.
    """
    unit = 2 * BLOCK if halved else BLOCK
    height, width = mask.shape
    light = cut(np.pad(mask, ((0, -height % unit), (0, -width % unit))), unit).mean(axis=(2, 3)) >= _HALF
    colour = light.any(axis=1, keepdims=True)
    return np.concatenate([light, colour, colour], axis=1)


def _half(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    rows = plane[::2] + plane[1::2]
    halved = (rows[:, ::2] + rows[:, 1::2]) * np.float32(0.25)
    return halved.astype(np.float32, copy=False)


def brightness_of(picture: Rgb) -> NDArray[np.float32]:
    """Return the brightness of every pixel, 0 to 255."""
    red, green, blue = (picture[..., channel].astype(np.float32) for channel in range(3))
    light: NDArray[np.float32] = red * np.float32(_RED) + green * np.float32(_GREEN) + blue * np.float32(_BLUE)
    return light


def brightness_in(blocks: Blocks, *, width: int, height: int) -> NDArray[np.float32]:
    """Put the brightness of a picture together again: what `brightness_of` was before it was taken apart."""
    aside = isqrt(blocks.shape[1] - _COLOURS)
    rows, columns = (-(-side // (aside * BLOCK)) for side in (height, width))
    light = blocks[:, :-_COLOURS].take(_PLACES, axis=2).reshape(-1, BLOCK, BLOCK)
    pixels = fft.idctn(light, axes=(1, 2), norm="ortho").reshape(rows, columns, aside, aside, BLOCK, BLOCK)
    side = aside * BLOCK
    plane = pixels.transpose(0, 2, 4, 1, 3, 5).reshape(rows * side, columns * side)[:height, :width]
    whole: NDArray[np.float32] = plane + np.float32(128)
    return whole


def cut(plane: NDArray[Any], unit: int) -> NDArray[Any]:
    """Cut a plane into units x blocks x 8 x 8."""
    rows, columns, blocks = plane.shape[0] // unit, plane.shape[1] // unit, unit // BLOCK
    laid = plane.reshape(rows, blocks, BLOCK, columns, blocks, BLOCK).transpose(0, 3, 1, 4, 2, 5)
    return laid.reshape(rows * columns, blocks * blocks, BLOCK, BLOCK)


def _frequencies(units: NDArray[np.float32]) -> Blocks:
    """Apply the cosine transform of T.81, annex A.3.3, to each block.

    Not as a product of matrices: the threads of a linear algebra library, once woken, take another processor.
    """
    found: Blocks = fft.dctn(units, axes=(2, 3), norm="ortho")
    return found.reshape(*units.shape[:2], BLOCK * BLOCK).take(ZIGZAG, axis=2)
