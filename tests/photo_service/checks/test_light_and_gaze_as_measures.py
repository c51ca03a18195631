"""Properties that hold for every amount of light, every direction of a look and every limit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_subjects import Sitter, scaled

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.gaze_away import GAZE_AWAY
from photo_service.checks.too_dark import TOO_DARK
from photo_service.checks.uneven_light import UNEVEN_LIGHT
from photo_service.colour import to_lab
from photo_service.contract import Severity
from photo_service.stages.assess import assess
from photo_service.wording import Wording

quick = settings(max_examples=12, deadline=None)


@quick
@given(share=st.floats(0.25, 0.9))
def test_less_light_is_never_measured_as_more(sitter: Sitter, share: float):
    dimmed, darker = (sitter.painted(scaled(slice(None), part)) for part in (share, share * 0.8))

    assert sitter.value(TOO_DARK, darker) < sitter.value(TOO_DARK, dimmed)


@quick
@given(share=st.floats(0.3, 1.0))
def test_how_much_light_there_is_does_not_make_it_uneven(sitter: Sitter, share: float):
    even = sitter.painted(scaled(slice(None), share))

    assert sitter.value(UNEVEN_LIGHT, even) == pytest.approx(sitter.value(UNEVEN_LIGHT), abs=0.08)


@quick
@given(sideways=st.floats(-0.3, 0.3))
def test_a_look_to_the_left_weighs_as_much_as_one_to_the_right(sitter: Sitter, sideways: float):
    there, back = (sitter.value(GAZE_AWAY, sitter.looking(way)) for way in (sideways, -sideways))

    assert there == pytest.approx(back, abs=1e-3)
    assert there == pytest.approx(abs(sideways), abs=1e-3)


@given(colour=st.tuples(*[st.integers(0, 255)] * 3))
def test_grey_levels_have_no_hue_and_light_ones_are_lighter(colour: tuple[int, int, int]):
    """CIE L*a*b*: equal channels are neutral, lightness grows with every channel."""
    lab = to_lab(np.array([[colour, (colour[0],) * 3, (min(colour[0] + 1, 255),) * 3]], np.uint8))[0]

    assert 0 <= lab[0, 0] <= 100.1
    assert abs(lab[1, 1:]).max() < 0.1
    assert lab[2, 0] >= lab[1, 0] - 0.02


@given(bad=st.sampled_from(["above", "below"]), limit=st.floats(-5, 5), gap=st.floats(0.1, 2), value=st.floats(-10, 10))
def test_every_reading_that_fails_would_also_have_been_doubted(bad: str, limit: float, gap: float, value: float):
    """The doubtful band lies on the good side of the limit, whichever way the check runs."""
    doubt = limit - gap if bad == "above" else limit + gap
    check = Check("blurred", bad, limit, lambda *_: Reading(value), doubt)  # type: ignore[arg-type]

    assert not check.is_bad(value, limit) or check.is_bad(value, doubt)


def test_between_doubt_and_limit_the_student_is_warned_and_not_refused(sitter: Sitter):
    """A hand that the network half sees is for the counsellor to judge, though the spec requires a bare face."""
    matted = replace(sitter.matted, located=replace(sitter.located, hand=0.77))
    found = {f.code: f for f in assess(matted, sitter.spec, Wording.load("zh-CN")).findings}

    assert sitter.spec.checks["face_occluded"] is Severity.FAIL
    assert found["face_occluded"].severity is Severity.WARN
    assert found["face_occluded"].limit == pytest.approx(0.9)


def test_doubts_lie_on_the_good_side_of_their_limits():
    from photo_service.checks import CHECKS

    assert all(check.is_bad(check.limit, check.doubt) for check in CHECKS if check.doubt is not None)


def test_places_at_the_edge_of_the_picture_are_still_places(sitter: Sitter):
    """Landmarks of a cut face lie outside the chip; the patches around them are moved in, never empty."""
    points = np.array([[-40.0, -40.0], [300.0, 300.0]], np.float32)
    lab = sitter.subject().lab

    assert all(skin.around(lab, points, mark, reach=5).shape == (121, 3) for mark in (0, 1))
