"""Round frequencies so that what is lost and what it costs in bytes are least together.

Rounding to the nearest step is best where bytes cost nothing. Where they do, a small number that interrupts a run of
zeros costs more than it shows, and one just above a power of two costs a bit more than the one just below. All choices
of a block are weighed against each other, from its first frequency to its last, as dynamic programming does it
(Crouse and Ramchandran 1997, "Joint thresholding and quantizer selection for transform image coding"; encoders call it
trellis quantisation). No number ever comes out further from zero than rounding would have it. The file is a JPEG like
any other.
"""

from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from photo_service.codec.huffman import Code

Steps = NDArray[np.float32]
"""Blocks x 64 frequencies, in steps of their table."""

_SIXTEEN_ZEROS: Final = 0xF0
_UNHEARD: Final = 16
"""Bits of a symbol that the code has none for: as many as the longest."""
_SIZES: Final = 12
"""One more than the bits of any number that baseline JPEG can hold."""
_NEVER: Final = np.float32(1e18)


class _Ends(NamedTuple):
    """For every frequency as the last one that is not zero: what the block has cost by then, less what it would have
    cost to leave everything out up to there; which one before it was the last; and the number written."""

    cost: NDArray[np.float32]
    before: NDArray[np.int8]
    number: NDArray[np.int16]


def thrifty(wanted: Steps, weights: Steps, *, price: float, code: Code) -> NDArray[np.int16]:
    """Round all but the first frequency of each block, whose size is no matter of its block alone; it is rounded as
    always.

    `weights` is what the square of one step counts, `price` what a bit does. `code` is what they will be written with,
    or nearly.
    """
    amounts = np.abs(wanted)
    nearest = np.floor(amounts + np.float32(0.5)).astype(np.int16)
    nearest[:, 0] = 0
    busy = np.flatnonzero(nearest.any(axis=1))
    rounded = np.zeros(wanted.shape, np.int16)
    rounded[busy] = _chosen(amounts[busy], weights[busy], nearest[busy], _prices(code, price))
    rounded = np.where(wanted < 0, -rounded, rounded)
    rounded[:, 0] = np.rint(wanted[:, 0])
    return rounded


def _prices(code: Code, price: float) -> NDArray[np.float32]:
    """Return what a number of so many bits costs after so many zeros (sizes x runs); of size 0, the end of a block."""
    bits = np.where(code.bits > 0, code.bits, _UNHEARD).astype(np.float32)
    runs, sizes = np.arange(63), np.arange(_SIZES)[:, None]
    symbols = ((runs & 15) << 4) + np.minimum(sizes, 15)
    costs = bits[symbols] + sizes + (runs >> 4) * bits[_SIXTEEN_ZEROS]
    costs[0] = bits[0]
    scaled: NDArray[np.float32] = (costs * np.float32(price)).astype(np.float32)
    return scaled


def _chosen(amounts: Steps, weights: Steps, nearest: NDArray[np.int16], prices: Steps) -> NDArray[np.int16]:
    ends = _Ends(
        np.full(amounts.shape, _NEVER, np.float32), np.zeros(amounts.shape, np.int8), np.zeros(amounts.shape, np.int16)
    )
    ends.cost[:, 0] = 0
    for at, column in enumerate(np.ascontiguousarray(nearest.T)):
        rows = np.flatnonzero(column)
        if rows.size:
            _weigh(ends, at, rows, amounts[rows, at], weights[rows, at], column[rows], prices)
    closing = ends.cost + prices[0, 0]
    closing[:, 63] = ends.cost[:, 63]
    return _read_back(ends, closing.argmin(axis=1))


def _weigh(
    ends: _Ends,
    at: int,
    rows: NDArray[np.intp],
    amount: NDArray[np.float32],
    weight: NDArray[np.float32],
    nearest: NDArray[np.int16],
    prices: Steps,
) -> None:
    """Weigh the nearest number against the largest that takes a bit less, each after every frequency before it.

    All others take as many bits as one of the two, and are further off.
    """
    reached, bits = ends.cost[rows, at - 1 :: -1], _lengths()[nearest]
    cost, run = _cheapest(reached, prices[bits, :at])
    cost += weight * (nearest - amount) ** 2
    number, large = nearest.copy(), np.flatnonzero(bits > 1)
    if large.size:
        less, after = _cheapest(reached[large], prices[bits[large] - 1, :at])
        smaller = (1 << (bits[large] - 1)) - 1
        less += weight[large] * (smaller - amount[large]) ** 2
        better = less < cost[large]
        where = large[better]
        cost[where], run[where], number[where] = less[better], after[better], smaller[better]
    ends.cost[rows, at] = cost - weight * amount**2
    ends.before[rows, at], ends.number[rows, at] = at - 1 - run, number


def _cheapest(reached: Steps, prices: Steps) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Return the least cost after so many zeros, and how many those are."""
    costs = reached + prices
    run = costs.argmin(axis=1)
    return costs[np.arange(run.size), run], run


def _read_back(ends: _Ends, last: NDArray[np.intp]) -> NDArray[np.int16]:
    """Follow the best choice from its last number to its first."""
    rounded, rows = np.zeros(ends.number.shape, np.int16), np.arange(last.size)
    while rows.size:
        rounded[rows, last] = ends.number[rows, last]
        last = ends.before[rows, last].astype(np.intp)
        rows, last = rows[last > 0], last[last > 0]
    return rounded


@cache
def _lengths() -> NDArray[np.int16]:
    return np.array([number.bit_length() for number in range(1 << 12)], np.int16)
