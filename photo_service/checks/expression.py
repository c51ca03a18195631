"""A broad smile or a frown, where a plain face is asked for."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_RIGHT_CORNER, _LEFT_CORNER = 61, 291
_RIGHT_CHEEK, _LEFT_CHEEK = 234, 454
_INNER_LIPS = (13, 14)
_INNER_BROWS, _BETWEEN = (55, 285), (9, 8, 168)
_FOREHEAD, _BROWS_MIDDLE, _NOSE_ROOT = 151, 9, 168
_FRONTAL_DEG: Final = 20.0
"""Turned further, a face is drawn too narrow for its mouth."""
_STRIP: Final = 0.3
"""Half the width of what is looked at between the brows, in distances of their inner ends: the ends themselves are
dark."""
_REST, _PER_DEGREE = 0.030, -0.0025
"""Lift of a mouth at rest, in lengths from the eyes to the chin, and what each degree by which the head is lifted makes
of it: the line through the 35 labelled photos that must give a photo."""
_FURROW, _DROOP = 3.2, 0.015
"""Per cent by which the skin between the brows is darker than on both sides of it, and lengths from the eyes to the
chin by which the mouth's corners hang, from where on both together are a frown."""
_FRINGE, _BRIDGE = 35.0, 15.0
"""Per cent of darkness that no furrow has: strands of hair on the forehead, the bridge of glasses between the brows."""
_SOFTEN: Final = 0.7
_ABOVE: Final = 2
"""Rows above the brows' middle where a furrow begins."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the mouth's width over the face's, plus how far its corners are drawn up over eyes to chin; or a frown
    brought to the same limit, where that is more.

    A frown: an upright furrow between the brows, which some wear all their lives, and corners of the mouth that hang.
    OFIQ's ExpressionNeutrality needs two networks; the landmarks tell a smile and draw other faces plain. A raised brow
    and a snarl are not found; an open mouth has a check of its own. Nothing for a face that is turned by more than 20°.
    """
    if abs(subject.located.pose.yaw) > _FRONTAL_DEG:
        return None
    rows = subject.points[:, 1]
    width = subject.gap(_RIGHT_CORNER, _LEFT_CORNER) / max(subject.gap(_RIGHT_CHEEK, _LEFT_CHEEK), 1.0)
    corners = (rows[_RIGHT_CORNER] + rows[_LEFT_CORNER]) / 2
    lift = (float(rows[list(_INNER_LIPS)].mean()) - float(corners)) / max(subject.eyes_to_chin, 1.0)
    return Reading(max(width + lift, EXPRESSION.limit * _frown(subject, lift)))


def _frown(subject: Subject, lift: float) -> float:
    """Return how much of a frown there is, 1 at the limit."""
    droop = _REST + _PER_DEGREE * subject.located.pose.pitch - lift
    if droop < _DROOP / 2:
        return 0.0
    top, brows, root = (max(int(subject.points[mark, 1]), 0) for mark in (_FOREHEAD, _BROWS_MIDDLE, _NOSE_ROOT))
    furrow = _furrow(subject, brows - _ABOVE, root + 1)
    frown = min(furrow / _FURROW, droop / _DROOP)
    if frown < 1:
        return frown
    return 0.0 if furrow > _BRIDGE or _furrow(subject, top, brows - _ABOVE) > _FRINGE else frown


def _furrow(subject: Subject, first: int, last: int) -> float:
    """Return by how many per cent the darkest column over the nose is darker, in these rows of the chip, than the
    lighter ones on both sides of it."""
    middle, half = float(subject.points[list(_BETWEEN), 0].mean()), _STRIP * subject.gap(*_INNER_BROWS)
    columns = slice(max(int(middle - half), 0), int(middle + half) + 1)
    part = subject.grey[max(first, 0) : last, columns]
    if part.shape[0] < 4 or part.shape[1] < 6:
        return 0.0
    levels: NDArray[np.float32] = ndimage.gaussian_filter1d(skin.middle(part), _SOFTEN)
    before, after = np.maximum.accumulate(levels), np.maximum.accumulate(levels[::-1])[::-1]
    return float((np.minimum(before, after) - levels).max()) / max(float(skin.middle(levels)), 20.0) * 100


EXPRESSION: Final = Check("expression", "above", 0.485, read)
"""0.485: faces at rest on the labelled photos have 0.32 to 0.45, closed-lipped smiles that most offices take 0.44 to
0.48, smiles that show teeth 0.49 to 0.59. Frowns: three of the eight that one sees (the others have a shallow furrow or
none, an open mouth, or thick glasses), and two that are a strand of hair and a face of few pixels: precision 0.6,
recall 0.38, false alarms 0 of 35. Where a spec wants it, it should be a warning: what a plain face is, people
decide."""
