"""What is measured on a face is what OFIQ means: light in linear light, its areas, its units."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_subjects import Sitter, scaled
from PIL import Image

from photo_service.checks.subject import Subject
from photo_service.ofiq.background import background_uniformity
from photo_service.ofiq.light import cheek_squares, levels_of, light_measures
from photo_service.ofiq.placing import placing_measures
from photo_service.ofiq.scores import ofiq_raw, ofiq_scores, report_name


def light(subject: Subject) -> dict[str, float]:
    return light_measures(levels_of(subject.luminance), subject.points)


def test_luminance_is_stored_as_ofiq_stores_it():
    """Its reference values: Y of 25 is a grey of sRGB 88, Y of 247 lies between 251 and 252."""
    from photo_service.colour import luminance_of

    greys = levels_of(luminance_of(np.array([[[88] * 3, [251] * 3, [252] * 3, [124] * 3]], np.uint8)))[0]

    assert greys[0] == 25
    assert greys[1] <= 247 <= greys[2]
    assert greys[3] / 255 == pytest.approx(0.2, abs=0.003)


def test_a_good_portrait_scores_high_where_ofiq_says_so(sitter: Sitter):
    scores = ofiq_scores(sitter.subject())

    assert scores["ofiq_eyes_open"] > 80
    assert scores["ofiq_single_face_present"] == 100
    assert scores["ofiq_natural_colour"] == 100
    assert scores["ofiq_dynamic_range"] > 75
    assert min(scores[f"ofiq_head_pose_{turn}"] for turn in ("yaw", "pitch", "roll")) > 90


def test_twenty_measures_are_reported_and_each_from_0_to_100(sitter: Sitter):
    scores = ofiq_scores(sitter.subject())

    assert len(scores) == 20
    assert all(0 <= value <= 100 for value in scores.values())
    assert report_name("LeftwardCropOfTheFaceImage") == "ofiq_leftward_crop_of_the_face_image"


@pytest.mark.parametrize(("share", "raw"), [(0.05, "UnderExposurePrevention"), (6.0, "OverExposurePrevention")])
def test_too_little_and_too_much_light_are_shares_of_the_face(sitter: Sitter, share: float, raw: str):
    assert light(sitter.subject())[raw] < 0.1
    assert light(sitter.painted(scaled(slice(None), share)))[raw] > 0.4


@settings(max_examples=15, deadline=None)
@given(low=st.integers(0, 200), seed=st.integers(0, 99))
def test_shares_means_and_entropies_stay_within_their_bounds(sitter: Sitter, low: int, seed: int):
    levels = np.random.default_rng(seed).integers(low, 256, (256, 256), np.uint8)
    found = light_measures(levels, sitter.subject().points)

    assert 0 <= found["LuminanceMean"] <= 1
    assert 0 <= found["LuminanceVariance"] <= 0.25
    assert 0 <= found["DynamicRange"] <= 8
    assert 0 <= found["IlluminationUniformity"] <= 1 + 1e-9
    assert found["UnderExposurePrevention"] + found["OverExposurePrevention"] <= 1 + 1e-9


def test_one_grey_all_over_is_even_light_without_any_range(sitter: Sitter):
    found = light_measures(np.full((256, 256), 90, np.uint8), sitter.subject().points)

    assert found["IlluminationUniformity"] == pytest.approx(1)
    assert found["DynamicRange"] == pytest.approx(0)
    assert found["LuminanceVariance"] == pytest.approx(0)


def test_cheek_squares_of_a_cut_face_are_moved_into_the_picture():
    points = np.full((468, 3), -30, np.float32)
    points[[362, 263], 0] = 60
    levels = np.zeros((64, 64), np.uint8)

    assert all(levels[square].size for square in cheek_squares(points, levels.shape))


def test_a_plain_wall_is_uniform_and_stripes_are_not(sitter: Sitter):
    picture = sitter.located.upright.picture
    flat, striped = np.full_like(picture, 180), np.full_like(picture, 180)
    striped[:, ::6] = 60

    def behind_her(wall: np.ndarray) -> float:
        upright = replace(sitter.located.upright, image=Image.fromarray(wall))
        found = background_uniformity(replace(sitter.matted, located=replace(sitter.located, upright=upright)))
        assert found is not None
        return found

    assert behind_her(flat) == 0
    assert behind_her(striped) > 113  # OFIQ's score of 50


def test_where_no_wall_is_seen_the_score_is_that_of_a_failure(sitter: Sitter):
    everywhere = replace(sitter.matted, alpha=np.ones_like(sitter.matted.alpha))
    subject = replace(sitter.subject(), matted=everywhere)
    full = ofiq_raw(subject)["BackgroundUniformity"]

    assert full is None or full >= 0  # the frame may reach beyond the region that was matted


def test_lengths_are_in_pixels_of_the_file(sitter: Sitter):
    """A picture decoded at half size has eyes twice as far apart in its file."""
    halved = replace(sitter.located, upright=replace(sitter.located.upright, reduction=2.0))
    one, two = placing_measures(sitter.located), placing_measures(halved)

    assert two["InterEyeDistance"] == pytest.approx(2 * one["InterEyeDistance"])
    assert two["HeadSize"] == pytest.approx(one["HeadSize"])


def test_a_second_face_is_measured_by_its_area(sitter: Sitter):
    first = sitter.located.faces[0]
    half = replace(first, right=first.left + first.width / 2)
    found = placing_measures(replace(sitter.located, faces=(first, half)))

    assert found["SingleFacePresent"] == pytest.approx(0.5)
