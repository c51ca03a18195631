"""The background is exactly the colour that was asked for, and the person keeps their own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from photo_service.foreground import estimate_foreground
from photo_service.photo import Framed
from photo_service.spec import Background
from photo_service.stages.compose import compose

WHITE = Background((255, 255, 255), ((255, 255, 255),), replacement_allowed=True)


def disc(side: int = 96, soft: float = 6.0) -> np.ndarray:
    """A soft-edged disc: 1 inside, 0 outside."""
    ys, xs = np.indices((side, side))
    distance = np.hypot(xs - side / 2, ys - side / 2)
    return np.clip((side / 3 - distance) / soft + 0.5, 0, 1).astype(np.float32)


def on_wall(person: tuple[int, int, int], wall: tuple[int, int, int], alpha: np.ndarray) -> np.ndarray:
    """What a camera sees of a person of one colour before a wall of another."""
    mixed = np.array(person) * alpha[..., None] + np.array(wall) * (1 - alpha[..., None])
    return np.rint(mixed).astype(np.uint8)


def test_a_blue_wall_leaves_no_blue_fringe_on_white():
    """A plain blend keeps half of the wall's blue along the edge; the estimated colours lose nearly all of it."""
    alpha = disc()
    picture = on_wall((120, 70, 50), (30, 60, 230), alpha)
    truth = on_wall((120, 70, 50), (255, 255, 255), alpha).astype(float)
    edge = (alpha > 0.1) & (alpha < 0.9)

    made = compose(Framed(picture, alpha), WHITE).picture.astype(float)
    plain = picture * alpha[..., None] + 255 * (1 - alpha[..., None])

    assert np.abs(made - truth)[edge].mean() < 0.25 * np.abs(plain - truth)[edge].mean()


@settings(deadline=None)  # on a busy machine one call may take long
@given(colour=st.tuples(*[st.integers(0, 255)] * 3))
def test_outside_the_person_every_pixel_is_exactly_the_colour(colour):
    """Not nearly white: white."""
    alpha = disc(32)
    picture = on_wall((200, 150, 120), (10, 120, 40), alpha)

    made = compose(Framed(picture, alpha), Background(colour, (colour,), replacement_allowed=True)).picture

    assert (made[alpha == 0] == colour).all()


def test_inside_the_person_nothing_changes():
    """Away from the outline every pixel is the student's own, untouched."""
    random = np.random.default_rng(7)
    alpha = disc()
    picture = random.integers(0, 256, (96, 96, 3)).astype(np.uint8)
    inside = ndimage.binary_erosion(alpha == 1, iterations=6)

    made = compose(Framed(picture, alpha), WHITE).picture

    assert inside.sum() > 1000
    assert (made[inside] == picture[inside]).all()


def test_a_picture_behind_the_person_shows_where_the_person_is_not():
    """A gradient is painted pixel by pixel; the person stands before it as before one colour."""
    alpha = disc()
    picture, behind = on_wall((120, 70, 50), (30, 60, 230), alpha), np.zeros((96, 96, 3), np.uint8)
    behind[..., 1] = np.arange(96)[:, None]

    made = compose(Framed(picture, alpha), WHITE, behind=behind).picture

    assert (made[alpha == 0] == behind[alpha == 0]).all()
    assert (made[40:56, 40:56] == picture[40:56, 40:56]).all()


def test_where_the_background_stays_the_picture_stays():
    """No colour asked for, no pixel touched."""
    picture = np.full((8, 8, 3), 77, np.uint8)

    made = compose(Framed(picture, np.zeros((8, 8), np.float32)), Background(None, (), replacement_allowed=False))

    assert (made.picture == picture).all()


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_matte_of_one_kind_only_gives_no_nonsense(value):
    """All person or no person: no division by nothing, no colour out of range."""
    picture = np.full((40, 30, 3), 100, np.uint8)

    own = estimate_foreground(picture, np.full((40, 30), value, np.float32))

    assert np.isfinite(own).all()
    assert own.min() >= 0
    assert own.max() <= 255
