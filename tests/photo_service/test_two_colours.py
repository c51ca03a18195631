"""Colours nearby speak for or against the mask, and are silent where person and wall look alike."""

import numpy as np

from photo_service.outline import refine
from photo_service.photo import Framed
from photo_service.stages.compose import share_of
from photo_service.two_colours import gather, weigh

HAIR, WALL = (40, 30, 25), (60, 110, 210)


def disc(radius: float, ramp: float = 1.0) -> np.ndarray:
    """A head of so many pixels: 1 inside, 0 outside, so many pixels of ramp between."""
    ys, xs = np.indices((160, 120))
    return np.clip((radius - np.hypot(xs - 60, ys - 80)) / ramp + 0.5, 0, 1).astype(np.float32)


def speckled(alpha: np.ndarray, *, hair: float, wall: float) -> np.ndarray:
    """Salt-and-pepper hair before a wall as pale as its salt: both grey, as bright as given, with as wide a spread."""
    random = np.random.default_rng(5)
    head, room = random.normal(hair, 45, alpha.shape), random.normal(wall, 45, alpha.shape)
    grey = head * alpha + room * (1 - alpha)
    return np.repeat(np.clip(np.rint(grey), 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def test_short_grey_hair_before_a_pale_window_stays_whole():
    """The network saw the head; colours that are as much hair as window do not punch holes in it."""
    alpha = disc(45.0)
    soft = disc(45.0, ramp=12.0)
    picture = speckled(alpha, hair=120, wall=160)

    told = share_of(Framed(picture, soft, softness=2.0))
    untold = refine(soft, picture, softness=2.0)

    inside = disc(42.0) == 1
    assert (1 - told)[inside].mean() < 0.7 * (1 - untold)[inside].mean()


def test_a_wall_of_another_colour_is_believed_against_the_mask():
    """A mask drawn four pixels too wide loses what is plainly wall, and nothing that is plainly hair."""
    alpha, wide = disc(40.0), disc(44.0)
    picture = np.rint(np.array(HAIR) * alpha[..., None] + np.array(WALL) * (1 - alpha[..., None])).astype(np.uint8)
    clouds = gather(picture, wide)
    assert clouds is not None

    weighed = weigh(clouds, picture, wide, np.ones(alpha.shape, bool))

    assert np.abs(weighed - alpha).mean() < 0.7 * np.abs(wide - alpha).mean()
    assert weighed[disc(38.0) == 1].min() > 0.9


def test_colours_that_say_nothing_leave_the_mask_alone():
    """One colour everywhere: the mask stands to a hundredth."""
    mask = disc(40.0)
    picture = np.full((*mask.shape, 3), 90, np.uint8)
    clouds = gather(picture, mask)
    assert clouds is not None

    weighed = weigh(clouds, picture, mask, np.ones(mask.shape, bool))

    sure = (mask == 0) | (mask == 1)
    assert np.abs(weighed - mask)[sure].max() < 0.01


def test_outside_the_band_the_mask_is_not_touched():
    """Only what is undecided is asked about."""
    mask = disc(40.0)
    picture = speckled(mask, hair=60, wall=200)
    clouds = gather(picture, mask)
    assert clouds is not None

    assert np.array_equal(weigh(clouds, picture, mask, np.zeros(mask.shape, bool)), mask)


def test_a_picture_smaller_than_a_cell_has_no_clouds():
    """A stamp of seven pixels is refined without them."""
    assert gather(np.zeros((7, 9, 3), np.uint8), np.ones((7, 9), np.float32)) is None
