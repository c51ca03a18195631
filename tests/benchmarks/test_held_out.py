"""What a limit is worth on photos that did not help to choose it, and on good photos as phones make them."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from benchmarks.calibrate.held_out import chosen_limit, held_out, is_chosen, percentile
from benchmarks.calibrate.page import page
from benchmarks.calibrate.phones import VARIATIONS
from photo_service.checks import CHECKS
from photo_service.checks.check import Check, Reading

ABOVE = Check("blurred", "above", 1.0, lambda *_: Reading(0.0))
BELOW = replace(ABOVE, bad="below")
readings = st.lists(st.floats(-10, 10), min_size=2, max_size=30)


@given(bad=readings, good=readings)
def test_the_rule_never_refuses_a_photo_that_helped_to_choose(bad: list[float], good: list[float]):
    for check in (ABOVE, BELOW):
        limit = chosen_limit(check, bad, good)

        assert not any(check.is_bad(value, limit) for value in good)


def test_three_quarters_of_the_gap_are_left_to_the_good():
    """Bad at 3, 5 and, hopeless, at 1; good up to 2: the limit comes to lie near 3."""
    assert chosen_limit(ABOVE, [1.0, 3.0, 5.0], [0.0, 2.0]) == pytest.approx(2.75)
    assert chosen_limit(BELOW, [-1.0, -3.0, -5.0], [0.0, -2.0]) == pytest.approx(-2.75)


@given(bad=readings, good=readings)
def test_the_estimate_is_the_same_whichever_way_the_numbers_run(bad: list[float], good: list[float]):
    turned = held_out(BELOW, -1.0, [-value for value in bad], [-value for value in good], noise=0.1)
    straight = held_out(ABOVE, 1.0, bad, good, noise=0.1)

    assert straight is not None
    assert turned is not None
    assert {key: straight[key] for key in ("recall", "refused_good", "flips", "room")} == {
        key: turned[key] for key in ("recall", "refused_good", "flips", "room")
    }


@given(bad=readings, good=readings)
def test_photos_far_apart_are_told_apart_whether_they_helped_to_choose_or_not(bad: list[float], good: list[float]):
    """Where the worst good one is as far from the bad as from the other good ones, leaving it out changes nothing."""
    assume(len(bad) >= 5)
    told = held_out(ABOVE, 50.0, [value + 100 for value in bad], [*good, max(good)], noise=1.0)

    assert told is not None
    assert told["refused_good"] == 0
    assert told["fragile"] == []


def test_a_limit_that_one_photo_decides_is_called_fragile():
    """Leave the one good photo at 9 out, and the limit comes to lie below it."""
    bad, good = [10.0] * 5, [1.0] * 9 + [9.0]
    told = held_out(ABOVE, 9.5, [*bad, 2.0], good, noise=0.1)

    assert told is not None
    assert "flips" in told["fragile"]
    assert told["refused_good"] > 0


def test_a_good_photo_within_the_noise_is_called_near_and_few_bad_ones_few():
    told = held_out(ABOVE, 2.05, [3.0, 4.0], [1.0, 2.0], noise=0.1)

    assert told is not None
    assert {"near", "few"} <= set(told["fragile"])


def test_one_photo_cannot_be_parted():
    assert held_out(ABOVE, 1.0, [3.0], [1.0, 2.0], noise=0.0) is None


def test_limits_that_no_photo_chose_are_left_out():
    """Where an authority names the degrees, photos have nothing to choose."""
    chosen = {check.code for check in CHECKS if is_chosen(check)}

    assert {"blurred", "ears_covered", "eyes_closed"} <= chosen
    assert not {"head_turned", "head_tilted", "photo_too_old", "multiple_faces"} & chosen


def test_noise_is_what_one_change_in_twenty_exceeds():
    assert percentile({"blurred": [float(value) for value in range(101)]}, "blurred") == 95
    assert percentile({}, "blurred") == 0


@pytest.mark.parametrize("name", VARIATIONS)
def test_every_variation_gives_a_file_that_shows_the_same_person(name: str):
    """As large or smaller, and alike: a variation is what a phone does, not another picture."""
    ramp = np.linspace(40, 200, 300, dtype=np.uint8)
    picture = Image.fromarray(np.stack([np.tile(ramp, (400, 1))] * 3, axis=-1))
    made = Image.open(io.BytesIO(VARIATIONS[name](picture))).convert("RGB")

    assert made.width <= picture.width
    assert np.abs(np.asarray(made.resize(picture.size), np.float32) - np.asarray(picture)).mean() < 45
    assert np.corrcoef(np.asarray(made.resize(picture.size)).ravel(), np.asarray(picture).ravel())[0, 1] > 0.9


def test_the_page_tells_of_both():
    """The sections stand on the page as soon as there are figures for them, and not before."""
    tally = {"recall": 0.9, "precision": 1.0, "bad": 10, "good": 20, "roc": []}
    figures = {
        "labelled_photos": 30,
        "degraded_from": 6,
        "roll_error_deg": {"n": 100, "mean": 0.1, "within_one_degree": 1.0, "worst": 0.4},
        "steadiness": {"n": 30, "held": {"one-inch": {"mirrored": 30}}, "share": {"one-inch": 1.0}},
        "checks": {"blurred": {"bad": "below", "limit": 0.2, "doubt": None, "labelled": tally, "degraded": None}},
    }
    assert "not used to choose" not in page(figures)
    told = held_out(BELOW, 0.2, [0.1, 0.15, 0.18], [0.3, 0.4, 0.5], noise=0.01)
    phones = {
        "n": {"one-inch": 20},
        "refused": {"one-inch": {"warm lamp": 1}},
        "by": {"one-inch": {"warm lamp": {"not_colour": 1}}},
    }
    text = page({**figures, "held_out": {"blurred": told}, "phones": phones})

    assert "## On photos not used to choose the limit" in text
    assert "| warm lamp | 1 (`not_colour`) |" in text
