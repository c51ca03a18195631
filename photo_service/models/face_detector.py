"""Find faces with BlazeFace (short range): 128 x 128 pixels in, 896 candidate boxes out.

The network was trained on faces that take up roughly a tenth to three quarters of its view, and a selfie need not
keep to that. So the whole picture is tried first, one pass, which is all a usual selfie needs. Then, and everything
found is folded together:

- if that shows no face, or none of a fair size: overlapping tiles of the picture, in which a far-away face becomes one
  of usual size;
- if that shows no face at all: also the picture small within a wide black border, in which a face that fills the frame
  becomes one of usual size. Its boxes are coarse, so it is not asked where another view has an answer.

Tiles also make emblems and folds of cloth the size of a face. Beside a face found in the whole picture, what only tiles
show must therefore score higher.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo_service.models.boxes import INPUT_PX, Rows, Scores, anchor_centres, decode_boxes, fold_overlapping
from photo_service.models.ports import DetectedFace
from photo_service.models.roi import sigmoid
from photo_service.models.sessions import Network

SAME_FACE_IOU = 0.3
SAME_FACE_INSIDE = 0.6
SMALL_FACE = 0.2
"""A face narrower than this share of the picture's long side is looked at again, in more views."""
BESIDE_SCORE = 0.7
"""What a face seen in a tile must score to stand beside one seen in the whole picture."""
_BORDERED_VIEW = 2.0
"""Side of the bordered view in long sides of the picture: a face filling the frame fills half of the view."""
_TILE_VIEW = 0.55
"""Side of a tile in long sides: two by two overlap by a tenth, so that no face is cut by both its tiles."""
_WORKING_PX = 512
"""Least long side to which a picture is shrunk, once, before its views: a tile still has twice the pixels it needs."""


@dataclass(frozen=True, slots=True)
class _View:
    """A square of the picture in units of its long side: left, top and side."""

    left: float
    top: float
    side: float


@dataclass(frozen=True, slots=True)
class _Working:
    """The picture made small, and how long its long side is there: a fraction where blocks of pixels do not fit."""

    image: Image.Image
    long_side: float


class BlazeFaceFinder:
    """Find faces of any size in a picture (see FaceFinder). Safe to call from several threads."""

    def __init__(self, network: Network, *, min_score: float = 0.5) -> None:
        self._network = network
        self._min_score = min_score
        self._anchors = anchor_centres()

    def find(self, picture: Image.Image) -> tuple[DetectedFace, ...]:
        """Find the faces of a picture of any size, surest first; empty when there is none."""
        long_side = max(picture.size)
        rows, scores = self._all_views(_shrunk(picture), _sides(picture))
        folded = fold_overlapping(rows, scores, max_iou=SAME_FACE_IOU, max_inside=SAME_FACE_INSIDE)
        return tuple(_face(row * long_side, float(score)) for row, score in zip(*folded, strict=True))

    def _all_views(self, small: _Working, sides: tuple[float, float]) -> tuple[Rows, Scores]:
        """Look at the whole picture, and at more views as need be; boxes in units of the picture's long side."""
        rows, scores = self._look(small, _whole_view(sides), self._min_score)
        if _has_fair_face(rows):
            return rows, scores
        views = _tiles(sides) if len(rows) else [_bordered_view(sides), *_tiles(sides)]
        min_score = max(self._min_score, BESIDE_SCORE) if len(rows) else self._min_score
        more = [self._look(small, view, min_score) for view in views]
        return np.concatenate([rows, *(found[0] for found in more)]), np.concatenate([scores, *(f[1] for f in more)])

    def _look(self, small: _Working, view: _View, min_score: float) -> tuple[Rows, Scores]:
        """Run the network on one view; boxes in units of the picture's long side."""
        pixels = np.asarray(_rendered(small, view), np.float32)[None] / 127.5 - 1.0
        raw, logits = self._network.run(pixels)
        scores = sigmoid(logits.reshape(-1))
        sure = scores >= min_score
        rows = decode_boxes(raw[0][sure], self._anchors[sure])
        placed = rows * np.float32(view.side) + np.tile(np.array([view.left, view.top], np.float32), 8)
        whole = _not_cut(rows) if view.side < 1 else np.ones(len(rows), bool)
        return placed[whole], scores[sure][whole]


def _shrunk(picture: Image.Image) -> _Working:
    """Shrink once for all views, by a whole factor and averaging: twice as fast as shrinking to a given size."""
    long_side = max(picture.size)
    factor = max(1, long_side // _WORKING_PX)
    return _Working(picture.reduce(factor) if factor > 1 else picture, long_side / factor)


def _rendered(small: _Working, view: _View) -> Image.Image:
    """Draw one view at the network's size; what lies outside the picture is black, as in MediaPipe."""
    left, top, side = (measure * small.long_side for measure in (view.left, view.top, view.side))
    box = (max(0.0, left), max(0.0, top), min(small.image.width, left + side), min(small.image.height, top + side))
    scale = INPUT_PX / side
    size = (max(1, round((box[2] - box[0]) * scale)), max(1, round((box[3] - box[1]) * scale)))
    canvas = Image.new("RGB", (INPUT_PX, INPUT_PX))
    canvas.paste(
        small.image.resize(size, Image.Resampling.BILINEAR, box=box),
        (round((box[0] - left) * scale), round((box[1] - top) * scale)),
    )
    return canvas


def _sides(picture: Image.Image) -> tuple[float, float]:
    """Give width and height in units of the long side."""
    width, height = picture.size
    return width / max(height, width), height / max(height, width)


def _whole_view(sides: tuple[float, float]) -> _View:
    return _View((sides[0] - 1) / 2, (sides[1] - 1) / 2, 1.0)


def _bordered_view(sides: tuple[float, float]) -> _View:
    return _View((sides[0] - _BORDERED_VIEW) / 2, (sides[1] - _BORDERED_VIEW) / 2, _BORDERED_VIEW)


def _tiles(sides: tuple[float, float]) -> list[_View]:
    """Cover the picture with tiles; a side shorter than a tile needs but one row of them."""
    width, height = sides
    return [_View(left, top, _TILE_VIEW) for top in _tile_starts(height) for left in _tile_starts(width)]


def _tile_starts(length: float) -> list[float]:
    if length <= _TILE_VIEW:
        return [(length - _TILE_VIEW) / 2]
    count = math.ceil((length - 0.1) / (_TILE_VIEW - 0.1))
    return [float(start) for start in np.linspace(0.0, length - _TILE_VIEW, count)]


def _has_fair_face(rows: Rows) -> bool:
    """Tell whether a face is wide enough to stop at the first pass; `rows` in units of the long side."""
    return bool(len(rows)) and bool((rows[:, 2] - rows[:, 0]).max() >= SMALL_FACE)


def _not_cut(rows: Rows) -> NDArray[np.bool_]:
    """Tell which boxes lie within their tile: one that is cut is whole in the next tile or in the whole picture."""
    corners = rows[:, :4]
    return np.asarray(np.logical_and(corners >= 0, corners <= 1).all(axis=1))


def _face(row: Rows, score: float) -> DetectedFace:
    left, top, right, bottom = (float(edge) for edge in row[:4])
    return DetectedFace(left, top, right, bottom, score, row[4:].reshape(6, 2))
