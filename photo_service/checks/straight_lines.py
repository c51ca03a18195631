"""Straight edges of a picture made small: where lines run, and how unbroken they are."""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo_service.models.ports import Rgb

SIDE: Final = 128
"""Longer side of the small picture: an edge of paper is a pixel wide in it, and hair is a blur."""
STEP: Final = 2.0
"""Degrees between the directions told apart."""
TURNS: Final = 180
"""Directions of a full circle."""
_TURNS_PER_RADIAN: Final = TURNS / math.tau
_VOTES, _SEEN = 20.0, 11.0
"""Difference of grey levels over two pixels from which an edge votes for a line, and counts as a part of one."""
_FEWEST_VOTES: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A line `out` pixels from the origin, its normal pointing outwards at `angle` (radians)."""

    angle: float
    out: int

    def meets(self, other: "Line") -> tuple[float, float] | None:
        """Return where two lines cross; None where they are too nearly parallel."""
        turned = math.sin(other.angle - self.angle)
        if abs(turned) < 0.3:
            return None
        x = (self.out * math.sin(other.angle) - other.out * math.sin(self.angle)) / turned
        y = (other.out * math.cos(self.angle) - self.out * math.cos(other.angle)) / turned
        return x, y

    def along(self, point: tuple[float, float]) -> float:
        """Return how far along the line the foot of a point lies."""
        return point[1] * math.cos(self.angle) - point[0] * math.sin(self.angle)


class Edges:
    """The edges of a picture, seen from an origin in it, and the lines that they vote for (Hough 1962)."""

    def __init__(self, picture: Rgb, *, origin: tuple[float, float]) -> None:
        grey = _small(picture)
        self.scale = grey.shape[1] / picture.shape[1]
        self._x, self._y = origin[0] * self.scale, origin[1] * self.scale
        self._across, self._down = np.zeros_like(grey), np.zeros_like(grey)
        self._across[2:-2, 2:-2] = grey[2:-2, 3:-1] - grey[2:-2, 1:-3]
        self._down[2:-2, 2:-2] = grey[3:-1, 2:-2] - grey[1:-3, 2:-2]
        self._votes = self._cast()

    def strongest(self, direction: float, *, spread: float, beyond: float, most: int) -> list[Line]:
        """Return the lines with most votes whose outward normal is within `spread` degrees of `direction` and that
        lie further than `beyond` from the origin, in small pixels."""
        reach = np.arange(round((direction - spread) / STEP), round((direction + spread) / STEP) + 1) % TURNS
        votes, lines = self._votes[reach], []
        votes[:, : max(0, int(beyond))] = 0
        for _ in range(most):
            turn, out = divmod(int(votes.argmax()), votes.shape[1])
            if votes[turn, out] < _FEWEST_VOTES:
                break
            lines.append(Line(math.radians(float(reach[turn]) * STEP), out))
            votes[max(0, turn - 2) : turn + 3, max(0, out - 3) : out + 4] = 0
        return lines

    def unbroken(self, line: Line, start: tuple[float, float], end: tuple[float, float]) -> float:
        """Return the share of a line, between two points, along which an edge runs within a pixel of it."""
        first, last = sorted((line.along(start), line.along(end)))
        places = np.linspace(first, last, max(8, int(last - first)))
        cos, sin = math.cos(line.angle), math.sin(line.angle)
        outs = line.out + np.array([[-1.0], [0.0], [1.0]])
        height, width = self._across.shape
        xs = np.rint(self._x + outs * cos - places * sin).clip(0, width - 1)  # what lies outside finds the rim,
        ys = np.rint(self._y + outs * sin + places * cos).clip(0, height - 1)  # where no edge is seen
        seen = (ys * width + xs).astype(np.intp)
        across, down = self._across.take(seen), self._down.take(seen)
        normal, other = np.abs(across * cos + down * sin), np.abs(down * cos - across * sin)
        return float(((normal > _SEEN) & (normal > 2 * other)).any(axis=0).mean())

    def _cast(self) -> NDArray[np.int64]:
        """Let each edge vote for the lines through it whose normal is within 5 degrees of its own."""
        size = np.abs(self._across) + np.abs(self._down)
        places = np.flatnonzero(size > _VOTES)
        ys, xs = np.divmod(places, size.shape[1])
        own = np.rint(np.arctan2(self._down.take(places), self._across.take(places)) * _TURNS_PER_RADIAN)
        turns = own.astype(np.int32) + np.arange(-2, 3, dtype=np.int32)[:, None]
        cos, sin = (table.take(turns) for table in _directions())  # below 0 they count from the end, as directions do
        outs = np.rint((xs - self._x).astype(np.float32) * cos + (ys - self._y).astype(np.float32) * sin)
        outs = outs.astype(np.int32)
        longest = sum(size.shape)
        turns = (turns + TURNS // 2 * (outs < 0)) % TURNS
        votes = np.bincount((turns * longest + np.abs(outs)).ravel(), minlength=TURNS * longest)
        return votes.reshape(TURNS, longest)


@cache
def _directions() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    angles = np.arange(TURNS) / _TURNS_PER_RADIAN
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def _small(picture: Rgb) -> NDArray[np.float32]:
    """Return the picture in grey, its longer side SIDE pixels; a large one is thinned out before it is averaged."""
    every = max(1, max(picture.shape[:2]) // (3 * SIDE))
    image = Image.fromarray(np.ascontiguousarray(picture[::every, ::every])).convert("L")
    times = SIDE / max(image.size)
    size = (max(8, round(image.width * times)), max(8, round(image.height * times)))
    return np.asarray(image.resize(size, Image.Resampling.BOX), np.float32)
