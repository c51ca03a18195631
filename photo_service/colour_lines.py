"""Small windows along an outline, and in each the linear function from colours to shares that fits it.

Windows of five by five, as in He 2010, carry far, and laid three apart they still cover every pixel while there are
nine times fewer of them than pixels.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photo_service.models.ports import Rgb

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]

_REACH: Final = 2
_APART: Final = 3
"""Half the side of a window, and how far apart their middles are, in pixels."""
SIDE: Final = 2 * _REACH + 1
_EPSILON: Final = 1e-4
"""Regularisation of a window's colours, as a sum over its squared channels of 0..1 (3e-4 is 1 % worse on the
composites, 1e-3 2 %)."""
_HEARD: Final = 0.05
"""How much of the four windows around a pixel there must be, weighted by nearness, for their word to count."""
_TO_ONE: Final = np.float32(1 / 255)


@dataclass(frozen=True, slots=True)
class Lines:
    """One linear function from colours (0 to 1) to shares for each window of a grid, `columns` to the row.

    `cells` has five rows: slopes for red, green and blue, what is added, and 1 where there is a window, 0 elsewhere.
    """

    cells: Plane
    rows: int
    columns: int

    def at(self, picture: Rgb, pixels: Places) -> tuple[Plane, Mask]:
        """Return the shares of some pixels of a picture twice as large, and where any window speaks of them at all."""
        y, x = np.divmod(pixels, picture.shape[1])
        (top, down), (left, right) = _between(y, self.rows), _between(x, self.columns)
        red, green, blue, added, heard = self._weighted(top * self.columns + left, down, right)
        r, g, b = np.take(picture.reshape(-1, 3), pixels, axis=0).T * _TO_ONE
        said = (red * r + green * g + blue * b + added) / np.maximum(heard, _HEARD)
        return np.clip(said, 0.0, 1.0), heard > _HEARD

    def _weighted(self, corner: Places, down: Plane, right: Plane) -> Plane:
        """Return the functions between four windows each, of which `corner` is the one above to the left."""
        steps = (0, 1, self.columns, self.columns + 1)
        weights = (1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right
        around = (
            np.take(self.cells, corner + step, axis=1, mode="clip") * weight
            for step, weight in zip(steps, weights, strict=True)
        )
        return reduce(np.add, around)


def _between(pixels: Places, count: int) -> tuple[Places, Plane]:
    """Return the window before each row (or column) of pixels, of `count`, and how far on to the next it lies."""
    at = (pixels * np.float32(0.5) - np.float32(_REACH + 0.25)) * np.float32(1 / _APART)
    at = np.clip(at, 0, count - 1).astype(np.float32, copy=False)
    before = np.minimum(at.astype(np.intp), max(count - 2, 0))
    return before, (at - before).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Windows:
    """Windows that cover the free pixels: one column each, one row for each of its 25 places.

    `laid` says where on the grid there is one. `places` are pixels of the flattened picture. `basis` are three
    functions there of which every linear function of the window's colours is made: without mean, independent of each
    other, of length 1 (shorter where the colours hardly differ). `factors` lead back from them to colours of the mean
    `means`. `variance` is that of the colours, summed over three channels of 0 to 1.
    """

    laid: Mask
    places: Places
    basis: tuple[Plane, ...]
    factors: tuple[Plane, ...]
    means: tuple[Plane, ...]
    variance: Plane

    def explained(self, seen: Plane) -> Plane:
        """Return what of the shares at the places is a linear function of the colours, window by window."""
        said = np.broadcast_to(np.add.reduce(seen, axis=0) * np.float32(1 / SIDE**2), seen.shape)
        for one, moment in zip(self.basis, self._moments(seen), strict=True):
            said = said + one * moment
        return said

    def own_weights(self) -> Plane:
        """Return how much each place counts against itself: the diagonal of the cost's matrix, window by window."""
        first, second, third = self.basis
        weights: Plane = np.float32(1 - 1 / SIDE**2) - first * first - second * second - third * third
        return weights

    def lines(self, shares: Plane) -> Lines:
        """Return the linear functions that explain the flattened shares best."""
        seen = np.take(shares, self.places)
        first, second, third = self._moments(seen)
        a, b, c, d, e, f = self.factors
        blue = third * f
        green = (second - e * blue) * d
        red = (first - b * green - c * blue) * a
        added = seen.mean(axis=0) - red * self.means[0] - green * self.means[1] - blue * self.means[2]
        rows, columns = self.laid.shape
        cells = np.zeros((5, rows * columns), np.float32)
        cells[:, np.flatnonzero(self.laid)] = red, green, blue, added, np.ones_like(added)
        return Lines(cells, rows, columns)

    def _moments(self, seen: Plane) -> tuple[Plane, ...]:
        return tuple(np.einsum("kn,kn->n", one, seen) for one in self.basis)


def lay(picture: Rgb, free: Mask) -> Windows:
    """Lay windows over the free pixels, wherever one of them is touched; none where the picture is too small."""
    height, width = free.shape
    rows, columns, steps = _middles(height), _middles(width), np.arange(-_REACH, _REACH + 1)
    across = reduce(or_, (free[rows + step] for step in steps))
    laid: Mask = reduce(or_, (across[:, columns + step] for step in steps))
    y, x = np.nonzero(laid)
    places = (steps[:, None] * width + steps).reshape(-1, 1) + (rows[y] * width + columns[x])
    seen = np.take(picture.reshape(-1, 3), places, axis=0)
    bands = tuple(seen[..., band] * _TO_ONE for band in range(3))
    means = tuple(band.mean(axis=0) for band in bands)
    centred = tuple(band - mean for band, mean in zip(bands, means, strict=True))
    return Windows(laid, places, *_independent(centred), means, _variance(centred))


def _middles(side: int) -> Places:
    """Return the middles of windows along a side; the last one reaches the edge, or stays a pixel short of it.

    Nearer than two pixels to the one before, a third window would cover the same pixel (see closed_form).
    """
    middles, last = np.arange(_REACH, side - _REACH, _APART), side - 1 - _REACH
    return np.append(middles, last) if middles.size and last - middles[-1] > 1 else middles


def _independent(bands: tuple[Plane, ...]) -> tuple[tuple[Plane, ...], tuple[Plane, ...]]:
    """Make the three channels of every window independent (Cholesky's decomposition of the matrix of their products).

    In double precision: flat colours leave little of it. Returns basis and factors, see Windows.
    """
    r, g, b = bands
    rg, rb, gb = _product(r, g), _product(r, b), _product(g, b)
    one = 1 / np.sqrt(_product(r, r) + _EPSILON)
    by_red, by_red_too = rg * one, rb * one
    two = 1 / np.sqrt(_product(g, g) + _EPSILON - by_red**2)
    by_green = (gb - by_red_too * by_red) * two
    three = 1 / np.sqrt(_product(b, b) + _EPSILON - by_red_too**2 - by_green**2)
    factors = tuple(each.astype(np.float32) for each in (one, by_red, by_red_too, two, by_green, three))
    first = r * factors[0]
    second = (g - factors[1] * first) * factors[3]
    third = (b - factors[2] * first - factors[4] * second) * factors[5]
    return (first, second, third), factors


def _variance(bands: tuple[Plane, ...]) -> Plane:
    summed: Plane = reduce(np.add, (np.einsum("kn,kn->n", band, band) for band in bands)) * np.float32(1 / SIDE**2)
    return summed


def _product(first: Plane, second: Plane) -> NDArray[np.float64]:
    summed: NDArray[np.float64] = np.einsum("kn,kn->n", first, second).astype(np.float64)
    return summed
