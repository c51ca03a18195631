"""Ask the colours nearby whether a pixel is the person: the network's mask weighed against two clouds of colours.

Around each place the colours of the person and of the wall are two clouds, each with its mean and its spread (Robust
matting, Wang 2007, in the small). How much likelier a pixel's colour is in one of them moves the mask. Where both
clouds lie in each other, as grey hair before a pale window, colours tell nothing, and the mask has to count.

It is asked twice: of the network's own mask, which takes along a rim of what is bright behind dark hair and is sure of
it (see `Within`), and of the matte at the finished photo's size.
"""

from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from photo_service.colour_lines import Mask, Places, Plane
from photo_service.models.ports import Rgb

CELL: Final = 8
"""Side of a cell of the grid on which the clouds are kept, in pixels of the picture; chosen on the composites of
`make bench`."""
_HALVED: Final = 2
"""Clouds are counted at half the size: half the time, and no worse on the composites of `make bench`. At a quarter
salt-and-pepper hair would be one grey."""
_REACH: Final = 1 / 14
"""How far around a cell its clouds are counted, in shares of the height, chosen on the composites of `make bench`."""
_NOISE: Final = 40.0 / 255**2
"""Variance of each channel (0 to 1) that is added to every cloud (20 and 60: 0.5 % better and worse on the
composites of `make bench`; with less, blocks of a JPEG and dark walls count for more than they know)."""
_SURE: Final = 0.9
_HEARSAY: Final = 0.4
"""From what share of the mask on a pixel counts in full for its cloud, and how much its share counts below: what the
network is not sure of shall not vouch for itself in full. At 0.15 the composites of `make bench` lose 1 %; at 1 they
gain 0.5 %, and more is left of what is bright behind the hair."""
_UNLIKE_SKIN: Final = 0.5
_ENOUGH_HAIR: Final = 0.3
"""How far the mean colour deep within the person lies from the skin's (as a distance of colours 0 to 1), and how many
pixels there are of it against all of the person's, where it is what hair looks like. Without the second
the composites of `make bench` lose 2 %."""
_ONE_CLOUD: Final = 0.5
"""How far the clouds of the finished photo's matte lie apart (see Clouds) where half of what they say is heard. With
less, black hair before a dark room has grey patches as large as a cell; the composites of `make bench` lose 0.6 %."""
_SOME: Final = 1e-5
_BELIEF: Final = 3.0
_LISTEN: Final = 0.75
_LOUDEST: Final = 6.0
_LOUDEST_FIRST: Final = 3.0
"""The mask's own word as log odds where it is sure; how much the colours' word counts against it, and at most; and at
most for the person where it is the network's own mask. There it must not outweigh a mask that is sure: a dark window
bar would grow out of dark hair (6 gains 0.4 % on the composites of `make bench`, on which all of it was chosen)."""
_FULL: Final = np.float32(1 / 0.9051)
"""Brings the mask's own word back to all or nothing where colours are silent (tanh of half _BELIEF is 0.9051)."""
_TO_ONE: Final = np.float32(1 / 255)


@dataclass(frozen=True, slots=True)
class Clouds:
    """On a grid of cells of CELL pixels: ten coefficients, row by row, and how far the two clouds lie apart.

    The coefficients are of red², red·green, red·blue, green², green·blue, blue², red, green, blue and 1 (colours 0 to
    1): summed, the log odds that a colour is the person's. `apart` is the squared distance of the means in units of
    the mean variance of both clouds. `loudest` is how much their word for the person counts at most, in log odds.
    """

    odds: Plane
    apart: Plane
    columns: int
    loudest: float = _LOUDEST

    def at(self, rows: Places, columns: Places) -> Places:
        """Return the cell of each pixel; what lies beyond the last cell belongs to it."""
        last = self.apart.size // self.columns - 1
        cells: Places = np.minimum(rows // CELL, last) * self.columns + np.minimum(columns // CELL, self.columns - 1)
        return cells


@dataclass(frozen=True, slots=True)
class Within:
    """What lies deep within the person (1, elsewhere 0), and the mean colour of the face's skin, 0 to 255."""

    deep: Plane
    skin: Plane


def gather(picture: Rgb, mask: Plane, within: Within | None = None) -> Clouds | None:
    """Count the clouds of a picture; None where it is smaller than one cell.

    With `within` the person's cloud is, wherever the hair is thick, of what lies deep in it: of a bright thing behind
    dark hair the network takes a rim along, and is sure of it. Where what lies deep is skin, as under short grey hair,
    it says nothing of the hair. Given for the network's own mask; for one that was refined before it is not.
    """
    if min(mask.shape) < CELL:
        return None
    sums, columns = _summed(picture, mask, within, round(mask.shape[0] * _REACH / CELL))
    person = _hair_or_all(sums[2], sums[0], within.skin * _TO_ONE) if within else sums[0]
    near, far = _cloud(person), _cloud(sums[1])
    odds = (_depth(*far) - _depth(*near)) * np.float32(0.5)
    spread = near[1][[0, 3, 5]].sum(axis=0) + far[1][[0, 3, 5]].sum(axis=0)
    apart: Plane = 2 * ((near[0] - far[0]) ** 2).sum(axis=0) / spread
    if within:
        return Clouds(odds.astype(np.float32), apart.astype(np.float32), columns, _LOUDEST_FIRST)
    odds *= apart / (apart + np.float32(_ONE_CLOUD))
    return Clouds(odds.astype(np.float32), apart.astype(np.float32), columns)


def _summed(picture: Rgb, mask: Plane, within: Within | None, reach: int) -> tuple[Plane, int]:
    """Return the sums of 1, red, green, blue and their products around each cell, and the cells of a row.

    Once for the person, once for the wall, and once for what lies deep within.
    """
    side, (rows, columns) = CELL // _HALVED, (mask.shape[0] // CELL, mask.shape[1] // CELL)
    planes: list[Rgb | Plane] = [picture, mask, *([within.deep] if within else [])]
    small, share, *deep = (_halved(plane)[: rows * side, : columns * side] for plane in planes)
    counts = np.stack([_counting(share), _counting(1 - share), *deep])
    r, g, b = np.ascontiguousarray(small.transpose(2, 0, 1), np.float32) * _TO_ONE
    whole = np.stack([np.ones_like(r), r, g, b, r * r, r * g, r * b, g * g, g * b, b * b])
    tall = (whole * counts[:, None]).reshape(10 * len(counts), rows, side, columns * side).sum(axis=2)
    cells = reduce(np.add, (tall[..., step::side] for step in range(side)))
    across = 2 * max(1, reach) + 1
    around: Plane = ndimage.uniform_filter(cells, (0, across, across), mode="nearest")
    return around.reshape(len(counts), 10, -1), columns


def _halved(plane: Rgb | Plane) -> NDArray[Any]:
    return np.asarray(Image.fromarray(plane).reduce(_HALVED))


def _counting(share: Plane) -> Plane:
    """Return how much pixels count for a cloud of which they are such a share."""
    sure = np.maximum(share - np.float32(_SURE), 0) * np.float32(1 / (1 - _SURE))
    counts: Plane = share * np.float32(_HEARSAY) + sure
    return counts


def _hair_or_all(deep: Plane, person: Plane, skin: Plane) -> Plane:
    """Return the sums of what lies deep within the person where that is hair, and else those of all of the person."""
    apart = deep[1:4] / (deep[0] + np.float32(_SOME)) - skin[:, None]
    hair = ((apart**2).sum(axis=0) > _UNLIKE_SKIN**2) & (deep[0] > _ENOUGH_HAIR * person[0])
    sums: Plane = np.where(hair, deep, person)
    return sums


def weigh(clouds: Clouds, picture: Rgb, mask: Plane, band: Mask) -> Plane:
    """Return the mask as the colours in the band move it; outside the band it stays."""
    pixels = np.flatnonzero(band)
    y, x = np.divmod(pixels, mask.shape[1])
    r, g, b = np.take(picture.reshape(-1, 3), pixels, axis=0).T * _TO_ONE
    k = np.take(clouds.odds, clouds.at(y, x), axis=1)
    said = r * (k[0] * r + k[1] * g + k[2] * b + k[6]) + g * (k[3] * g + k[4] * b + k[7]) + b * (k[5] * b + k[8]) + k[9]
    own = mask.ravel()[pixels] * np.float32(2 * _BELIEF) - np.float32(_BELIEF)
    odds = own + np.float32(_LISTEN) * np.clip(said, -_LOUDEST, clouds.loudest)
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
