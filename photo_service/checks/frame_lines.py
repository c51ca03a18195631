"""Where on a face thin lines lie, dark or light: the places that the frames of glasses take are judged by them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photo_service.models.ports import Points

TOP, BOTTOM = 56, 168
"""Rows of the chip, whose eyes lie at 104: from above the brows to the tip of the nose."""
_MARKS: Final = (127, 33, 133, 168, 362, 263, 356)
"""From edge to edge of the face: edge, corners of the right eye, bridge of the nose, corners of the left eye, edge."""
_PLACES: Final = (-1.0, -0.62, -0.24, 0.0, 0.24, 0.62, 1.0)
"""Where those lie on a face seen from the front, from edge to edge: a turned one is brought there column by column."""
_COLUMNS, _BEYOND = 192, 1.12
_OUTSIDE: Final = 40.0
"""Pixels beyond the edge of a face that are as much as from its middle to its edge."""
_REACH: Final = 4
"""Pixels (of 80 between the eyes) on both sides of a line that are held against it: lines up to 6 mm thick are seen."""
_CELL: Final = 8
_FULL: Final = 10.0
"""L* by which a line is darker, or lighter, than both its sides: more counts no more, for hair and shadow have more."""
_BINOMIAL: Final = 2
"""Reach of the filter 1 4 6 4 1, whose variance is one pixel: it takes away grain, and leaves wires."""
SHAPE: Final = (4, (BOTTOM - TOP) // _CELL, _COLUMNS // _CELL // 2)
"""Of `frame_lines`: lines across, dark and light, lines down, dark and light; rows; columns from edge to middle."""


def frame_lines(lightness: NDArray[np.float32], points: Points) -> NDArray[np.float32]:
    """Return how strong the strongest line of each kind is in each cell of the face, 0 to 1, mean of both sides.

    A cell is 8 x 8 pixels of the chip, of a frontal face. `lightness` is the chip's L*.
    """
    face = _brought_to_front(lightness, points)
    lines = np.stack([*_lines(face), *(line.T for line in _lines(face.T))])
    strongest = _strongest_in_cells(lines)
    sides = strongest[:, :, : SHAPE[2]], strongest[:, :, : SHAPE[2] - 1 : -1]
    both: NDArray[np.float32] = (sides[0] + sides[1]) / np.float32(2)
    return both


def _brought_to_front(lightness: NDArray[np.float32], points: Points) -> NDArray[np.float32]:
    """Return the rows of the eyes, smoothed, each landmark's column where it is on a frontal face."""
    rows = _smoothed(np.ascontiguousarray(lightness[TOP - _BINOMIAL : BOTTOM + _BINOMIAL]))
    columns = _smoothed(np.ascontiguousarray(rows.T))
    ordered = np.maximum.accumulate(points[list(_MARKS), 0].astype(np.float64) + np.arange(len(_MARKS)) * 1e-3)
    places = (-2.0, *_PLACES, 2.0), (ordered[0] - _OUTSIDE, *ordered, ordered[-1] + _OUTSIDE)
    across = np.interp(np.linspace(-_BEYOND, _BEYOND, _COLUMNS), *places) - _BINOMIAL
    first = np.clip(across, 0, len(columns) - 1.001).astype(np.int64)
    share = np.clip(across - first, 0, 1).astype(np.float32)[:, None]
    front: NDArray[np.float32] = np.ascontiguousarray((columns[first] * (1 - share) + columns[first + 1] * share).T)
    return front


def _smoothed(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    near, far = rows[1:-3] + rows[3:-1], rows[:-4] + rows[4:]
    smooth: NDArray[np.float32] = (far + np.float32(4) * near + np.float32(6) * rows[2:-2]) * np.float32(1 / 16)
    return smooth


def _lines(face: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return by how much each pixel is darker, and lighter, than the pixels above and below it; 0 at the ends."""
    above, below, middle = face[: -2 * _REACH], face[2 * _REACH :], face[_REACH:-_REACH]
    dark, light = np.zeros((2, *face.shape), np.float32)
    np.subtract(np.minimum(above, below), middle, out=dark[_REACH:-_REACH])
    np.subtract(middle, np.maximum(above, below), out=light[_REACH:-_REACH])
    return dark, light


def _strongest_in_cells(lines: NDArray[np.float32]) -> NDArray[np.float32]:
    rows = np.maximum.reduce([lines[:, place::_CELL] for place in range(_CELL)])
    cells = np.maximum.reduce([rows[:, :, place::_CELL] for place in range(_CELL)])
    share: NDArray[np.float32] = np.clip(cells, 0, _FULL) / np.float32(_FULL)
    return share
