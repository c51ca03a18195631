"""Ask the colours nearby whether a pixel is the person: the network's mask weighed against two clouds of colours.

Around each place the colours of the person and of the wall are two clouds, each with its mean and its spread (Robust
matting, Wang 2007, in the small). How much likelier a pixel's colour is in one of them moves the mask. Where both
clouds lie in each other, as grey hair before a pale window, colours tell nothing, and the mask has to count.
"""

from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from PIL import Image
from scipy import ndimage

from photo_service.colour_lines import Mask, Places, Plane
from photo_service.models.ports import Rgb

CELL: Final = 8
"""Side of a cell of the grid on which the clouds are kept, in pixels of the picture; chosen on the composites of
`make bench`."""
_HALVED: Final = 2
"""Clouds are counted at half the size: half the time, and no worse on the composites of `make bench`."""
_REACH: Final = 1 / 14
"""How far around a cell its clouds are counted, in shares of the height, chosen on the composites of `make bench`."""
_NOISE: Final = 60.0 / 255**2
"""Variance of each channel (0 to 1) that is added to every cloud."""
_SOME: Final = 1e-5
_BELIEF: Final = 3.0
_LISTEN: Final = 0.75
_LOUDEST: Final = 6.0
"""The mask's own word as log odds where it is sure; how much the colours' word counts against it, and at most. Chosen
on the composites of `make bench`."""
_FULL: Final = np.float32(1 / 0.9051)
"""Brings the mask's own word back to all or nothing where colours are silent (tanh of half _BELIEF is 0.9051)."""
_TO_ONE: Final = np.float32(1 / 255)


@dataclass(frozen=True, slots=True)
class Clouds:
    """On a grid of cells of CELL pixels: ten coefficients, row by row, and how far the two clouds lie apart.

    The coefficients are of red², red·green, red·blue, green², green·blue, blue², red, green, blue and 1 (colours 0 to
    1): summed, the log odds that a colour is the person's. `apart` is the squared distance of the means in units of
    the mean variance of both clouds.
    """

    odds: Plane
    apart: Plane
    columns: int

    def at(self, rows: Places, columns: Places) -> Places:
        """Return the cell of each pixel; what lies beyond the last cell belongs to it."""
        last = self.apart.size // self.columns - 1
        cells: Places = np.minimum(rows // CELL, last) * self.columns + np.minimum(columns // CELL, self.columns - 1)
        return cells


def gather(picture: Rgb, mask: Plane) -> Clouds | None:
    """Count the clouds of a picture; None where it is smaller than one cell."""
    if min(mask.shape) < CELL:
        return None
    small = np.asarray(Image.fromarray(picture).reduce(_HALVED))
    share = np.asarray(Image.fromarray(mask).reduce(_HALVED), np.float32)
    side = CELL // _HALVED
    rows, columns = mask.shape[0] // CELL, mask.shape[1] // CELL
    r, g, b = np.ascontiguousarray(small[: rows * side, : columns * side].transpose(2, 0, 1), np.float32) * _TO_ONE
    share = share[: rows * side, : columns * side]
    whole = np.stack([np.ones_like(r), r, g, b, r * r, r * g, r * b, g * g, g * b, b * b])
    tall = np.concatenate([whole * share, whole]).reshape(20, rows, side, columns * side).sum(axis=2)
    both = reduce(np.add, (tall[..., step::side] for step in range(side)))
    reach = 2 * max(1, round(mask.shape[0] * _REACH / CELL)) + 1
    person, all_ = np.split(ndimage.uniform_filter(both, (0, reach, reach), mode="nearest").reshape(20, -1), 2)
    near, far = _cloud(person), _cloud(np.maximum(all_ - person, 0))
    odds = (_depth(*far) - _depth(*near)) * np.float32(0.5)
    spread = near[1][[0, 3, 5]].sum(axis=0) + far[1][[0, 3, 5]].sum(axis=0)
    apart: Plane = 2 * ((near[0] - far[0]) ** 2).sum(axis=0) / spread
    return Clouds(odds.astype(np.float32), apart.astype(np.float32), columns)


def weigh(clouds: Clouds, picture: Rgb, mask: Plane, band: Mask) -> Plane:
    """Return the mask as the colours in the band move it; outside the band it stays."""
    pixels = np.flatnonzero(band)
    y, x = np.divmod(pixels, mask.shape[1])
    r, g, b = np.take(picture.reshape(-1, 3), pixels, axis=0).T * _TO_ONE
    k = np.take(clouds.odds, clouds.at(y, x), axis=1)
    said = r * (k[0] * r + k[1] * g + k[2] * b + k[6]) + g * (k[3] * g + k[4] * b + k[7]) + b * (k[5] * b + k[8]) + k[9]
    own = mask.ravel()[pixels] * np.float32(2 * _BELIEF) - np.float32(_BELIEF)
    odds = own + np.float32(_LISTEN) * np.clip(said, -_LOUDEST, _LOUDEST)
    weighed = mask.copy()
    weighed.ravel()[pixels] = np.clip(np.tanh(odds * np.float32(0.5)) * (_FULL * 0.5) + np.float32(0.5), 0.0, 1.0)
    return weighed


def _cloud(sums: Plane) -> tuple[Plane, Plane]:
    """Return means (3 rows) and covariances (6 rows: rr, rg, rb, gg, gb, bb) from a cloud's sums."""
    weight = sums[0] + np.float32(_SOME)
    r, g, b = means = sums[1:4] / weight
    spread = sums[4:] / weight - np.stack([r * r, r * g, r * b, g * g, g * b, b * b])
    spread[[0, 3, 5]] = np.maximum(spread[[0, 3, 5]], 0) + np.float32(_NOISE)
    return means, spread


def _depth(means: Plane, spread: Plane) -> Plane:
    """Return the ten coefficients of how deep outside a cloud a colour lies: twice its negative log likelihood."""
    m, (a, b, c, d, e, f) = means, spread.astype(np.float64)
    inverse = np.stack([d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b])
    volume = np.maximum(a * inverse[0] + b * inverse[1] + c * inverse[2], _NOISE**3)
    rr, rg, rb, gg, gb, bb = inverse / volume
    lean = np.stack(
        [rr * m[0] + rg * m[1] + rb * m[2], rg * m[0] + gg * m[1] + gb * m[2], rb * m[0] + gb * m[1] + bb * m[2]]
    )
    rest = (lean * m).sum(axis=0) + np.log(volume)
    depth: Plane = np.stack([rr, 2 * rg, 2 * rb, gg, 2 * gb, bb, *(-2 * lean), rest])
    return depth
