"""The plan in numbers: what a spec asks is met, and what cannot be met is named."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photo_service.geometry import Anatomy, Head, Level, Miss, NoPlan, Plan
from photo_service.planning import enlargement, plan, sizes
from photo_service.spec import Size, Spec
from photo_service.specs import load_catalogue

LEVEL = Level((500.0, 500.0), 0.0)


@pytest.fixture(scope="module")
def pretco() -> Spec:
    return load_catalogue()["hunan-pretco"]


def head(**changes: float) -> Head:
    """A head 500 px high in the middle of a picture of 2000 x 2000, eyes half way down."""
    usual = Head(
        crown=-250,
        chin=250,
        face_centre=0,
        face_width=330,
        left=-math.inf,
        right=math.inf,
        top=-math.inf,
        bottom=1000,
        finest=1.0,
    )
    return replace(usual, **changes)


def planned(seen: Head, spec: Spec) -> tuple[Plan | None, tuple[Miss, ...]]:
    """The plan, or what keeps it from being made."""
    try:
        return plan(seen, spec, LEVEL), ()
    except NoPlan as fault:
        return None, fault.misses


def test_a_roomy_selfie_is_framed_at_the_targets_of_the_spec(pretco):
    """With room on every side nothing keeps the head from its target height and place."""
    made = plan(head(), pretco, LEVEL)

    height = 500 * made.scale / made.height
    crown = (made.eye_y - 250 * made.scale) / made.height
    assert height == pytest.approx(0.62, abs=0.02)
    assert crown == pytest.approx(0.09, abs=0.03)
    assert made.eye_x == pytest.approx(90.0)


@settings(deadline=None)
@given(
    crown=st.floats(-700, -180),
    chin=st.floats(150, 400),
    bottom=st.floats(100, 1500),
    centre=st.floats(-40, 40),
    left=st.floats(-900, -150),
)
def test_whatever_the_head_a_plan_meets_every_rule_or_there_is_none(crown, chin, bottom, centre, left):
    """No plan ever breaks a rule by more than half a pixel, and none shows what lies outside the picture."""
    spec = load_catalogue()["hunan-pretco"]
    seen = head(crown=crown, chin=chin, bottom=bottom, face_centre=centre, left=left)
    made, misses = planned(seen, spec)
    if made is None:
        assert misses
        assert all(miss.by_px > 0 for miss in misses)
        return
    values = {
        "crown": (made.eye_y + crown * made.scale) / made.height,
        "head_height": (chin - crown) * made.scale / made.height,
        "eye_line": made.eye_y / made.height,
        "centre": (made.eye_x + centre * made.scale) / made.width,
    }
    for rule in spec.head:
        assert rule.low - 0.5 / 180 <= values[rule.measure] <= rule.high + 0.5 / 180
    assert made.eye_y + bottom * made.scale >= made.height - 1e-3
    assert made.eye_x + left * made.scale <= 1e-3
    assert made.scale <= seen.finest


def test_a_student_without_shoulders_in_the_picture_hears_of_the_lower_edge(pretco):
    """When the picture ends at the chin, the worst miss is the bottom."""
    with pytest.raises(NoPlan) as refused:
        plan(head(bottom=260), pretco, LEVEL)

    assert "bottom" in {miss.rule for miss in refused.value.misses}


def test_a_small_face_is_never_scaled_up_where_the_spec_forbids_it(pretco):
    """A head of 60 px cannot be the 120 px that 180 x 240 needs."""
    tiny = head(crown=-30, chin=30, face_width=40)

    assert enlargement(tiny, pretco) == pytest.approx(2.0)
    with pytest.raises(NoPlan) as refused:
        plan(tiny, pretco, LEVEL)
    assert refused.value.misses[0].rule == "pixels"
    assert plan(tiny, replace(pretco, upscale_allowed=True), LEVEL).scale == pytest.approx(2.0, rel=0.05)


def test_a_spec_with_a_band_of_sizes_is_tried_from_the_largest_down():
    """The student gets as many pixels as the selfie has."""
    tried = list(sizes(Size(480, 640, 960, 1280)))

    assert tried[0] == (960, 1280)
    assert tried[-1] == (480, 640)
    assert tried == sorted(tried, reverse=True)


@given(x=st.floats(-2000, 2000), y=st.floats(-2000, 2000), roll=st.floats(-45, 45))
def test_levelling_a_point_and_turning_it_back_gives_the_point(x, y, roll):
    """The two frames of reference are each other's inverse."""
    level = Level((321.0, 123.0), roll)

    back = level.to_picture(level.to_level((x, y)))

    assert back == pytest.approx((x, y), abs=1e-6)


@given(roll=st.floats(-40, 40))
def test_levelled_eyes_lie_on_one_line(roll):
    """Turning by the roll that the eyes themselves show puts both at the same height."""
    turn = math.radians(roll)
    right = (500 - 50 * math.cos(turn), 400 - 50 * math.sin(turn))
    left = (500 + 50 * math.cos(turn), 400 + 50 * math.sin(turn))
    anatomy = Anatomy(right_eye=right, left_eye=left, chin=(500, 500), right_cheek=right, left_cheek=left)
    level = Level(anatomy.eyes, anatomy.roll)

    assert anatomy.roll == pytest.approx(roll, abs=1e-6)
    assert level.to_level(right)[1] == pytest.approx(level.to_level(left)[1], abs=1e-6)
