"""A student may ask for another background where the spec takes it, and gets exactly that one."""

import io
import re
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import textured
from PIL import Image

from photo_service.backdrop import (
    BLUE,
    RED,
    WHITE,
    Backdrop,
    BackgroundRefused,
    Shape,
    backdrop_of,
    hex_of,
    paint,
    plain,
)
from photo_service.catalogue.file import read_spec
from photo_service.compliance import NotCompliant, inspect
from photo_service.photo import Composed
from photo_service.spec import Background
from photo_service.specs import SpecFileError, load_catalogue
from photo_service.stages.encode import encode
from photo_service.stages.verify import verify

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)
SHAPES = st.sampled_from([Shape.VERTICAL, Shape.RADIAL])
ONE_INCH = load_catalogue()["one-inch"]
STRICT = replace(ONE_INCH, background=Background(WHITE, (WHITE, (0x64, 0xC5, 0xFF)), replacement_allowed=True))


def refused(spec, wish: str) -> BackgroundRefused:
    with pytest.raises(BackgroundRefused) as error:
        backdrop_of(spec, wish)
    return error.value


class TestAsking:
    @pytest.mark.parametrize(
        ("wish", "colour"),
        [("white", WHITE), ("白", WHITE), ("蓝", BLUE), ("蓝色", BLUE), ("Blue", BLUE), ("red", RED), ("红", RED)],
    )
    def test_the_usual_colours_have_names(self, wish: str, colour):
        """In Chinese and in English."""
        assert backdrop_of(ONE_INCH, wish) == plain(colour)

    def test_a_name_means_the_specs_own_shade(self):
        """The blue of one examination is not the blue of another; white is white everywhere."""
        assert backdrop_of(STRICT, "蓝") == plain((0x64, 0xC5, 0xFF))
        assert backdrop_of(STRICT, "white") == plain(WHITE)

    def test_without_a_wish_the_spec_decides(self, catalogue):
        """Its first colour, or the original background."""
        assert backdrop_of(ONE_INCH) == plain(WHITE)
        assert backdrop_of(catalogue["cqwu-xuegong"]) is None

    def test_a_gradient_is_blue_to_white_unless_said_otherwise(self):
        """Vertical from top to bottom, radial from the middle to the corners."""
        assert backdrop_of(ONE_INCH, "gradient") == Backdrop(Shape.VERTICAL, BLUE, WHITE)
        assert backdrop_of(ONE_INCH, "渐变") == Backdrop(Shape.VERTICAL, BLUE, WHITE)
        assert backdrop_of(ONE_INCH, "#112233..white") == Backdrop(Shape.VERTICAL, (0x11, 0x22, 0x33), WHITE)
        assert backdrop_of(ONE_INCH, "radial:白,#438edb") == Backdrop(Shape.RADIAL, WHITE, BLUE)

    @pytest.mark.parametrize("wish", ["", "pink", "#12345", "#12..", "radial:#112233", "..", "white..pink", "#GGGGGG"])
    def test_what_is_no_background_is_refused(self, wish: str):
        """With what may be asked for instead."""
        assert "#RRGGBB" in refused(ONE_INCH, wish).facts["choices"]

    def test_a_school_that_names_its_colours_takes_no_other(self, catalogue):
        """Nor a gradient between two that it takes."""
        assert refused(catalogue["hunan-pretco"], "#438EDB").facts["choices"] == ["#FFFFFF"]
        assert refused(STRICT, "gradient").facts["choices"] == ["#FFFFFF", "#64C5FF"]

    def test_where_the_background_must_stay_none_is_taken(self, catalogue):
        """A photo that must not be edited is not edited on request either."""
        assert refused(catalogue["cqwu-xuegong"], "white").facts["choices"] == []

    @given(shape=SHAPES, first=COLOURS, last=COLOURS)
    def test_what_is_written_can_be_asked_for(self, shape: Shape, first, last):
        """The report's word for a background gives that background again."""
        for backdrop in (Backdrop(shape, first, last), plain(first)):
            assert backdrop_of(ONE_INCH, str(backdrop)) == backdrop

    @given(wish=st.text(max_size=24))
    def test_any_text_is_a_background_or_refused(self, wish: str):
        """Never an exception of another kind."""
        with suppress(BackgroundRefused):
            assert backdrop_of(ONE_INCH, wish)


class TestSpecFiles:
    """The permission for any colour stands in the spec's own file."""

    text = (files("photo_service") / "specs" / "one-inch.toml").read_text(encoding="utf-8")

    def test_it_is_given_by_one_line(self):
        """And by none it is not."""
        without = re.sub(r"^any_colour.*$", "", self.text, flags=re.MULTILINE)

        assert read_spec(self.text, file="one-inch.toml").background.any_colour
        assert not read_spec(without, file="one-inch.toml").background.any_colour

    def test_it_cannot_stand_where_the_background_must_stay(self):
        """The two contradict each other."""
        text = self.text.replace("replacement_allowed = true", "replacement_allowed = false")

        with pytest.raises(SpecFileError, match="any_colour"):
            read_spec(text, file="one-inch.toml")

    def test_only_conventions_have_it(self):
        """No school and no authority leaves the colour open."""
        open_ones = [spec.id for spec in load_catalogue().values() if spec.background.any_colour]

        assert {"one-inch", "two-inch"} <= set(open_ones)
        assert "hunan-pretco" not in open_ones


class TestPainting:
    @settings(deadline=None)  # the machine may be busy
    @given(shape=SHAPES, first=COLOURS, last=COLOURS, width=st.integers(2, 60), height=st.integers(2, 60))
    def test_colours_run_from_the_first_to_the_last(self, shape: Shape, first, last, width: int, height: int):
        """Both ends are exact, nothing lies outside them, and both upper corners are alike."""
        painted = paint(Backdrop(shape, first, last), width=width, height=height)

        low, high = np.minimum(first, last), np.maximum(first, last)
        assert painted.shape == (height, width, 3)
        assert ((painted >= low) & (painted <= high)).all()
        assert (painted[0, 0] == painted[0, -1]).all()
        assert tuple(painted[-1, -1]) == last
        assert shape is Shape.RADIAL or tuple(painted[0, 0]) == first

    def test_a_radial_one_is_first_in_the_middle(self):
        """Behind the head, where it is seen least; behind the shoulders it is nearly the last."""
        painted = paint(Backdrop(Shape.RADIAL, WHITE, (0, 0, 0)), width=101, height=141)

        assert tuple(painted[70, 50]) == WHITE
        assert painted[70, 0, 0] < 160

    def test_one_colour_is_that_colour(self):
        """Everywhere."""
        assert (paint(plain(BLUE), width=7, height=5) == BLUE).all()


class TestReadingBack:
    @settings(deadline=None, max_examples=60)  # encodes a photo each time, and the machine may be busy
    @given(shape=SHAPES, first=COLOURS, last=COLOURS)
    def test_the_corners_of_the_file_show_what_was_painted(self, shape: Shape, first, last):
        """Whatever the colours, after JPEG: the report names them, and `check` finds nothing wrong."""
        backdrop = Backdrop(shape, first, last)
        encoded = encode(Composed(person_before(paint(backdrop, width=295, height=413))), ONE_INCH)

        assert verify(encoded, ONE_INCH, backdrop).background == str(backdrop)
        assert inspect(encoded.data, ONE_INCH) == []

    def test_another_colour_than_the_painted_one_is_a_fault(self):
        """Even one that the spec would take."""
        encoded = encode(Composed(person_before(paint(plain(BLUE), width=295, height=413))), ONE_INCH)

        with pytest.raises(NotCompliant):
            verify(encoded, ONE_INCH, plain(RED))

    def test_an_uneven_wall_is_no_background(self):
        """A convention without a colour still asks for an even one."""
        wall = textured(295, 413, grain=30)
        wall[:41] = textured(295, 41, seed=3, grain=30)[::-1]
        file = io.BytesIO()
        Image.fromarray(wall).save(file, "JPEG", quality=95, dpi=(300, 300))

        assert [fault.code for fault in inspect(file.getvalue(), ONE_INCH)] == ["wrong_background"]

    def test_an_even_grey_one_will_do_for_a_convention_only(self):
        """No authority names the colours of one-inch; the notice of a school does."""
        file = io.BytesIO()
        Image.fromarray(person_before(paint(plain((120, 130, 140)), width=295, height=413))).save(
            file, "JPEG", quality=95, dpi=(300, 300)
        )

        assert inspect(file.getvalue(), ONE_INCH) == []
        assert [fault.code for fault in inspect(file.getvalue(), STRICT)] == ["wrong_background"]


def person_before(painted: np.ndarray) -> np.ndarray:
    """Put some texture into the lower middle, where a person is."""
    height, width = painted.shape[:2]
    picture = painted.copy()
    picture[height // 4 :, width // 4 : -width // 4] = textured(width, height)[height // 4 :, width // 4 : -width // 4]
    return picture


def test_a_colour_is_written_as_it_is_asked_for():
    """Six digits, however dark."""
    assert hex_of((0, 1, 255)) == "#0001FF"


def test_nothing_else_of_a_photo_changes_with_its_background(studio, astronaut_jpeg):
    """The person is the same before white and before blue, pixel by pixel away from the edge."""
    photos = [studio.render(astronaut_jpeg, spec="one-inch", source="a", background=wish) for wish in ("white", "blue")]
    white, blue = (np.asarray(Image.open(io.BytesIO(made.photo)).convert("RGB"), np.int16) for made in photos)
    face = np.s_[150:230, 120:180]

    assert [made.report.output.background for made in photos] == ["#FFFFFF", "#438EDB"]
    assert np.abs(white[face] - blue[face]).max() <= 2
