"""What is drawn over a selfie is what was measured, and what the spec would have taken where no crop can be made."""

import io

import numpy as np
import pytest
from PIL import Image

from benchmarks.portraits import astronaut
from photo_service.drawing.overlay import close_view_of, draw_over, view_of
from photo_service.drawing.scene import Scene, measured_rules, scene_of
from photo_service.pipeline import Studio


def portrait() -> Image.Image:
    return astronaut().crop((90, 0, 360, 360))


def seen(studio: Studio, picture: Image.Image, spec: str) -> Scene:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=95)
    return scene_of(studio.judge(file.getvalue(), spec=spec), studio.catalogue[spec])


@pytest.fixture(scope="module")
def made(studio: Studio) -> Scene:
    return seen(studio, portrait().rotate(-6, Image.Resampling.BICUBIC), "one-inch")


@pytest.fixture(scope="module")
def cut_off(studio: Studio) -> Scene:
    return seen(studio, portrait().crop((0, 62, 270, 360)), "hunan-pretco")


def test_the_crop_that_is_made_is_the_one_that_is_drawn(studio: Studio, made: Scene):
    """Its corners are the photo's corners, and every rule of the spec is met in it."""
    rules = measured_rules(made.head, studio.catalogue["one-inch"], made.crop.plan)

    assert made.crop.misses == ()
    assert all(rule.met for rule in rules)
    assert {rule.rule.measure for rule in rules} == {"crown", "head_height", "eye_line", "centre"}
    for corner, expected in zip(made.crop.corners, ((0, 0), (295, 0), (295, 413), (0, 413)), strict=True):
        assert made.crop.plan.to_photo(corner) == pytest.approx(expected, abs=1e-6)


def test_where_no_crop_can_be_made_the_wanted_one_is_drawn(studio: Studio, cut_off: Scene):
    """It reaches beyond the picture, and what is missing is named."""
    rules = measured_rules(cut_off.head, studio.catalogue["hunan-pretco"], cut_off.crop.plan)

    assert cut_off.crop.misses
    assert min(y for _, y in cut_off.crop.corners) < 0
    assert all(rule.met for rule in rules)


def test_too_few_pixels_are_told_apart_from_too_little_picture(studio: Studio):
    """A small face far from every edge lacks pixels and nothing else."""
    far = Image.new("RGB", (700, 700), (150, 150, 150))
    far.paste(portrait().resize((150, 200)), (280, 300))

    crop = seen(studio, far, "hunan-pretco").crop

    assert [miss.rule for miss in crop.misses] == ["pixels"]


def test_the_lines_stand_where_the_head_is(made: Scene):
    """From above: crown, eyes, chin; the face's width runs from cheek to cheek."""
    lines = {mark.name: mark.line for mark in made.marks}
    anatomy = made.matted.located.anatomy
    heights = [sum(y for _, y in lines[name]) / 2 for name in ("crown", "eye_line", "chin")]
    (x0, y0), (x1, y1) = lines["face_width"]

    assert heights == sorted(heights)
    assert np.hypot(x1 - x0, y1 - y0) == pytest.approx(anatomy.face_width, rel=0.05)
    assert all(mark.band for mark in made.marks if mark.name != "face_width")


def test_the_whole_picture_and_what_it_lacks_are_in_view(cut_off: Scene):
    """Up to a fifth beyond its edges."""
    view = view_of(cut_off, most_width=400, most_height=400)

    left, top = view.place((0, 0))
    right, bottom = view.place(cut_off.picture.shape[1::-1])
    assert 0 <= left <= right <= view.width + 1
    assert 0 < top <= bottom <= view.height + 1
    assert max(view.width, view.height) == 400


def test_a_close_view_shows_all_of_the_crop(made: Scene):
    """With a little around it."""
    view = close_view_of(made.crop, width=300, height=200)

    for corner in made.crop.corners:
        x, y = view.place(corner)
        assert 0 < x < 300
        assert 0 < y < 200


def test_inside_the_crop_the_selfie_is_not_darkened_and_outside_it_is(made: Scene):
    """One sees at once what becomes the photo."""
    view = view_of(made, most_width=540, most_height=720)
    drawn = np.asarray(draw_over(made, view).convert("L"), np.float64)
    plain = np.asarray(
        draw_over(Scene(made.picture, ()), view_of(Scene(made.picture, ()), most_width=540, most_height=720)).convert(
            "L"
        ),
        np.float64,
    )
    x, y = (round(value) for value in view.place(made.matted.located.anatomy.eyes))

    assert drawn.shape == (view.height, view.width)
    assert drawn[y + 30 : y + 60, x - 10 : x + 10].mean() > 60
    assert drawn[-15:, :15].mean() < max(60.0, 0.6 * plain[-15:, :15].mean())
