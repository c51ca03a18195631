"""Closed-form matting (Levin 2008) where it is needed alone: in the undecided band along an outline.

Within a small window the person's share of a pixel is taken to be a linear function of its colour, whatever the colours
are. What of the shares no such function explains, summed over all windows, is the cost; a few steps of conjugate
gradients lower it. Windows of five by five, as in He 2010, carry far with few steps, and laid three apart they still
cover every pixel while there are nine times fewer of them than pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]

_REACH, _APART = 2, 3
"""Half the side of a window, and how far apart their middles are, in pixels. Laid two apart they cost twice as much for
2 % less error on the composites."""
_EPSILON = 1e-4
"""Regularisation of a window's colours, as a sum over its squared channels of 0..1 (1e-5 to 3e-4 differ by 1 %)."""
_SETTLED = 1e-12
_TINY = 1e-20


@dataclass(frozen=True, slots=True)
class _Windows:
    """Windows that cover the undecided pixels: one column each, one row for each of its 25 places.

    `places` are pixels of the flattened picture, `colours` the three channels there less the window's mean, `inverse`
    the inverse of the matrix of their products: six planes, rr, rg, rb, gg, gb, bb.
    """

    places: NDArray[np.intp]
    colours: tuple[Plane, ...]
    inverse: tuple[Plane, ...]

    def unexplained(self, shares: Plane) -> Plane:
        """Return what of the flattened shares is no linear function of the colours, window by window."""
        rest: Plane = np.take(shares, self.places)
        slopes = self.slopes([np.einsum("kn,kn->n", colour, rest) for colour in self.colours])
        rest -= rest.mean(axis=0)
        for colour, slope in zip(self.colours, slopes, strict=True):
            rest -= colour * slope
        return rest

    def slopes(self, moments: Sequence[Plane]) -> tuple[Plane, Plane, Plane]:
        """Solve the least squares of every window for its three slopes."""
        r, g, b = moments
        rr, rg, rb, gg, gb, bb = self.inverse
        return rr * r + rg * g + rb * b, rg * r + gg * g + gb * b, rb * r + gb * g + bb * b

    def own_weights(self) -> Plane:
        """Return how much each place counts against itself: the diagonal of the cost's matrix, window by window."""
        weights = np.full(self.places.shape, 1 - 1 / len(self.places), np.float32)
        for colour, slope in zip(self.colours, self.slopes(self.colours), strict=True):
            weights -= colour * slope
        return weights


def settle(start: Plane, colours: Sequence[Plane], free: Mask, *, prior: Plane, hold: Plane, steps: int) -> Plane:
    """Return the shares that the colours explain best; only those of `free` pixels move away from `start`.

    `colours` are the three channels, 0 to 1. `hold` says for each pixel how much it counts to stay near `prior`,
    against one for each window around it. The same input gives the same output.
    """
    windows, moving = _windows(colours, free), np.flatnonzero(free)
    if moving.size == 0 or windows.places.size == 0:
        return start
    kept = hold.ravel()[moving]

    def cost(shares: Plane) -> Plane:
        return _summed(windows, windows.unexplained(shares), start.size)[moving]

    scale = _summed(windows, windows.own_weights(), start.size)[moving] + kept + np.float32(_EPSILON)
    settled, moved = start.ravel().copy(), np.zeros(start.size, np.float32)
    left = kept * (prior.ravel()[moving] - settled[moving]) - cost(settled)
    towards, gain = left / scale, _dot(left, left / scale)
    for _ in range(steps):
        if gain < _SETTLED:
            break
        moved[moving] = towards
        against = cost(moved) + kept * towards
        stride = np.float32(gain / max(_dot(towards, against), _TINY))
        settled[moving] += stride * towards
        left = left - stride * against
        before, gain = gain, _dot(left, left / scale)
        towards = left / scale + np.float32(gain / before) * towards
    return np.clip(settled, 0.0, 1.0).reshape(start.shape)


def _windows(colours: Sequence[Plane], free: Mask) -> _Windows:
    """Lay windows over the free pixels, wherever one of them is touched."""
    height, width = free.shape
    side = 2 * _REACH + 1
    near, laid = ndimage.uniform_filter(free.astype(np.float32), side) > 0.5 / side**2, np.zeros_like(free)
    rows, columns = slice(_REACH, height - _REACH, _APART), slice(_REACH, width - _REACH, _APART)
    laid[rows, columns] = near[rows, columns]
    around = np.arange(-_REACH, _REACH + 1)
    places = (around[:, None] * width + around).reshape(-1, 1) + np.flatnonzero(laid)
    seen = tuple(np.take(colour, places) for colour in colours)
    centred = tuple(band - band.mean(axis=0) for band in seen)
    return _Windows(places, centred, _inverse(centred))


def _inverse(colours: tuple[Plane, ...]) -> tuple[Plane, ...]:
    """Invert every window's 3 x 3 matrix by cofactors, in double precision: flat colours leave little of it."""

    def product(i: int, j: int) -> NDArray[np.float64]:
        summed: NDArray[np.float64] = np.einsum("kn,kn->n", colours[i], colours[j], dtype=np.float64)
        return summed

    rr, gg, bb = (product(i, i) + _EPSILON for i in range(3))
    rg, rb, gb = product(0, 1), product(0, 2), product(1, 2)
    c_rr, c_rg, c_rb = gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
    scale = 1 / (rr * c_rr + rg * c_rg + rb * c_rb)
    return tuple((one * scale).astype(np.float32) for one in (c_rr, c_rg, c_rb, c_gg, c_gb, c_bb))


def _summed(windows: _Windows, values: Plane, size: int) -> Plane:
    """Add what the windows say of each pixel."""
    return np.bincount(windows.places.ravel(), values.ravel(), size).astype(np.float32)


def _dot(first: Plane, second: Plane) -> float:
    """Multiply and add in one order on every machine, which a linear algebra library with threads does not."""
    return float((first * second).sum(dtype=np.float64))
