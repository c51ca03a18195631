"""Read off the matte what geometry needs to know: how large the head is and where the picture ends around it."""

import math

import numpy as np
from numpy.typing import NDArray

from photo_service.geometry import Head, Level, Point
from photo_service.models.ports import Alpha
from photo_service.photo import Box, Located, Matted
from photo_service.spec import Spec

LEVEL_ENOUGH_DEG = 0.3
"""Below this tilt the picture is only shrunk: turning it would cost sharpness for half a pixel at the edge."""
EDGE_PX = 2
"""How near the picture's edge a pixel of the cutout counts as touching it (its own pixels)."""
BRUSHES = 0.1
"""Share of the face's width from which hair at the picture's upper edge must stay at the photo's upper edge: with
background above it, it would look sawn off."""
SOLID = 0.5
"""Alpha from which a pixel is the person."""


def level_of(matted: Matted, spec: Spec | None = None) -> Level:
    """Return the turn that levels the head; none where the spec forbids turning or nobody would see it."""
    anatomy = matted.located.anatomy
    stays = spec is not None and (not spec.rotation_allowed or abs(anatomy.roll) < LEVEL_ENOUGH_DEG)
    return Level(anatomy.eyes, 0.0 if stays else anatomy.roll)


def measure_head(matted: Matted, spec: Spec) -> Head:
    """Measure the head and the room around it in the levelled frame.

    Where the background may be replaced, a side of the picture limits the crop only if the person touches it above
    the photo's own lower edge; where it must stay, every side does.
    """
    anatomy, level = matted.located.anatomy, level_of(matted, spec)
    crown_v = _crown_in(level, matted)
    chin = level.to_level(anatomy.chin)[1]
    cheeks = level.to_level(anatomy.right_cheek)[0], level.to_level(anatomy.left_cheek)[0]
    left, top, right, bottom = _reach(matted, level, chin, wide=_half_wide(spec))
    if spec.background.replacement_allowed:
        left, right = _cut_sides(matted, below=chin + (chin - crown_v) * _share_below(spec), roll=level.roll)
        top = _cut_top(matted, level.roll)
    return Head(
        crown=max(crown_v, top),
        chin=chin,
        face_centre=sum(cheeks) / 2,
        face_width=abs(cheeks[1] - cheeks[0]),
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        finest=matted.located.upright.reduction,
    )


def _crown_in(level: Level, matted: Matted) -> float:
    if abs(level.roll - matted.located.anatomy.roll) < LEVEL_ENOUGH_DEG:
        return matted.crown_v
    return crown(matted.located, matted.region, matted.alpha, matted.step, roll=level.roll)


def brushes_top(matted: Matted) -> float:
    """Return how much of the picture's upper edge is head, as a share of the face's width."""
    if matted.region.top > 0:
        return 0.0
    face_width = matted.located.anatomy.face_width
    u, _ = levelled(matted.located, matted.region, matted.step, (1, matted.alpha.shape[1]))
    near = np.abs(u[0]) < face_width
    return float((near & (matted.alpha[0] > SOLID)).sum()) * matted.step / face_width


def _cut_top(matted: Matted, roll: float) -> float:
    """Return how far up the hair goes on before the picture's upper edge cuts it off; infinite where it does not."""
    if brushes_top(matted) <= BRUSHES:
        return -math.inf
    u, v = levelled(matted.located, matted.region, matted.step, (1, matted.alpha.shape[1]), roll=roll)
    near = (np.abs(u[0]) < matted.located.anatomy.face_width) & (matted.alpha[0] > SOLID)
    return float(v[0][near].max())


def _share_below(spec: Spec) -> float:
    """Return how far the photo reaches below the chin, in head heights, when the spec's targets are met."""
    crown, height = spec.rule("crown"), spec.rule("head_height")
    if crown is None or height is None or crown.unit != "fraction" or height.unit != "fraction":
        return 0.5
    return max(0.0, (1 - crown.target - height.target) / height.target)


def _half_wide(spec: Spec) -> float:
    """Return how far to each side the photo reaches, at most, in head heights: 1 where the spec does not say."""
    rule = spec.rule("head_height")
    if rule is None or rule.unit != "fraction" or rule.low <= 0:
        return 1.0
    return min(spec.size.max_width / spec.size.max_height / rule.low / 2, 1.0)


def _reach(matted: Matted, level: Level, chin: float, *, wide: float) -> tuple[float, float, float, float]:
    """Return how far the picture reaches left, up, right and down in the levelled frame, wherever the photo may lie.

    The picture's edges are slanted there by the roll; what counts is where they come nearest within the photo: a head's
    height above and below the head, which is as far as any photo reaches, and `wide` of that to each side.
    """
    width, height = matted.located.upright.size
    corners = [level.to_level(corner) for corner in ((0, 0), (width, 0), (0, height), (width, height))]
    top_left, top_right, bottom_left, bottom_right = corners
    head = max(chin - matted.crown_v, 1.0)
    lowest, highest = chin + head, matted.crown_v - head / 2
    left = max(_across(top_left, bottom_left, v) for v in (highest, lowest))
    right = min(_across(top_right, bottom_right, v) for v in (highest, lowest))
    top = max(_down(top_left, top_right, u) for u in (-wide * head, wide * head))
    bottom = min(_down(bottom_left, bottom_right, u) for u in (-wide * head, wide * head))
    return left, top, right, bottom


def _across(start: Point, end: Point, v: float) -> float:
    """Return u where the line through two points stands at height v."""
    return start[0] + (end[0] - start[0]) * (v - start[1]) / (end[1] - start[1])


def _down(start: Point, end: Point, u: float) -> float:
    """Return v where the line through two points stands at u."""
    return start[1] + (end[1] - start[1]) * (u - start[0]) / (end[0] - start[0])


def _cut_sides(matted: Matted, *, below: float, roll: float) -> tuple[float, float]:
    """Return how far left and right the person goes on before a side of the picture cuts them off.

    Counts above the levelled row `below`; infinite where no side does.
    """
    region, width = matted.region, matted.located.upright.size[0]
    edges = slice(None, EDGE_PX), slice(-EDGE_PX, None)
    left, right = (_solid_in(matted, columns, below=below, roll=roll) for columns in edges)
    return (
        float(left.max()) if region.left == 0 and left.size else -math.inf,
        float(right.min()) if region.right == width and right.size else math.inf,
    )


def _solid_in(matted: Matted, columns: slice, *, below: float, roll: float) -> NDArray[np.float64]:
    """Return how far to the right, in the levelled frame, the person's pixels above a row lie in some columns."""
    u, v = levelled(matted.located, matted.region, matted.step, matted.alpha.shape, roll=roll, columns=columns)
    return u[(matted.alpha[:, columns] > SOLID) & (v < below)]


def levelled(
    located: Located,
    region: Box,
    step: float,
    shape: tuple[int, ...],
    *,
    roll: float | None = None,
    columns: slice = slice(None),
) -> tuple[NDArray[np.float64], ...]:
    """Return where each pixel of a cutout lies in the levelled frame: u to the right, v down, in picture pixels.

    `roll` is the turn of that frame, the head's own where it is not given; `columns` are those that are asked for.
    """
    level = Level(located.anatomy.eyes, located.anatomy.roll if roll is None else roll)
    x = (np.arange(shape[1])[columns] + 0.5) * step + region.left - level.origin[0]
    y = (np.arange(shape[0])[:, None] + 0.5) * step + region.top - level.origin[1]
    cos, sin = math.cos(math.radians(level.roll)), math.sin(math.radians(level.roll))
    return x * cos + y * sin, y * cos - x * sin


def crown(located: Located, region: Box, alpha: Alpha, step: float, *, roll: float | None = None) -> float:
    """Return the top of the hair in the levelled frame: the first row, from above, that is hair for an eighth of the
    face's width. A single lock standing up is not the crown; a bun is."""
    u, v = levelled(located, region, step, alpha.shape, roll=roll)
    half = located.anatomy.face_width * 0.75
    rows = np.floor(v[(alpha > 0.5) & (np.abs(u) < half)] / step).astype(np.int64)
    if rows.size == 0:
        return -located.anatomy.face_width
    counts = np.bincount(rows - rows.min())
    wide = np.flatnonzero(counts * step >= located.anatomy.face_width / 8)
    first = int(wide[0]) if wide.size else 0
    return float((rows.min() + first) * step)
