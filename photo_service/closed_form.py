"""Closed-form matting (Levin 2008) where it is needed alone: in the undecided band along an outline.

Within a small window the person's share of a pixel is taken to be a linear function of its colour, whatever the colours
are (see colour_lines). What of the shares no such function explains, summed over all windows, is the cost; a few steps
of conjugate gradients lower it.
"""

from dataclasses import dataclass

import numpy as np

from photo_service.colour_lines import Places, Plane, Windows

_ENOUGH = 1e-4
"""Keeps the diagonal above nothing."""
_SETTLED = 1e-12
_TINY = 1e-20


@dataclass(frozen=True, slots=True)
class _Moving:
    """The free pixels, numbered from 0; all others go by one number, the last.

    `where` are the numbers at the windows' places. `covers` says for each free pixel which of the windows' values are
    of it: at most four, laid as they are, and one beyond the last value in the stead of a missing one.
    """

    where: Places
    covers: Places

    def summed(self, values: Plane) -> Plane:
        """Add what the windows say of each free pixel."""
        first, second, third, fourth = np.take(np.append(values.ravel(), np.float32(0)), self.covers)
        summed: Plane = first + second + third + fourth
        return summed


def settle(windows: Windows, start: Plane, moving: Places, *, prior: Plane, hold: Plane, steps: int) -> Plane:
    """Return the flattened shares that the colours explain best; only those of the pixels `moving` leave `start`.

    `hold` says for each window how much its pixels count to stay near `prior` (the flattened mask), against one for
    the window. What no window covers is as the mask has it. The same input gives the same output.
    """
    pixels = _number(windows, moving, start.size)
    covered = (pixels.covers < pixels.where.size).sum(axis=0, dtype=np.float32)
    kept = pixels.summed(np.broadcast_to(hold, pixels.where.shape)) / np.maximum(covered, 1)
    kept[covered == 0] = 1
    weight = covered + kept
    scale = 1 / (pixels.summed(windows.own_weights()) + kept + np.float32(_ENOUGH))
    result = start.copy()
    settled = result[moving]
    said = pixels.summed(windows.explained(np.take(start, windows.places)))
    left = kept * prior[moving] - weight * settled + said
    result[moving] = np.clip(settled + _descent(windows, pixels, left, weight, scale, steps), 0.0, 1.0)
    return result


def _descent(windows: Windows, pixels: _Moving, left: Plane, weight: Plane, scale: Plane, steps: int) -> Plane:
    """Return how far the shares move in so many steps of conjugate gradients, scaled by the matrix's diagonal."""
    moved, everywhere = np.zeros_like(left), np.zeros(left.size + 1, np.float32)
    towards = everywhere[:-1]
    towards += left * scale
    gain = _dot(left, towards)
    for _ in range(steps):
        if gain < _SETTLED:
            break
        against = weight * towards - pixels.summed(windows.explained(np.take(everywhere, pixels.where)))
        stride = np.float32(gain / max(_dot(towards, against), _TINY))
        moved += stride * towards
        left = left - stride * against
        scaled = left * scale
        before, gain = gain, _dot(left, scaled)
        towards *= np.float32(gain / before)
        towards += scaled
    return moved


def _number(windows: Windows, moving: Places, size: int) -> _Moving:
    """Number the free pixels. Windows that cover the same one differ in that row or column of the grid is odd."""
    number = np.full(size, moving.size, np.intp)
    number[moving] = np.arange(moving.size)
    where = np.take(number, windows.places)
    row, column = np.nonzero(windows.laid)
    covers = np.full((4, moving.size + 1), where.size, np.intp)
    covers[row % 2 * 2 + column % 2, where] = np.arange(where.size).reshape(where.shape)
    return _Moving(where, np.ascontiguousarray(covers[:, :-1]))


def _dot(first: Plane, second: Plane) -> float:
    """Multiply and add in one order on every machine, which a linear algebra library with threads does not."""
    return float((first * second).sum(dtype=np.float64))
