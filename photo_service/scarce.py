"""Make the most of too few bytes: the face keeps what was promised of it as long as what is around it can pay.

Where face_first ends, every frequency of the face is rounded to the nearest step, and around it only that is left out
which some quality would have left out too. Here every number of the file is weighed: what it costs in bits against
what it counts (see codec.thrift). In the face that is structural similarity and nothing else; around it, what eyes
see, and less of it the fewer bytes there are. The tables are nowhere coarser than those of the spec's floor.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, log, sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from photo_service.codec.baseline import Coded, codes_of, size_of, write
from photo_service.codec.blocks import BLOCK, Blocks, brightness_in, brightness_of
from photo_service.codec.huffman import Code
from photo_service.codec.tables import Table
from photo_service.codec.thrift import thrifty
from photo_service.face_first import COLOURS_IN_FACE, Portrait, even, standard, steps_of
from photo_service.likeness import Likeness, what_counts
from photo_service.models.ports import Rgb

Codes = tuple[Code, Code]
"""For all but the first frequencies of blocks: of brightness, and of colours."""

_LOST: Final = 0.0095
"""Structural similarity that the face may lose as long as there is anything to take from what is around it: with the
0.0002 that most photos of narrow windows have lost before they are encoded, 0.99 is kept."""
_EASY: Final = 0.7
"""Of the steps at which it loses all of that, and of the root of the price: it then loses half. The other half is for
photos that have lost more before: those of a colour profile that the reference does not know have lost 0.0041."""
_ROUNDING: Final = 0.75
"""Share of that loss which rounding alone makes up; the rest is what is left out. From 0.6 to 0.75 the photos of
id-card came out alike; from 0.9 the faces were worse in the same bytes."""
_MOST, _MIDDLE, _LEAST = 3.0, 1 / 4, 1 / 16
"""How much counts what is around the face: where there is room; before the face loses more than half of what it may;
and at least. A judgement, by looking at enlarged photos: at the middle little is to be seen; at the least hair is soft,
and its blocks show where the photo is shown at twice its size."""
_FINEST, _COARSEST = 0.2, 2.5
"""The finest: steps of one, at a twenty-fifth of the price that bits had at them. The coarsest: a face at two and a
half times the steps at which it loses what it may; whoever asks for more gets one quality for everything."""
_GROWTH, _FINER = 1.01, 4
"""From one share to the next, and how many finer ones than was foretold are written to find the last that fits."""
_DEARER, _PRICES = 1.07, 128
"""How many prices of a bit are measured from, each so many times the one before; the dearest is what a step counts."""
_CALM: Final = 4000.0
"""Around the face: twice the variance in which eyes begin to miss an error."""
_BLOCKS_SHOW: Final = np.array([1, 8, 8, 3, 3, 3] + [1] * 58, np.float32)
"""Around the face: how much more the slowest changes of a block count than its others. Without that a block is one even
colour, and shows."""
_COLOURS_AROUND: Final = 4e-5
"""What the square of an error of colour counts around the face, however few bytes there are: below it the wall beside
an ear is tinted."""
_WHITE_STAYS: Final = 13
"""Steps of a block's mean up to which white is written as white, exactly."""
_EYES: Final = 50
"""Quality at which the standard's tables say what eyes see of each frequency."""


class Share(NamedTuple):
    """How coarse the face is, 1 where it loses all that it may, and how much counts what is around it."""

    coarse: float
    around: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What the square of an error counts, frequency by frequency: in the face, and around it where that counts 1."""

    face: Blocks
    around: Blocks
    colours: Blocks

    @classmethod
    def of(cls, light: NDArray[np.float32], face: NDArray[np.bool_], portrait: Portrait) -> "Weights":
        unit = 2 * BLOCK if portrait.blocks.shape[1] > 3 else BLOCK
        inside = face.astype(np.float32)
        shades, colours = (table[0] / np.array(table, np.float32) for table in standard(_EYES))
        around = what_counts(light, 1 - inside, unit=unit, calm=_CALM) * (shades * _BLOCKS_SHOW).astype(np.float32)
        coloured = np.where(portrait.face[:, -2:, None], 0, _COLOURS_AROUND * np.sqrt(colours) * _BLOCKS_SHOW)
        return cls(what_counts(light, inside, unit=unit), around, coloured.astype(np.float32))


@dataclass(frozen=True, slots=True)
class Scarce:
    """A picture to be written in too few bytes: where the face loses all that it may, its brightness has steps of
    `step`, and a bit costs `price`. `least` is the quality of the floor's tables, `codes` are a much alike file's."""

    portrait: Portrait
    weights: Weights
    least: int
    step: float
    price: float
    codes: Codes

    @classmethod
    def of(cls, portrait: Portrait, picture: Rgb, face: NDArray[np.bool_], *, least: int) -> "Scarce":
        """Find the steps and the price. `face` has a value a pixel; at least one must be a face's."""
        light = brightness_of(picture)
        weights = Weights.of(light, face, portrait)
        step = _step(weights.face, int(face.sum()))
        light_steps, colour_steps = _tables(step, least)
        units = np.rint(portrait.blocks / steps_of(portrait.blocks, light_steps, colour_steps)).astype(np.int16)
        units[:, :, 1:][~portrait.face] = 0
        codes = codes_of(portrait.coded(light_steps, colour_steps, units))
        price = _price(portrait, weights.face, Likeness.of(light, face), light_steps, codes[0])
        return cls(portrait, weights, least, step, price, codes)

    def at(self, share: Share, codes: Codes) -> Coded:
        """Round everything at one share, as the codes of a file much like it advise."""
        light, colour = _tables(self.step * share.coarse, self.least)
        price, blocks, around = self.price * share.coarse**2, self.portrait.blocks, np.float32(share.around)
        units = np.rint(blocks / steps_of(blocks, light, colour)).astype(np.int16)
        shades = self.weights.face + around * self.weights.around
        units[:, :-2] = _weighed(blocks[:, :-2], shades, light, price, codes[0])
        colours = _weighed(blocks[:, -2:], self.weights.colours, colour, price, codes[1])
        units[:, -2:] = np.where(self.portrait.face[:, -2:, None], units[:, -2:], colours)
        return self.portrait.coded(light, colour, units)

    def fitted(self, high: int) -> tuple[bytes, int] | None:
        """Write the best file of fewer than `high` bytes, and tell of what quality its tables are; None where there is
        none."""
        shares, codes = list(_shares(self.step)), self.codes
        first, last = 0, len(shares)
        while first < last:
            middle = (first + last) // 2
            made = self.at(shares[middle], codes)
            codes = codes_of(made)
            first, last = (first, middle) if size_of(made) < high else (middle + 1, last)
        return self._nearest(shares, first, codes, high)

    def _nearest(self, shares: list[Share], first: int, codes: Codes, high: int) -> tuple[bytes, int] | None:
        """Write the shares near the one that was foretold: coarser ones until one fits, finer ones as long as they do.

        Sizes are foretold within half a per cent, and not quite with the codes that the file will have.
        """
        found, at, finest = None, first, first - _FINER
        while finest <= at < len(shares) and at >= 0:
            made = self.at(shares[at], codes)
            codes = codes_of(made)
            if len(data := write(made)) < high:
                found, at = (data, _quality_of(made)), at - 1
            elif found is not None:
                break
            else:
                at += 1 + at - first
        return found


def _shares(step: float) -> Iterator[Share]:
    """Yield shares from the finest to the coarsest: the face gives way first, then what is around it, in turns."""
    yield from (Share(coarse, _MOST) for coarse in _grown(_FINEST / step, _EASY))
    yield from (Share(_EASY, 1 / around) for around in _grown(1 / _MOST, 1 / _MIDDLE))
    yield from (Share(coarse, _MIDDLE) for coarse in _grown(_EASY, 1.0))
    yield from (Share(1.0, 1 / around) for around in _grown(1 / _MIDDLE, 1 / _LEAST))
    yield from (Share(coarse, _LEAST) for coarse in _grown(1.0, _COARSEST))


def _grown(low: float, high: float) -> Iterator[float]:
    steps = max(0, ceil(log(high / low, _GROWTH)))
    return (low * _GROWTH**step for step in range(steps))


def _tables(step: float, least: int) -> tuple[Table, Table]:
    """Return tables nowhere coarser than the floor's; the mean of a block, of which the window sees a third, may be off
    twice as far, as long as white stays white."""
    light, colour = standard(least)[0], standard(max(least, COLOURS_IN_FACE))[1]
    step = max(1.0, step)
    mean, others = min(round(2 * step), _WHITE_STAYS), even(step)[1:]
    return tuple(map(min, light, (mean, *others))), colour


def _step(weights: Blocks, pixels: int) -> float:
    """Return the steps at which rounding alone loses its share: each adds a twelfth of its square, and so do, at steps
    of one, whole numbers."""
    return sqrt(max(1.0, _LOST * _ROUNDING * pixels * 12 / float(weights.sum(dtype=np.float64)) - 1))


def _price(portrait: Portrait, weights: Blocks, likeness: Likeness, table: Table, code: Code) -> float:
    """Measure at what price of a bit the face has lost all that it may."""
    touched = weights.any(axis=2)
    blocks = portrait.blocks[:, :-2]
    wanted, counted, made = blocks[touched], weights[touched], portrait.blocks.copy()
    dearest = float(counted.mean()) * table[-1] ** 2

    def lost(price: float) -> float:
        made[:, :-2][touched] = _weighed(wanted, counted, table, price, code) * np.array(table, np.float32)
        return likeness.lost(brightness_in(made, width=portrait.width, height=portrait.height))

    prices = [dearest / _DEARER**times for times in range(_PRICES - 1, -1, -1)]
    within = bisect_left(prices, True, key=lambda price: lost(price) > _LOST)
    return prices[max(0, within - 1)]


def _weighed(blocks: Blocks, weights: Blocks, table: Table, price: float, code: Code) -> NDArray[np.int16]:
    steps, shape = np.array(table, np.float32), blocks.shape
    wanted, squares = blocks / steps, weights * steps**2
    return thrifty(wanted.reshape(-1, 64), squares.reshape(-1, 64), price=price, code=code).reshape(shape)


def _quality_of(made: Coded) -> int:
    """Return the best quality whose own tables are nowhere finer."""
    return next(
        quality
        for quality in range(100, 0, -1)
        if all(mine <= due for mine, due in zip(made[3] + made[4], sum(standard(quality), ()), strict=True))
    )
