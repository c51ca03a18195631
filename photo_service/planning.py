"""Solve every rule of a spec as one plan, in numbers, before a pixel moves.

Two unknowns: how much the levelled frame is scaled, and where the eye line comes to lie. Every rule of the spec and
every edge of the picture is a linear inequality on the two (see geometry for the frames of reference).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from photo_service.geometry import Head, Level, Miss, NoPlan, Plan
from photo_service.spec import HeadRule, Measure, Size, Spec

Series = NDArray[np.float64]
"""One value for each scale that is tried, in a row for each size."""

SCALE_STEPS = 120
"""Scales tried between the smallest and the largest that the rules leave: 0.5 % apart for a band of 1 to 1.8."""

EDGES = frozenset({"top", "bottom", "sides"})
"""Rules that are the picture's own edges: beyond them there is nothing to show."""

MORE_THAN_NEEDED = 1.6
"""Where a spec allows enlarging: how far beyond the least a head may be enlarged to fit the picture's edges."""

ROUNDING = 0.01
"""Share by which a face may have too few pixels before that is said."""

SHRINK_STEPS = 12
"""Sizes tried between a spec's largest and smallest where it leaves a choice."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """One rule as an inequality on the two unknowns: `low <= eye_y * moves + scale * factor <= high` (photo px).

    `low`, `high` and `target` are columns, a row for each size of the photo that is tried.
    """

    name: str
    factor: float
    moves: int
    low: Series
    high: Series
    target: Series


def plan(head: Head, spec: Spec, level: Level) -> Plan:
    """Solve every rule of the spec as one plan; of the sizes for which there is one, the largest.

    All sizes are solved at once: where none works, trying them one after another would cost as many times as much.
    Raises NoPlan when no crop meets them all.
    """
    tried = list(sizes(spec.size))
    widths, heights = (np.array(sides, np.float64)[:, None] for sides in zip(*tried, strict=True))
    rules = list(_bounds(head, spec, widths=widths, heights=heights))
    options = _best_options(rules, head, spec)
    missed = _missed(rules, options)
    first = next((row for row in range(len(tried)) if not missed[:, row].any()), None)
    if first is not None:
        return _plan_of(options, first, tried[first], head, spec, level)
    nearest = int((missed.max(axis=0) / heights[:, 0]).argmin())
    misses = _misses(rules, missed[:, nearest], options, nearest, head, spec)
    at_its_finest = not spec.upscale_allowed and options.scales[nearest] >= head.finest - 1e-9
    raise NoPlan(_told_by_pixels(misses, head, spec, level) if at_its_finest else misses)


def _told_by_pixels(misses: tuple[Miss, ...], head: Head, spec: Spec, level: Level) -> tuple[Miss, ...]:
    """Tell what is missed for want of pixels from what else is, by what would be missed if the selfie had enough.

    A crop that is too small misses everything. And a head of so few pixels that it must be shown small needs more room
    around it than the picture has: where more pixels would do, they are what is missing.
    """
    short = tuple(miss for miss in misses if miss.rule == "pixels")
    try:
        enlarged = plan(head, replace(spec, upscale_allowed=True), level)
    except NoPlan as fault:
        beside = tuple(miss for miss in fault.misses if miss.rule != "pixels")
        return short + beside if short else misses
    if short or enlarged.scale <= head.finest * (1 + ROUNDING):
        return short or misses
    return Miss("pixels", (enlarged.scale - head.finest) * (head.chin - head.crown)), *misses


def enlargement(head: Head, spec: Spec) -> float:
    """Return how many times the file's pixels must be enlarged for the smallest photo of the spec; below 1: never."""
    width, height = spec.size.min_width, spec.size.min_height
    rules = _bounds(head, spec, widths=np.array([[float(width)]]), heights=np.array([[float(height)]]))
    needed = [float(rule.low[0, 0]) / rule.factor for rule in rules if _is_fixed(rule)]
    return max(needed, default=0.0) / head.finest


def sizes(size: Size) -> Iterator[tuple[int, int]]:
    """Yield the sizes a spec allows, largest first."""
    if size.exact:
        yield size.max_width, size.max_height
        return
    for step in range(SHRINK_STEPS + 1):
        share = 1 - step / SHRINK_STEPS
        width = round(size.min_width + share * (size.max_width - size.min_width))
        yield width, round(size.min_height + share * (size.max_height - size.min_height))


def _plan_of(options: "_Options", row: int, size: tuple[int, int], head: Head, spec: Spec, level: Level) -> Plan:
    width, height = size
    centre = spec.rule("centre")
    centre_x = width * centre.target if centre and centre.unit == "fraction" else centre.target if centre else width / 2
    scale = float(options.scales[row])
    return Plan(width, height, scale, level, centre_x - scale * head.face_centre, float(options.eye_ys[row]))


def _bounds(head: Head, spec: Spec, *, widths: Series, heights: Series) -> Iterator[Bounds]:
    """Yield every rule and every edge of the picture as an inequality on scale and eye line, for photos of these sizes
    (columns)."""
    factors: dict[Measure, tuple[float, int]] = {
        "crown": (head.crown, 1),
        "chin": (head.chin, 1),
        "eye_line": (0.0, 1),
        "head_height": (head.chin - head.crown, 0),
        "face_width": (head.face_width, 0),
    }
    for rule in spec.head:
        if rule.measure in factors:
            factor, moves = factors[rule.measure]
            sides = widths if rule.measure == "face_width" else heights
            yield _bound(rule, factor, moves, sides)
    one = np.ones(widths.shape)
    infinite, none = math.inf * one, math.nan * one
    yield Bounds("top", head.top, 1, -infinite, 0.0 * one, none)
    yield Bounds("bottom", head.bottom, 1, heights * one, infinite, none)
    room = min(head.right - head.face_centre, head.face_centre - head.left)
    yield Bounds("sides", room, 0, widths / 2, infinite, none)


def _bound(rule: HeadRule, factor: float, moves: int, sides: Series) -> Bounds:
    unit = sides if rule.unit == "fraction" else np.ones(sides.shape)
    return Bounds(rule.measure, factor, moves, rule.low * unit, rule.high * unit, rule.target * unit)


def _is_fixed(rule: Bounds) -> bool:
    """Tell whether a rule speaks of the head's size alone, wherever it lies."""
    return not rule.moves and rule.name not in EDGES and rule.factor > 0


def _scales(rules: list[Bounds], head: Head, spec: Spec) -> Series:
    """Return the scales worth trying, a row for each size: what the rules allow, never beyond the file's own pixels."""
    fixed, one = [rule for rule in rules if _is_fixed(rule)], np.ones_like(rules[0].low)
    low = reduce(np.maximum, [rule.low / rule.factor for rule in fixed]) if fixed else 0.05 * one
    high = reduce(np.minimum, [rule.high / rule.factor for rule in fixed]) if fixed else 4.0 * one
    most = np.maximum(low, head.finest) * MORE_THAN_NEEDED if spec.upscale_allowed else head.finest
    high = np.minimum(high, most)
    low = np.minimum(low, high)
    scales: Series = low + (high - low) * np.arange(SCALE_STEPS + 1) / SCALE_STEPS
    return scales


def misplacements(head: Head, spec: Spec, *, width: int, height: int, eye_y: float) -> list[tuple[str, float, float]]:
    """Return which rules the head of a finished photo breaks as it stands: finding code, value and limit in pixels.

    A finding is made beyond FOUND_AGAIN of the photo's height: landmarks and hair found again on a small photo differ
    by that much from those it was made with.
    """
    slack = FOUND_AGAIN * height
    broken = []
    for rule in _bounds(head, spec, widths=np.array([[float(width)]]), heights=np.array([[float(height)]])):
        if rule.name in EDGES or (rule.name, "low") not in _MISPLACED:
            continue
        value, low, high = (eye_y if rule.moves else 0) + rule.factor, float(rule.low[0, 0]), float(rule.high[0, 0])
        if value < low - slack:
            broken.append((_MISPLACED[rule.name, "low"], round(value, 1), round(low, 1)))
        elif value > high + slack:
            broken.append((_MISPLACED[rule.name, "high"], round(value, 1), round(high, 1)))
    return broken


FOUND_AGAIN = 0.03
_MISPLACED = {
    ("crown", "low"): "head_cut_off",
    ("crown", "high"): "face_too_small",
    ("chin", "low"): "face_too_small",
    ("chin", "high"): "neck_cut_off",
    ("head_height", "low"): "face_too_small",
    ("head_height", "high"): "face_too_large",
    ("face_width", "low"): "face_too_small",
    ("face_width", "high"): "face_too_large",
}


@dataclass(frozen=True, slots=True)
class _Options:
    """For each size, the best scale and the eye line with it."""

    scales: Series
    eye_ys: Series


def _best_options(rules: list[Bounds], head: Head, spec: Spec) -> _Options:
    """Return the scale, and the eye line with it, that break least and, of those, strain least; the smallest first."""
    rules = [rule for rule in rules if math.isfinite(rule.factor)]
    scales = _scales(rules, head, spec)
    eye_ys = _eye_lines([rule for rule in rules if rule.moves], scales)
    values = [(rule, (eye_ys if rule.moves else 0) + scales * rule.factor) for rule in rules]
    broken = sum(np.maximum(np.maximum(rule.low - value, value - rule.high), 0.0) for rule, value in values)
    cost = sum((_strain(rule, value) for rule, value in values), np.maximum(0.0, scales / head.finest - 1))
    broken = np.round(broken, 3)
    best = np.where(broken == broken.min(axis=1, keepdims=True), cost, np.inf).argmin(axis=1)
    rows = np.arange(len(scales))
    return _Options(scales[rows, best], eye_ys[rows, best])


def _eye_lines(moving: list[Bounds], scales: Series) -> Series:
    """Place the eye line for each scale: inside every band if there is such a place, nearest to the targets."""
    if not moving:
        return np.zeros_like(scales)
    low = reduce(np.maximum, [rule.low - scales * rule.factor for rule in moving])
    high = reduce(np.minimum, [rule.high - scales * rule.factor for rule in moving])
    aims = [rule.target - scales * rule.factor for rule in moving if _is_aimed(rule)]
    aim = sum(aims[1:], aims[0]) / len(aims) if aims else low
    with np.errstate(invalid="ignore"):  # where nothing bounds it there is no middle, and none is asked for
        middle = (low + high) / 2
    lines: Series = np.where(low <= high, np.minimum(np.maximum(aim, low), high), middle)
    return lines


def _is_aimed(rule: Bounds) -> bool:
    """Tell whether a rule has a target, which it then has at every size."""
    return math.isfinite(rule.target[0, 0])


def _strain(rule: Bounds, value: Series) -> Series:
    """Return how far a value is from its target, as a square share of the band it may move in."""
    if not _is_aimed(rule) or rule.high[0, 0] <= rule.low[0, 0]:
        return np.zeros_like(value)
    strain: Series = ((value - rule.target) / (rule.high - rule.low)) ** 2
    return strain


def _missed(rules: list[Bounds], options: _Options) -> Series:
    """Return by how much, a row for each rule and a column for each size, the best option still breaks it; 0 where it
    does not. Half a pixel of a rule is rounding; of the edge it is a hole."""
    rows = []
    for rule in rules:
        if math.isfinite(rule.factor):
            value = (options.eye_ys if rule.moves else 0) + options.scales * rule.factor
            by = np.maximum(rule.low[:, 0] - value, value - rule.high[:, 0])
            rows.append(np.where(by > (1e-6 if rule.name in EDGES else 0.5), by, 0.0))
        else:
            rows.append(np.zeros_like(options.scales))
    return np.array(rows)


def _misses(
    rules: list[Bounds], missed: Series, options: _Options, row: int, head: Head, spec: Spec
) -> tuple[Miss, ...]:
    """Name what the best option for one size breaks, the worst first."""
    scale = float(options.scales[row])
    full = not spec.upscale_allowed and scale >= head.finest - 1e-9
    misses = []
    for rule, by in zip(rules, missed.tolist(), strict=True):
        if by > 0:
            short = rule.name in {"head_height", "face_width"} and scale * rule.factor < rule.low[row, 0]
            misses.append(Miss("pixels" if short and full else rule.name, by))
    return tuple(sorted(misses, key=lambda miss: -miss.by_px))
