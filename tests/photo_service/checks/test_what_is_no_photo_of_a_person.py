"""A screen, a printed page, a print on a table and a drawing are told from a person; a person is not called one."""

import numpy as np
import pytest
from made_subjects import Sitter, filled

from benchmarks.calibrate import recapture
from benchmarks.portraits import astronaut
from photo_service.checks.not_a_photo import NOT_A_PHOTO
from photo_service.checks.not_colour import NOT_COLOUR
from photo_service.checks.uneven_light import UNEVEN_LIGHT
from photo_service.checks.unnatural_colour import UNNATURAL_COLOUR
from photo_service.landmarks import FACE_OVAL
from photo_service.models.ports import Rgb
from photo_service.pipeline import Studio


@pytest.fixture(scope="module")
def large_sitter(studio: Studio) -> Sitter:
    return Sitter.found_by(studio.networks, astronaut().crop((90, 0, 360, 360)).resize((540, 720)))


def test_she_herself_is_a_person(large_sitter: Sitter):
    assert large_sitter.value(NOT_A_PHOTO) < 0.8


@pytest.mark.parametrize("pixels", [1.3, 2.2, 3.5])
def test_the_pixels_of_a_screen_show_on_her_face(large_sitter: Sitter, pixels: float):
    """Too fine for the camera they come back as moiré, else as a grid."""
    seen = large_sitter.painted(lambda picture: recapture.off_a_screen(picture, large_sitter.located, pixels))

    assert large_sitter.value(NOT_A_PHOTO, seen) > NOT_A_PHOTO.limit


@pytest.mark.parametrize("period", [3.0, 7.0])
def test_the_dots_of_a_printed_page_show_on_her_face(large_sitter: Sitter, period: float):
    seen = large_sitter.painted(lambda picture: recapture.off_a_page(picture, large_sitter.located, period))

    assert large_sitter.value(NOT_A_PHOTO, seen) > NOT_A_PHOTO.limit


def test_stripes_on_her_clothes_are_no_screen(large_sitter: Sitter):
    """Only the face is looked at for a grid."""
    face = large_sitter.polygon(FACE_OVAL, grow=1.3)

    def striped(picture: Rgb) -> Rgb:
        stripes = (np.indices(picture.shape[:2])[1] // 2 % 2 * 60)[..., None]
        return np.where(face[..., None], picture, np.clip(picture + stripes, 0, 255)).astype(np.uint8)

    assert large_sitter.value(NOT_A_PHOTO, large_sitter.painted(striped)) < NOT_A_PHOTO.limit


@pytest.mark.parametrize("degrees", [0.0, 12.0])
def test_the_edges_of_a_print_around_her_are_seen(studio: Studio, large_sitter: Sitter, degrees: float):
    from PIL import Image

    laid = recapture.print_on_a_table(large_sitter.located.upright.picture, large_sitter.located, degrees)
    found = Sitter.found_by(studio.networks, Image.fromarray(laid))

    assert found.value(NOT_A_PHOTO) > NOT_A_PHOTO.limit


def test_a_drawing_of_few_colours_is_doubted_and_not_refused(large_sitter: Sitter):
    """A photo may have been saved with a palette."""
    drawn = large_sitter.painted(lambda picture: recapture.cartoon(picture, large_sitter.located, 6))

    assert NOT_A_PHOTO.doubt is not None
    assert NOT_A_PHOTO.doubt < large_sitter.value(NOT_A_PHOTO, drawn)


def test_yellow_light_on_the_forehead_alone_is_uneven(large_sitter: Sitter):
    """Both cheeks are lit alike: the cheeks alone would not tell."""
    forehead = large_sitter.polygon((67, 109, 10, 338, 297, 336, 285, 8, 55, 107), grow=1.2)

    def yellow(picture: Rgb) -> Rgb:
        picture[forehead] = (picture[forehead] * (0.9, 0.7, 0.08)).astype(np.uint8)
        return picture

    reading = large_sitter.reading(UNEVEN_LIGHT, large_sitter.painted(yellow))
    assert reading is not None
    assert reading.value < UNEVEN_LIGHT.limit
    assert "side" not in reading.facts


def test_strong_blue_light_is_called_coloured_and_not_grey(large_sitter: Sitter):
    """Blue light leaves no red in the skin; lips stay redder than it, which a blue print's do not."""
    blue = large_sitter.painted(lambda picture: (picture * (0.4, 0.6, 1.0)).astype(np.uint8))
    printed = large_sitter.painted(
        lambda picture: (picture.mean(axis=2, keepdims=True) * (0.45, 0.7, 1.0)).astype(np.uint8)
    )

    assert large_sitter.value(NOT_COLOUR, blue) > NOT_COLOUR.limit
    assert large_sitter.value(UNNATURAL_COLOUR, blue) > UNNATURAL_COLOUR.limit
    assert large_sitter.value(NOT_COLOUR, printed) < NOT_COLOUR.limit
    assert large_sitter.reading(UNNATURAL_COLOUR, printed) is None


def test_a_white_wall_is_no_sheet_of_paper(large_sitter: Sitter):
    wall = large_sitter.matted.alpha < 0.05
    seen = large_sitter.painted(filled(wall, (245, 245, 245)) if wall.shape == (720, 540) else lambda picture: picture)

    assert large_sitter.value(NOT_A_PHOTO, seen) < NOT_A_PHOTO.limit
