"""All sizes of a spec are solved at once, and what comes out is what trying them one by one would give."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photo_service.geometry import Head, Level, Miss, NoPlan, Plan
from photo_service.planning import MORE_THAN_NEEDED, SCALE_STEPS, plan, sizes
from photo_service.spec import Spec
from photo_service.specs import load_catalogue

LEVEL = Level((500.0, 500.0), 0.0)
OF_MANY_SIZES = ("cqwu-xuegong", "postgraduate", "cet-240x320", "ncre")
OF_ONE_SIZE = ("hunan-pretco", "us-visa", "passport")

Rule = tuple[str, float, int, float, float, float]
"""Name, factor, whether it moves with the eye line, low, high, target: in pixels of the photo."""


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Spec]:
    return dict(load_catalogue())


heads = st.builds(
    Head,
    crown=st.floats(-700, -60),
    chin=st.floats(40, 400),
    face_centre=st.floats(-40, 40),
    face_width=st.floats(60, 500),
    left=st.one_of(st.just(-math.inf), st.floats(-900, -60)),
    right=st.one_of(st.just(math.inf), st.floats(60, 900)),
    top=st.one_of(st.just(-math.inf), st.floats(-900, -100)),
    bottom=st.floats(60, 1500),
    finest=st.sampled_from([1.0, 2.0, 4.0]),
)


@settings(deadline=None, max_examples=60)
@given(seen=heads, spec_id=st.sampled_from(OF_MANY_SIZES + OF_ONE_SIZE), upscale=st.booleans())
def test_a_plan_is_the_one_that_trying_size_after_size_finds(catalogue, seen, spec_id, upscale):
    """The same plan to the last bit, or the same misses, as one size, one scale and one rule at a time."""
    spec = replace(catalogue[spec_id], upscale_allowed=upscale)

    assert at_once(seen, spec) == one_by_one(seen, spec)


def at_once(seen: Head, spec: Spec) -> Plan | tuple[Miss, ...]:
    try:
        return plan(seen, spec, LEVEL)
    except NoPlan as fault:
        return fault.misses


def one_by_one(seen: Head, spec: Spec) -> Plan | tuple[Miss, ...]:
    """The plan by its definition: no arrays, no shortcuts."""
    faults = []
    for width, height in sizes(spec.size):
        found = of_one_size(seen, spec, width, height)
        if isinstance(found, Plan):
            return found
        misses, scale = found
        faults.append((misses[0].by_px / height, misses, scale))
    _, misses, scale = min(faults, key=lambda fault: fault[0])
    if spec.upscale_allowed or scale < seen.finest - 1e-9:
        return misses
    short = tuple(miss for miss in misses if miss.rule == "pixels")
    with_pixels = one_by_one(seen, replace(spec, upscale_allowed=True))
    if not isinstance(with_pixels, Plan):
        return short + tuple(miss for miss in with_pixels if miss.rule != "pixels") if short else misses
    if short or with_pixels.scale <= seen.finest * 1.01:
        return short or misses
    return Miss("pixels", (with_pixels.scale - seen.finest) * (seen.chin - seen.crown)), *misses


def test_a_face_of_too_few_pixels_hears_of_them_even_where_the_crop_would_only_be_too_wide(catalogue):
    """Shown as small as its pixels allow, the head needs more shoulders than the picture has; larger, it needs none."""
    seen = Head(-70, 70, 0, 90, -math.inf, math.inf, -math.inf, bottom=85, finest=1.0)
    spec = catalogue["hunan-pretco"]

    assert isinstance(at_once(replace(seen, finest=2.0), spec), Plan)
    misses = at_once(seen, spec)
    assert not isinstance(misses, Plan)
    assert misses[0].rule == "pixels"
    assert "bottom" in {miss.rule for miss in misses}


def of_one_size(seen: Head, spec: Spec, width: int, height: int) -> Plan | tuple[tuple[Miss, ...], float]:
    """The best scale and eye line for one size: what breaks least, then what strains least, the smallest first."""
    rules = rules_of(seen, spec, width, height)
    tried = []
    for scale in scales_of(rules, seen, spec):
        eye_y = eye_line(rules, scale)
        values = [(rule, (eye_y if rule[2] else 0) + scale * rule[1]) for rule in rules if math.isfinite(rule[1])]
        broken = sum(max(low - value, value - high, 0.0) for (_, _, _, low, high, _), value in values)
        cost = sum((strain(rule, value) for rule, value in values), max(0.0, scale / seen.finest - 1))
        tried.append((float(np.round(broken, 3)), cost, scale, eye_y))
    *_, scale, eye_y = min(tried, key=lambda option: option[:2])
    misses = misses_of(rules, scale, eye_y, seen, spec)
    if misses:
        return misses, scale
    centre = spec.rule("centre")
    aim = width / 2 if centre is None else centre.target * (width if centre.unit == "fraction" else 1)
    return Plan(width, height, scale, LEVEL, aim - scale * seen.face_centre, eye_y)


def rules_of(seen: Head, spec: Spec, width: int, height: int) -> list[Rule]:
    kinds = {
        "crown": (seen.crown, 1, height),
        "chin": (seen.chin, 1, height),
        "eye_line": (0.0, 1, height),
        "head_height": (seen.chin - seen.crown, 0, height),
        "face_width": (seen.face_width, 0, width),
    }
    rules = []
    for rule in spec.head:
        if rule.measure in kinds:
            factor, moves, side = kinds[rule.measure]
            unit = side if rule.unit == "fraction" else 1
            rules.append((rule.measure, factor, moves, rule.low * unit, rule.high * unit, rule.target * unit))
    room = min(seen.right - seen.face_centre, seen.face_centre - seen.left)
    return [
        *rules,
        ("top", seen.top, 1, -math.inf, 0.0, math.nan),
        ("bottom", seen.bottom, 1, height, math.inf, math.nan),
        ("sides", room, 0, width / 2, math.inf, math.nan),
    ]


def scales_of(rules: list[Rule], seen: Head, spec: Spec) -> list[float]:
    fixed = [rule for rule in rules if rule[0] in {"head_height", "face_width"}]
    low = max((low / factor for _, factor, _, low, _, _ in fixed), default=0.05)
    high = min((high / factor for _, factor, _, _, high, _ in fixed), default=4.0)
    high = min(high, max(low, seen.finest) * MORE_THAN_NEEDED if spec.upscale_allowed else seen.finest)
    low = min(low, high)
    return [low + (high - low) * step / SCALE_STEPS for step in range(SCALE_STEPS + 1)]


def eye_line(rules: list[Rule], scale: float) -> float:
    moving = [rule for rule in rules if rule[2] and math.isfinite(rule[1])]
    low = max(low - scale * factor for _, factor, _, low, _, _ in moving)
    high = min(high - scale * factor for _, factor, _, _, high, _ in moving)
    aims = [target - scale * factor for _, factor, _, _, _, target in moving if math.isfinite(target)]
    aim = sum(aims[1:], aims[0]) / len(aims) if aims else low
    return min(max(aim, low), high) if low <= high else (low + high) / 2


def strain(rule: Rule, value: float) -> float:
    _, _, _, low, high, target = rule
    if not math.isfinite(target) or high <= low:
        return 0.0
    away = (value - target) / (high - low)
    return away * away


def misses_of(rules: list[Rule], scale: float, eye_y: float, seen: Head, spec: Spec) -> tuple[Miss, ...]:
    misses = []
    for name, factor, moves, low, high, _ in rules:
        value = (eye_y if moves else 0) + scale * factor
        by = max(low - value, value - high) if math.isfinite(factor) else 0.0
        if by > (1e-6 if name in {"top", "bottom", "sides"} else 0.5):
            short = name in {"head_height", "face_width"} and value < low
            full = not spec.upscale_allowed and scale >= seen.finest - 1e-9
            misses.append(Miss("pixels" if short and full else name, by))
    return tuple(sorted(misses, key=lambda miss: -miss.by_px))
