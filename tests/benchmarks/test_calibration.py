"""The figures that documents and docstrings speak of are the ones that were measured."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.calibrate.__main__ import FIGURES, PAGE
from benchmarks.calibrate.bases import degraded
from benchmarks.calibrate.degradations import DEGRADATIONS
from benchmarks.calibrate.labelled import labelled_photos
from benchmarks.calibrate.page import page
from benchmarks.calibrate.plot import draw
from benchmarks.calibrate.reading import SPEC, Seen, see
from benchmarks.calibrate.roc import area, roc_points, tally
from benchmarks.portraits import astronaut
from photo_service.checks import CHECKS
from photo_service.checks.check import Check, Reading
from photo_service.models.install import install_embedded
from photo_service.models.store import models_home
from photo_service.photo import Matted, Upright
from photo_service.pipeline import Studio, open_studio
from photo_service.specs import load_catalogue

ABOVE = Check("blurred", "above", 1.0, lambda *_: Reading(0.0))
BELOW = replace(ABOVE, bad="below")
BY_CODE = {degradation.code: degradation for degradation in reversed(DEGRADATIONS)}


@pytest.fixture(scope="module")
def figures() -> dict:
    return json.loads(FIGURES.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def studio() -> Studio:
    import os

    folder = models_home(os.environ)
    install_embedded(folder, say=lambda _: None)
    return open_studio(folder)


@pytest.fixture(scope="module")
def base(studio: Studio) -> tuple[Upright, Seen, Matted]:
    picture = astronaut().crop((90, 0, 360, 360)).resize((540, 720))
    upright = Upright(picture, 540, 720, 1.0, "JPEG", 95, False, None)
    seen = see(studio, upright)
    assert seen is not None
    return upright, *seen


def test_the_page_is_written_from_the_figures_and_from_nothing_else(figures: dict):
    """`python -m benchmarks.calibrate --docs` would change nothing."""
    assert PAGE.read_text(encoding="utf-8") == page(figures)


def test_every_check_has_its_figures_with_the_limit_it_has_today(figures: dict):
    """A limit that is moved without measuring again makes the page wrong."""
    assert set(figures["checks"]) == {check.code for check in CHECKS}
    limits = load_catalogue()[SPEC].limits
    assert {code: (figure["bad"], figure["limit"], figure["doubt"]) for code, figure in figures["checks"].items()} == {
        check.code: (check.bad, limits.get(check.code, check.limit), check.doubt) for check in CHECKS
    }


def test_the_figures_name_nobody(figures: dict):
    """Numbers, codes and units: no file of a person, no path."""
    text = json.dumps(figures)

    assert not any(ending in text for ending in (".jpg", ".png", ".jpeg", "/"))


def test_roll_is_measured_within_a_degree(figures: dict):
    """Heads that were turned in steps of one degree, from 1 to 20."""
    assert figures["roll_error_deg"]["n"] >= 100
    assert figures["roll_error_deg"]["within_one_degree"] >= 0.99


@pytest.mark.parametrize("code", ["blurred", "too_dark", "uneven_light", "head_tilted", "multiple_faces", "not_colour"])
def test_what_is_plainly_bad_is_refused(figures: dict, code: str):
    assert figures["checks"][code]["degraded"]["recall"] >= 0.9
    assert figures["checks"][code]["degraded"]["precision"] >= 0.9


def test_a_verdict_holds_when_nobody_sees_a_difference(figures: dict):
    """Saved anew, a tenth smaller or larger, turned by a degree, mirrored: 98 of 100 verdicts stay."""
    assert figures["steadiness"]["n"] > 200
    assert all(share >= 0.98 for share in figures["steadiness"]["share"].values())


@pytest.mark.parametrize("degradation", DEGRADATIONS, ids=lambda way: f"{way.code}, {way.name}")
def test_every_degradation_gives_a_picture_and_leaves_the_first_alone(degradation, base: tuple[Upright, Seen, Matted]):
    upright, _, matted = base
    before = upright.picture.copy()
    made = degraded(upright, matted, degradation, degradation.amounts[-1])

    assert made.picture.dtype == np.uint8
    assert (made.file_height, made.file_width) == made.picture.shape[:2]
    assert made.picture.shape != before.shape or (made.picture != before).any()
    assert (upright.picture == before).all()


@pytest.mark.parametrize(
    "code", ["blurred", "too_dark", "uneven_light", "glasses_worn", "face_occluded", "eyes_hidden", "not_a_photo"]
)
def test_a_degradation_is_read_by_the_check_it_is_meant_for(
    code: str, studio: Studio, base: tuple[Upright, Seen, Matted]
):
    upright, before, matted = base
    check = next(check for check in CHECKS if check.code == code)
    seen = see(studio, degraded(upright, matted, BY_CODE[code], BY_CODE[code].bad[0]))

    assert seen is not None
    assert not check.is_bad(before.values[code], check.limit)
    assert check.is_bad(seen[0].values[code], check.limit)


def test_without_the_labelled_photos_there_are_none(tmp_path: Path):
    assert list(labelled_photos(tmp_path)) == []


def test_the_curves_are_drawn(figures: dict, tmp_path: Path):
    draw(figures, tmp_path / "curves.png")

    assert (tmp_path / "curves.png").stat().st_size > 5_000


values = st.lists(st.floats(-10, 10), min_size=1, max_size=30)


@given(bad=values, good=values)
def test_stricter_limits_never_refuse_fewer(bad: list[float], good: list[float]):
    for check in (ABOVE, BELOW):
        points = roc_points(check, bad, good)
        shares = [point["refused_bad"] for point in points]

        assert shares == sorted(shares, reverse=check.bad == "above")
        assert all(0 <= point[key] <= 1 for point in points for key in ("refused_bad", "refused_good"))


@given(bad=values, good=values)
def test_the_area_is_the_same_whichever_way_the_numbers_run(bad: list[float], good: list[float]):
    turned = area(BELOW, [-value for value in bad], [-value for value in good])

    assert area(ABOVE, bad, good) == pytest.approx(turned, abs=1e-3)


def test_precision_and_recall_are_what_they_are():
    counted = tally(ABOVE, 1.0, [0.5, 2.0, 3.0, 4.0], [0.0, 5.0])

    assert (counted["found"], counted["wrong"]) == (3, 1)
    assert counted["recall"] == 0.75
    assert counted["precision"] == 0.75
    assert tally(ABOVE, 1.0, [], [0.0])["recall"] is None
