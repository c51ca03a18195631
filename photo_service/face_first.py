"""Give the face more of a file's bytes than what is around it, where there are too few for everything.

Baseline JPEG has one table of steps for the brightness of the whole picture. Here it is as fine as the face needs, and
alike for low and high frequencies: whoever compares two pictures pixel by pixel counts them alike. In the face every
frequency is rounded to the nearest step, as always, and nothing else is done to it. Around the face those are left out
besides that the standard's table of some quality would round to nothing: nothing in the file is further from the
picture than at that quality. Any program decodes it as it does every other JPEG. Where the face would have to follow,
`scarce` goes another way first.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil, log, sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from photo_service.codec.baseline import Coded, Rounded, size_of, write
from photo_service.codec.blocks import ZIGZAG, Blocks, blocks_of, blocks_within
from photo_service.codec.tables import CHROMINANCE, LUMINANCE, Table, scale_of, scaled
from photo_service.likeness import CALM, SIGMA
from photo_service.models.ports import Rgb

_FINEST: Final = 98
"""Quality around the face from which the steps in it become finer first."""
COLOURS_IN_FACE: Final = 77
"""Least quality of the colours in the face: the least at which, on the photos of `make bench` that fell short of 0.99,
they were as near to the picture's as one quality for everything had left them."""
_LOSS: Final = 0.0035
"""Structural similarity that the face may lose before anything else does: with the 0.0053 at most that lie between the
selfie and the picture (`make bench`), 0.99 is kept."""
_GROWTH: Final = 1.01
"""From one step in the face to the next that is tried: at most half a per cent of the file."""
_ROUNDED: Final = 1 / 12
"""Mean square of what rounding to whole numbers does."""


class Share(NamedTuple):
    """How fine a file is: `step` of brightness in the face, 1 to 255, and the `quality` that nothing falls below."""

    step: float
    quality: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """A picture taken apart, and which of its blocks are the face, ready to be written at any share."""

    width: int
    height: int
    dpi: int
    blocks: Blocks
    face: NDArray[np.bool_]

    @classmethod
    def of(cls, picture: Rgb, face: NDArray[np.bool_], *, dpi: int, halved: bool) -> "Portrait":
        """Take a picture apart. `face` has a value a pixel; `halved` is colour at half the resolution."""
        height, width = picture.shape[:2]
        return cls(width, height, dpi, blocks_of(picture, halved=halved), blocks_within(face, halved=halved))

    def at(self, share: Share) -> Coded:
        """Round everything at one share."""
        light, colour = steps = _steps(share)
        units = np.rint(self.blocks / steps_of(self.blocks, *steps)).astype(np.int16)
        kept = steps_of(self.blocks, *standard(share.quality)) / 2
        kept[:, 0] = 0
        units[(np.abs(self.blocks) < kept) & ~self.face[..., None]] = 0
        return self.coded(light, colour, units)

    def coded(self, light: Table, colour: Table, units: Rounded) -> Coded:
        """Say what the rounded frequencies are of."""
        return Coded(self.width, self.height, self.dpi, light, colour, units)

    def kept_from(self) -> int:
        """Return the least quality for everything at which the face keeps its structural similarity, 100 at most."""
        bearable, seen = self._bearable(), _seen_by_the_window()
        squares = ((quality, np.square(standard(quality)[0], dtype=np.float32)) for quality in range(1, 100))
        return next((quality for quality, square in squares if float((square * seen).mean()) <= bearable), 100)

    def enough(self) -> float:
        """Return the coarsest step at which the face keeps its structural similarity, 1 at least."""
        return sqrt(max(1.0, self._bearable() / float(_seen_by_the_window().mean())))

    def _bearable(self) -> float:
        """Return the mean square of steps at which the face loses of its structural similarity what it may.

        Rounding to a step adds its square / 12 to the variance, and similarity falls by what is added as a share of
        twice the variance that is there. Both count as far as the window sees them: it takes no note of what changes
        slower than itself. It is an estimate:
        `make bench` measures what the face has lost.
        """
        light, seen = self.blocks[:, :-2][self.face[:, :-2]], _seen_by_the_window()
        if not light.size:
            return 0.0
        sensitivity = float(np.mean(1 / (2 * (light**2 * seen).mean(axis=1) + CALM)))
        return (_LOSS / sensitivity - _ROUNDED) / _ROUNDED


def fitted(portrait: Portrait, high: int, *, least: int) -> tuple[bytes, Share] | None:
    """Write the best file of fewer than `high` bytes, and tell at what share.

    None where there is none at the quality `least`. What is best is `_shares`'s to say; where the steps are coarser
    than `enough`, the face is short of what it needs.
    """
    shares = list(_shares(portrait.enough(), least))
    first = bisect_left(shares, True, key=lambda share: size_of(portrait.at(share)) < high)
    for share in shares[first:]:  # sizes are foretold within half a per cent
        if len(data := write(portrait.at(share))) < high:
            return data, share
    return None


def _shares(enough: float, least: int) -> Iterator[Share]:
    """Yield shares from the finest to the coarsest.

    A face finer than enough is the first to go; then the quality around it, as far as it may; then the face follows,
    until it is no finer than the rest.
    """
    coarsest = max(standard(least)[0])
    yield from (Share(step, _FINEST) for step in _grown(1.0, enough))
    yield from (Share(enough, quality) for quality in range(_FINEST, least - 1, -1))
    yield from (Share(step, least) for step in _grown(enough * _GROWTH, coarsest))


def _grown(low: float, high: float) -> Iterator[float]:
    steps = max(0, ceil(log(high / low, _GROWTH)))
    return (low * _GROWTH**step for step in range(steps))


def steps_of(blocks: Blocks, light: Table, colour: Table) -> NDArray[np.float32]:
    """Return the steps of every block of a unit."""
    return np.array([light] * (blocks.shape[1] - 2) + [colour] * 2, np.float32)


def _steps(share: Share) -> tuple[Table, Table]:
    """Return both tables: nowhere coarser than the standard's at the share's quality, in the file's order."""
    light, _ = standard(share.quality)
    _, colour = standard(max(share.quality, COLOURS_IN_FACE))
    return tuple(map(min, light, even(share.step))), colour


def even(step: float) -> Table:
    """Return a table of one step; between whole numbers low frequencies have the smaller one."""
    coarser = round(step % 1 * 64)
    return (int(step),) * (64 - coarser) + (int(step) + 1,) * coarser


@cache
def standard(quality: int) -> tuple[Table, Table]:
    light, colour = (scaled(table, scale_of(quality)) for table in (LUMINANCE, CHROMINANCE))
    return tuple(light[at] for at in ZIGZAG), tuple(colour[at] for at in ZIGZAG)


@cache
def _seen_by_the_window() -> NDArray[np.float32]:
    """Return how much of each frequency's power lies within a Gaussian window, and not in its mean."""
    places = np.array(ZIGZAG)
    squares = ((places % 8) ** 2 + (places // 8) ** 2) / 16**2
    return np.array(1 - np.exp(-((2 * np.pi * SIGMA) ** 2) * squares), np.float32)
