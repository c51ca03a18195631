"""Turn BlazeFace's raw output into boxes, and fold boxes of one face into one.

A row of boxes is 16 numbers in the unit of its view: left, top, right, bottom, then six keypoints x, y.
"""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
Scores = NDArray[np.float32]

INPUT_PX = 128
_STRIDES_AND_ANCHORS = ((8, 2), (16, 6))
"""MediaPipe's short range layers, strides 8, 16, 16, 16 with two anchors a cell: the last three share a grid."""


def anchor_centres() -> Rows:
    """Lay out the 896 anchors as MediaPipe does: the centres of grid cells, 0 to 1, all of fixed size."""
    grids = []
    for stride, anchors in _STRIDES_AND_ANCHORS:
        cells = INPUT_PX // stride
        rows, columns = np.mgrid[0:cells, 0:cells]
        centres = np.stack([columns, rows], axis=-1).reshape(-1, 2)
        grids.append(np.repeat((centres + 0.5) / cells, anchors, axis=0))
    return np.concatenate(grids).astype(np.float32)


def decode_boxes(raw: Rows, anchors: Rows) -> Rows:
    """Place raw regressions (offsets from the anchor in input pixels) in the view, 0 to 1."""
    pairs = (raw.reshape(-1, 8, 2) / INPUT_PX).astype(np.float32)
    centres, half, keypoints = pairs[:, 0] + anchors, pairs[:, 1] / 2, pairs[:, 2:] + anchors[:, None]
    rows = np.concatenate([(centres - half)[:, None], (centres + half)[:, None], keypoints], axis=1)
    return rows.reshape(-1, 16)


def fold_overlapping(rows: Rows, scores: Scores, *, max_iou: float, max_inside: float) -> tuple[Rows, Scores]:
    """Fold boxes of the same face into one, surest first: MediaPipe's weighted non-maximum suppression.

    Boxes overlapping the surest by more than max_iou are averaged with it, weighted by score, which steadies box and
    keypoints; the score is the surest's. A box lying within another by more than max_inside of the smaller is
    dropped, not averaged: it is a part of the same face seen in another view.
    """
    order = np.argsort(-scores, kind="stable")
    kept_rows, kept_scores = [], []
    while order.size:
        surest = order[0]
        iou, inside = _overlaps(rows[surest], rows[order])
        same = order[iou > max_iou]
        weights = scores[same][:, None]
        kept_rows.append((rows[same] * weights).sum(axis=0) / weights.sum())
        kept_scores.append(scores[surest])
        order = order[(iou <= max_iou) & (inside <= max_inside)]
    return np.array(kept_rows, np.float32).reshape(-1, 16), np.array(kept_scores, np.float32)


def _overlaps(row: Rows, others: Rows) -> tuple[Rows, Rows]:
    """Give intersection over union, and over the smaller area, of one box with each of the others."""
    width = np.minimum(row[2], others[:, 2]) - np.maximum(row[0], others[:, 0])
    height = np.minimum(row[3], others[:, 3]) - np.maximum(row[1], others[:, 1])
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    area = (row[2] - row[0]) * (row[3] - row[1])
    areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    return shared / (area + areas - shared), shared / np.minimum(area, areas)
