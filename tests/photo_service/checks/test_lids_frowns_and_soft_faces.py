"""Eyes that shut or look down, frowns, faces that are soft or too light; and what only looks like them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_subjects import Paint, Sitter, filled, scaled
from PIL import Image
from scipy import ndimage

from benchmarks.portraits import astronaut
from photo_service.checks import CHECKS
from photo_service.checks.blurred import BLURRED, fineness
from photo_service.checks.expression import EXPRESSION
from photo_service.checks.eyes_closed import EYES_CLOSED
from photo_service.checks.not_colour import NOT_COLOUR
from photo_service.checks.over_smoothed import OVER_SMOOTHED
from photo_service.checks.subject import Subject
from photo_service.checks.too_bright import TOO_BRIGHT
from photo_service.checks.too_dark import TOO_DARK
from photo_service.models.ports import Iris, Rgb
from photo_service.pipeline import Studio

quick = settings(max_examples=12, deadline=None)
LENSES = (70, 105, 107, 9, 336, 334, 300, 356, 346, 329, 195, 100, 117, 127)
LOWER_LID, UPPER_LID = slice(1, 8), slice(9, 16)


@pytest.fixture(scope="module")
def large_sitter(studio: Studio) -> Sitter:
    """The same face with more pixels between the eyes than the chip has."""
    picture = astronaut().crop((90, 0, 360, 360))
    return Sitter.found_by(studio.networks, picture.resize((540, 720), Image.Resampling.LANCZOS))


def moved(eye: Iris, *, upper: float, lower: float, iris: float) -> Iris:
    """Move the lids and the iris down by so many eye widths; the corners stay."""
    contour, rim = eye.contour.copy(), eye.rim.copy()
    width = float(np.hypot(*(contour[0, :2] - contour[8, :2])))
    contour[UPPER_LID, 1] += upper * width
    contour[LOWER_LID, 1] += lower * width
    rim[:, 1] += iris * width
    return replace(eye, contour=contour, rim=rim)


def with_eyes(sitter: Sitter, *, upper: float = 0.0, lower: float = 0.0, iris: float = 0.0) -> Subject:
    right, left = (moved(eye, upper=upper, lower=lower, iris=iris) for eye in sitter.located.irises)
    return sitter.subject(replace(sitter.located, irises=(right, left)))


def blurred(sitter: Sitter, share: float) -> Paint:
    sigma = share * sitter.located.anatomy.inter_eye
    return lambda picture: np.asarray(ndimage.gaussian_filter(picture, (sigma, sigma, 0)))


def furrowed(sitter: Sitter) -> Paint:
    """Draw an upright furrow between the brows, a little darker than the skin."""

    def paint(picture: Rgb) -> Rgb:
        points, unit = sitter.located.mesh.points, sitter.located.anatomy.inter_eye
        top, bottom = int(points[9, 1] - 0.05 * unit), int(points[168, 1] + 0.05 * unit)
        x, half = round(float(points[8, 0])), max(1, round(0.02 * unit))
        picture[top:bottom, x - half : x + half + 1] = picture[top:bottom, x - half : x + half + 1] * 0.85
        return picture

    return paint


def with_hanging_corners(subject: Subject, share: float) -> Subject:
    """Let the mouth's corners hang by a share of the way from the eyes to the chin below the lips, and be narrow."""
    points = subject.points.copy()
    lips = float(points[[13, 14], 1].mean())
    points[[61, 291], 1] = lips + share * subject.eyes_to_chin
    middle = float(points[[61, 291], 0].mean())
    points[[61, 291], 0] = middle + (points[[61, 291], 0] - middle) * 0.6
    chip = replace(subject.located.chip, points=points)
    return replace(subject, matted=replace(subject.matted, located=replace(subject.located, chip=chip)))


def test_eyes_that_are_shut_are_told(sitter: Sitter):
    shut = with_eyes(sitter, upper=0.3, iris=0.1)

    assert sitter.value(EYES_CLOSED) > EYES_CLOSED.limit
    assert sitter.value(EYES_CLOSED, shut) < EYES_CLOSED.limit


def test_eyes_cast_down_are_told_though_the_lids_stand_apart(sitter: Sitter):
    """Lids and irises have all sunk: the eye is nearly as open as before, and looks at the floor."""
    down = with_eyes(sitter, upper=0.12, lower=0.06, iris=0.09)

    assert sitter.value(EYES_CLOSED, down) < EYES_CLOSED.limit


def test_a_smile_that_narrows_the_eyes_from_below_shuts_none(sitter: Sitter):
    """The lower lids rise by half the opening; upper lids and irises stay."""
    smiling = with_eyes(sitter, lower=-0.2)

    assert sitter.value(EYES_CLOSED, smiling) > EYES_CLOSED.doubt


@quick
@given(down=st.floats(0.0, 0.2))
def test_a_lid_that_sinks_further_never_reads_as_more_open(sitter: Sitter, down: float):
    sunk, lower = (with_eyes(sitter, upper=way) for way in (down, down + 0.05))

    assert sitter.value(EYES_CLOSED, lower) < sitter.value(EYES_CLOSED, sunk)


def test_nobody_is_told_to_open_eyes_that_dark_glasses_hide(sitter: Sitter):
    """One reason is enough, and the true one: take them off."""
    shut = with_eyes(sitter, upper=0.3, iris=0.1)
    shaded = sitter.painted(filled(sitter.polygon(LENSES), (22, 20, 24)))
    chip, lab = shaded.located.chip, shaded.lab
    hidden = replace(shut, matted=replace(shut.matted, located=replace(shut.located, chip=chip)), lab=lab)

    assert sitter.reading(EYES_CLOSED, hidden) is None


def test_nobody_is_told_to_open_eyes_of_a_few_pixels(sitter: Sitter):
    shut = with_eyes(sitter, upper=0.3, iris=0.1).located
    far_away = sitter.subject(replace(shut, chip=replace(shut.chip, enlarged=3.5)))

    assert sitter.reading(EYES_CLOSED, far_away) is None


def test_a_face_that_is_softer_than_its_pixels_is_blurred(large_sitter: Sitter):
    """A hundredth of the eye distance is the lens; a fiftieth is a focus that was missed."""
    soft, sharp = (large_sitter.painted(blurred(large_sitter, share)) for share in (0.022, 0.008))

    assert large_sitter.value(BLURRED, soft) < BLURRED.limit
    assert large_sitter.value(BLURRED, sharp) > BLURRED.doubt


@quick
@given(share=st.floats(0.15, 1.0))
def test_dim_light_is_no_blur(large_sitter: Sitter, share: float):
    dim = large_sitter.painted(scaled(slice(None), share))

    assert fineness(dim) == pytest.approx(fineness(large_sitter.subject()), rel=0.15)


def test_a_file_of_few_pixels_is_not_told_to_hold_the_phone_still(sitter: Sitter):
    """What pixels cannot show is a matter of resolution, which has words of its own."""
    near = sitter.located.chip
    small, tiny = (sitter.subject(replace(sitter.located, chip=replace(near, enlarged=much))) for much in (1.9, 3.0))

    assert sitter.value(BLURRED, tiny) > sitter.value(BLURRED, small)


def test_a_third_of_a_stop_more_light_refuses_nobody(sitter: Sitter):
    """Phones differ by as much in the same room; a face that is washed out is another matter."""
    lighter, washed_out = (sitter.painted(scaled(slice(None), times)) for times in (1.26, 2.5))

    assert sitter.value(TOO_BRIGHT, lighter) < TOO_BRIGHT.doubt
    assert sitter.value(TOO_BRIGHT, washed_out) > TOO_BRIGHT.limit


def test_a_selfie_in_the_dark_is_told_that_it_is_dark(sitter: Sitter):
    """Colours fade with the light: it is not black and white."""
    night = sitter.painted(scaled(slice(None), 0.04))

    assert sitter.value(TOO_DARK, night) < TOO_DARK.limit
    assert sitter.value(NOT_COLOUR, night) > NOT_COLOUR.limit


def test_a_black_and_white_selfie_in_the_dark_is_told_both(sitter: Sitter):
    def grey_night(picture: Rgb) -> Rgb:
        grey = np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
        return scaled(slice(None), 0.04)(grey)

    assert sitter.value(NOT_COLOUR, sitter.painted(grey_night)) < NOT_COLOUR.limit


def test_black_and_white_is_told_before_what_a_new_photo_changes_anyway():
    order = [check.code for check in CHECKS]

    assert order.index("not_colour") < min(
        order.index(code) for code in ("head_covered", "head_turned", "ears_covered")
    )


def test_a_furrow_and_a_hanging_mouth_are_a_frown(large_sitter: Sitter):
    sad = with_hanging_corners(large_sitter.subject(), 0.02)
    frowning = with_hanging_corners(large_sitter.painted(furrowed(large_sitter)), 0.02)

    assert large_sitter.value(EXPRESSION, sad) < EXPRESSION.limit
    assert large_sitter.value(EXPRESSION, frowning) > EXPRESSION.limit


def test_a_furrow_alone_is_a_face_that_has_one(large_sitter: Sitter):
    """Some wear it all their lives: their mouths are at rest."""
    furrow = with_hanging_corners(large_sitter.painted(furrowed(large_sitter)), -0.03)

    assert large_sitter.value(EXPRESSION, furrow) < EXPRESSION.limit


def test_a_cheek_that_is_narrower_than_what_is_measured_on_it_stops_nobody(large_sitter: Sitter):
    """A head turned far aside shows a sliver of the far cheek."""
    mesh = large_sitter.located.mesh
    points = mesh.points.copy()
    points[:, 0] = points[:, 0].mean() + (points[:, 0] - points[:, 0].mean()) * 0.05
    turned = large_sitter.subject(replace(large_sitter.located, mesh=replace(mesh, points=points)))

    assert large_sitter.reading(OVER_SMOOTHED, turned) is None


def test_a_turned_head_is_asked_for_no_plain_face(sitter: Sitter):
    turned = sitter.subject(replace(sitter.located, pose=replace(sitter.located.pose, yaw=25.0)))

    assert sitter.reading(EXPRESSION, turned) is None
