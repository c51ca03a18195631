"""Read off the matte what geometry needs to know: how large the head is and where the picture ends around it."""

import math

import numpy as np
from numpy.typing import NDArray

from photo_service.geometry import Head, Level
from photo_service.photo import Matted
from photo_service.spec import Spec
from photo_service.stages.matte import levelled

EDGE_PX = 2
"""How near the picture's edge a pixel of the cutout counts as touching it (its own pixels)."""
SOLID = 0.5
"""Alpha from which a pixel is the person."""


def level_of(matted: Matted) -> Level:
    return Level(matted.located.anatomy.eyes, matted.located.anatomy.roll)


def measure_head(matted: Matted, spec: Spec) -> Head:
    """Measure the head and the room around it in the levelled frame.

    Where the background may be replaced, a side of the picture limits the crop only if the person touches it above
    the photo's own lower edge; where it must stay, every side does.
    """
    anatomy, level = matted.located.anatomy, level_of(matted)
    chin = level.to_level(anatomy.chin)[1]
    cheeks = level.to_level(anatomy.right_cheek)[0], level.to_level(anatomy.left_cheek)[0]
    left, top, right, bottom = _reach(matted, level, chin)
    if spec.background.replacement_allowed:
        touched = _touched(matted, below=chin + (chin - matted.crown_v) * _share_below(spec))
        left = left if "left" in touched else -math.inf
        right = right if "right" in touched else math.inf
        top = -math.inf
    return Head(
        crown=matted.crown_v,
        chin=chin,
        face_centre=sum(cheeks) / 2,
        face_width=abs(cheeks[1] - cheeks[0]),
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        finest=matted.located.upright.reduction,
    )


def _share_below(spec: Spec) -> float:
    """Return how far the photo reaches below the chin, in head heights, when the spec's targets are met."""
    crown, height = spec.rule("crown"), spec.rule("head_height")
    if crown is None or height is None or crown.unit != "fraction" or height.unit != "fraction":
        return 0.5
    return max(0.0, (1 - crown.target - height.target) / height.target)


def _reach(matted: Matted, level: Level, chin: float) -> tuple[float, float, float, float]:
    """Return how far the picture reaches left, up, right and down in the levelled frame, where the head is."""
    height, width = matted.located.upright.picture.shape[:2]
    corners = [level.to_level(corner) for corner in ((0, 0), (width, 0), (0, height), (width, height))]
    reach = max(chin - matted.crown_v, 1.0) * math.tan(math.radians(abs(level.roll)))
    left = max(min(corners[0][0], corners[2][0]), -math.inf) + reach
    right = min(max(corners[1][0], corners[3][0]), math.inf) - reach
    top = min(corners[0][1], corners[1][1]) + reach
    bottom = max(corners[2][1], corners[3][1]) - reach
    return left, top, right, bottom


def _touched(matted: Matted, *, below: float) -> set[str]:
    """Name the sides of the picture that the person touches above the levelled row `below`."""
    height, width = matted.located.upright.picture.shape[:2]
    region, solid = matted.region, matted.alpha > SOLID
    _, v = levelled(matted.located, region, matted.step, matted.alpha.shape)
    inside = solid & (v < below)
    strips: dict[str, tuple[bool, NDArray[np.bool_]]] = {
        "left": (region.left == 0, inside[:, :EDGE_PX]),
        "right": (region.right == width, inside[:, -EDGE_PX:]),
        "top": (region.top == 0, inside[:EDGE_PX]),
        "bottom": (region.bottom == height, inside[-EDGE_PX:]),
    }
    return {side for side, (at_edge, strip) in strips.items() if at_edge and bool(strip.any())}
