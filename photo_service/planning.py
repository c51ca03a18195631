"""Solve every rule of a spec as one plan, in numbers, before a pixel moves.

Two unknowns: how much the levelled frame is scaled, and where the eye line comes to lie. Every rule of the spec and
every edge of the picture is a linear inequality on the two (see geometry for the frames of reference).
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from photo_service.geometry import Head, Level, Miss, NoPlan, Plan
from photo_service.spec import HeadRule, Measure, Size, Spec

Series = NDArray[np.float64]
"""One value for each scale that is tried."""

SCALE_STEPS = 120
"""Scales tried between the smallest and the largest that the rules leave: 0.5 % apart for a band of 1 to 1.8."""

EDGES = frozenset({"top", "bottom", "sides"})
"""Rules that are the picture's own edges: beyond them there is nothing to show."""

MORE_THAN_NEEDED = 1.6
"""Where a spec allows enlarging: how far beyond the least a head may be enlarged to fit the picture's edges."""

SHRINK_STEPS = 12
"""Sizes tried between a spec's largest and smallest where it leaves a choice."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """One rule as an inequality on the two unknowns: `low <= eye_y * moves + scale * factor <= high` (photo px)."""

    name: str
    factor: float
    moves: int
    low: float
    high: float
    target: float


def plan(head: Head, spec: Spec, level: Level) -> Plan:
    """Solve every rule of the spec as one plan, largest size first.

    Raises NoPlan when no crop meets them all.
    """
    faults: list[tuple[float, NoPlan]] = []
    for width, height in sizes(spec.size):
        try:
            return _plan_size(head, spec, level, width=width, height=height)
        except NoPlan as fault:
            faults.append((fault.misses[0].by_px / height, fault))
    nearest = min(faults, key=lambda pair: pair[0])[1]
    short = tuple(miss for miss in nearest.misses if miss.rule == "pixels")
    raise NoPlan(short + _beside_pixels(head, spec, level)) if short else nearest


def _beside_pixels(head: Head, spec: Spec, level: Level) -> tuple[Miss, ...]:
    """Return what else would be missed if the selfie had pixels enough: a crop that is too small misses everything."""
    try:
        plan(head, replace(spec, upscale_allowed=True), level)
    except NoPlan as fault:
        return tuple(miss for miss in fault.misses if miss.rule != "pixels")
    return ()


def enlargement(head: Head, spec: Spec) -> float:
    """Return how many times the file's pixels must be enlarged for the smallest photo of the spec; below 1: never."""
    width, height = spec.size.min_width, spec.size.min_height
    rules = _bounds(head, spec, width=width, height=height)
    needed = [rule.low / rule.factor for rule in rules if not rule.moves and rule.name not in EDGES and rule.factor > 0]
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


def _plan_size(head: Head, spec: Spec, level: Level, *, width: int, height: int) -> Plan:
    rules = list(_bounds(head, spec, width=width, height=height))
    centre = spec.rule("centre")
    centre_x = width * centre.target if centre and centre.unit == "fraction" else centre.target if centre else width / 2
    low, high = _scales(rules, head, spec)
    scales = low + (high - low) * np.arange(SCALE_STEPS + 1) / SCALE_STEPS
    option = _best_option([rule for rule in rules if math.isfinite(rule.factor)], scales, head.finest)
    misses = _misses(rules, option, head, spec)
    if misses:
        raise NoPlan(misses)
    eye_x = centre_x - option.scale * head.face_centre
    return Plan(width, height, option.scale, level, eye_x, option.eye_y)


def _bounds(head: Head, spec: Spec, *, width: int, height: int) -> Iterator[Bounds]:
    """Yield every rule and every edge of the picture as an inequality on scale and eye line."""
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
            side = width if rule.measure == "face_width" else height
            yield _bound(rule, factor, moves, side)
    infinite = math.inf
    yield Bounds("top", head.top, 1, -infinite, 0.0, math.nan)
    yield Bounds("bottom", head.bottom, 1, height, infinite, math.nan)
    room = min(head.right - head.face_centre, head.face_centre - head.left)
    yield Bounds("sides", room, 0, width / 2, infinite, math.nan)


def _bound(rule: HeadRule, factor: float, moves: int, side: int) -> Bounds:
    unit = side if rule.unit == "fraction" else 1
    return Bounds(rule.measure, factor, moves, rule.low * unit, rule.high * unit, rule.target * unit)


def _scales(rules: Iterable[Bounds], head: Head, spec: Spec) -> tuple[float, float]:
    """Return the scales worth trying: what the rules allow, never beyond the file's own pixels."""
    fixed = [rule for rule in rules if not rule.moves and rule.name not in EDGES and rule.factor > 0]
    low = max((rule.low / rule.factor for rule in fixed), default=0.05)
    high = min((rule.high / rule.factor for rule in fixed), default=4.0)
    high = min(high, max(low, head.finest) * MORE_THAN_NEEDED if spec.upscale_allowed else head.finest)
    return min(low, high), high


def misplacements(head: Head, spec: Spec, *, width: int, height: int, eye_y: float) -> list[tuple[str, float, float]]:
    """Return which rules the head of a finished photo breaks as it stands: finding code, value and limit in pixels.

    A finding is made beyond FOUND_AGAIN of the photo's height: landmarks and hair found again on a small photo differ
    by that much from those it was made with.
    """
    slack = FOUND_AGAIN * height
    broken = []
    for rule in _bounds(head, spec, width=width, height=height):
        if rule.name in EDGES or (rule.name, "low") not in _MISPLACED:
            continue
        value = (eye_y if rule.moves else 0) + rule.factor
        if value < rule.low - slack:
            broken.append((_MISPLACED[rule.name, "low"], round(value, 1), round(rule.low, 1)))
        elif value > rule.high + slack:
            broken.append((_MISPLACED[rule.name, "high"], round(value, 1), round(rule.high, 1)))
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
class _Option:
    scale: float
    eye_y: float


def _best_option(rules: list[Bounds], scales: Series, finest: float) -> _Option:
    """Return the scale, and the eye line with it, that break least and, of those, strain least; the smallest first."""
    eye_ys = _eye_lines([rule for rule in rules if rule.moves], scales)
    values = [(rule, (eye_ys if rule.moves else 0) + scales * rule.factor) for rule in rules]
    broken = sum(np.maximum(np.maximum(rule.low - value, value - rule.high), 0.0) for rule, value in values)
    cost = sum((_strain(rule, value) for rule, value in values), np.maximum(0.0, scales / finest - 1))
    best = int(np.lexsort((cost, np.round(broken, 3)))[0])
    return _Option(float(scales[best]), float(eye_ys[best]))


def _eye_lines(moving: list[Bounds], scales: Series) -> Series:
    """Place the eye line for each scale: inside every band if there is such a place, nearest to the targets."""
    low = np.max([rule.low - scales * rule.factor for rule in moving], axis=0) if moving else np.zeros_like(scales)
    high = np.min([rule.high - scales * rule.factor for rule in moving], axis=0) if moving else low
    aims = [rule.target - scales * rule.factor for rule in moving if math.isfinite(rule.target)]
    aim = np.mean(aims, axis=0) if aims else low
    with np.errstate(invalid="ignore"):  # where nothing bounds it there is no middle, and none is asked for
        middle = (low + high) / 2
    lines: Series = np.where(low <= high, np.minimum(np.maximum(aim, low), high), middle)
    return lines


def _strain(rule: Bounds, value: Series) -> Series:
    """Return how far a value is from its target, as a square share of the band it may move in."""
    if not math.isfinite(rule.target) or rule.high <= rule.low:
        return np.zeros_like(value)
    strain: Series = ((value - rule.target) / (rule.high - rule.low)) ** 2
    return strain


def _misses(rules: list[Bounds], option: _Option, head: Head, spec: Spec) -> tuple[Miss, ...]:
    """Name what the best option still breaks. Half a pixel of a rule is rounding; of the edge it is a hole."""
    misses = []
    for rule in rules:
        value = (option.eye_y if rule.moves else 0) + option.scale * rule.factor
        by = max(rule.low - value, value - rule.high) if math.isfinite(rule.factor) else 0.0
        if by > (1e-6 if rule.name in EDGES else 0.5):
            short = rule.name in {"head_height", "face_width"} and value < rule.low
            full = not spec.upscale_allowed and option.scale >= head.finest - 1e-9
            misses.append(Miss("pixels" if short and full else rule.name, by))
    return tuple(sorted(misses, key=lambda miss: -miss.by_px))
