"""Colours nearby speak for or against the mask, and are silent where person and wall look alike."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photo_service.outline import grown, refine
from photo_service.photo import Framed
from photo_service.stages.compose import share_of
from photo_service.two_colours import Clouds, Within, gather, weigh

HAIR, WALL = (40, 30, 25), (60, 110, 210)
SKIN, WHITE, GREEN = (225, 180, 155), (225, 228, 232), (90, 130, 60)


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


def portrait(wall: tuple[int, int, int], shirt: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """A face, dark hair around it and a shirt before a wall; and where the person is."""
    ys, xs = np.indices((192, 192))
    hair = np.hypot(xs - 96, ys - 80) < 40
    body = (np.abs(xs - 96) < 70) & (ys > 130)
    picture = np.broadcast_to(np.array(wall), (192, 192, 3)).astype(np.float32)
    for where, colour in ((body, shirt), (hair, HAIR), (np.hypot(xs - 96, (ys - 92) * 0.8) < 22, SKIN)):
        picture[where] = colour
    grain = np.random.default_rng(4).normal(0, 3, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8), hair | body


def as_matted(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """What becomes of the network's mask: the colours deep in the hair are asked (see stages.matte)."""
    within = Within((~grown(mask <= 0.9, 5)).astype(np.float32), np.array(SKIN, np.float32))
    return refine(mask, picture, softness=1.0, steps=(6, 4), clouds=gather(picture, mask, within))


def as_the_network_sees_it(person: np.ndarray) -> np.ndarray:
    """Four pixels wide where the edge is sharp."""
    small = Image.fromarray(person.astype(np.float32)).reduce(4)
    return np.asarray(small.resize((person.shape[1], person.shape[0]), Image.Resampling.BILINEAR))


def test_a_bright_thing_behind_dark_hair_goes_although_the_shirt_is_as_bright():
    """The network took a rim of a white car along, above the hair; that she wears white says nothing of it there."""
    picture, person = portrait(GREEN, shirt=WHITE)
    ys, xs = np.indices(person.shape)
    car = (np.abs(xs - 96) < 40) & (ys > 26) & (ys < 60) & ~person
    picture[car] = WHITE
    rim = car & (ys > 34) & (np.abs(xs - 96) < 24)
    mask = np.where(rim, 0.85, person).astype(np.float32)

    refined = as_matted(picture, mask)

    assert refined[rim].mean() < 0.25
    assert refine(mask, picture, softness=1.0, steps=(6, 4))[rim].mean() > 0.5
    assert refined[person].mean() > 0.98


def test_a_white_shirt_before_a_white_wall_stays():
    """Its colour is the wall's, and the network saw it: the mask's word stands."""
    picture, person = portrait(WHITE, shirt=WHITE)

    refined = as_matted(picture, person.astype(np.float32))

    shirt = person & (np.indices(person.shape)[0] > 130)
    assert refined[shirt].mean() > 0.97
    assert refined[~person].mean() < 0.02


def test_a_dark_bar_hardly_grows_out_of_dark_hair():
    """What the network is sure is room stays room, though it is as dark as the hair that it touches."""
    picture, person = portrait(WHITE, shirt=HAIR)
    ys, xs = np.indices(person.shape)
    picture[(np.abs(ys - 70) < 4) & (xs > 96) & ~person] = HAIR

    refined = as_matted(picture, as_the_network_sees_it(person))

    assert refined[(np.abs(ys - 70) < 3) & (xs > 136) & (xs < 141)].mean() < 0.36
    assert refined[(np.abs(ys - 70) < 3) & (xs > 140)].max() < 0.1


def test_short_hair_over_skin_is_not_measured_by_the_skin():
    """Six pixels of grey hair before a pale wall: deep within lies skin, which cannot say what the hair looks like."""
    ys, xs = np.indices((192, 192))
    head, skin = np.hypot(xs - 96, ys - 96) < 50, np.hypot(xs - 96, ys - 96) < 44
    drawn = np.where(head[..., None], np.where(skin[..., None], SKIN, (150, 150, 150)), (190, 195, 205))
    picture = np.clip(drawn + np.random.default_rng(4).normal(0, 6, drawn.shape), 0, 255).astype(np.uint8)

    assert as_matted(picture, as_the_network_sees_it(head))[head & ~skin].mean() > 0.95


@settings(max_examples=25, deadline=None)
@given(rows=st.integers(8, 60), columns=st.integers(8, 60), seed=st.integers(0, 99), deep=st.booleans())
def test_clouds_of_any_picture_are_numbers(rows: int, columns: int, seed: int, deep: bool):
    """Whatever lies in the picture, nothing deep within included: no division by nothing, and the same twice."""
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256, (rows, columns, 3)).astype(np.uint8)
    mask = random.random((rows, columns)).astype(np.float32)
    within = Within((mask > 0.5).astype(np.float32) * deep, np.array(SKIN, np.float32))

    first, again = gather(picture, mask, within), gather(picture, mask, within)

    assert first is not None
    assert again is not None
    assert np.isfinite(first.odds).all()
    assert np.isfinite(first.apart).all()
    assert np.array_equal(first.odds, again.odds)


def test_short_grey_hair_before_a_pale_window_stays_whole():
    """The network saw the head; colours that are as much hair as window do not punch holes in it."""
    alpha = disc(45.0)
    soft = disc(45.0, ramp=12.0)
    picture = speckled(alpha, hair=120, wall=160)

    told = share_of(Framed(picture, soft, softness=2.0))
    untold = refine(soft, picture, softness=2.0)

    inside = disc(42.0) == 1
    assert (1 - told)[inside].mean() < 0.7 * (1 - untold)[inside].mean()


def test_two_clouds_that_are_one_say_nothing():
    """Black hair before a black room: chance decides which cloud a colour lies deeper in, cell by cell."""
    soft = disc(45.0, ramp=30.0)
    random = np.random.default_rng(6)
    night = np.clip(random.normal(10, 2.5, (*soft.shape, 3)), 0, 255).astype(np.uint8)
    day = np.where((soft > 0.5)[..., None], night, random.normal(200, 2.5, night.shape)).astype(np.uint8)
    alike, apart = gather(night, soft), gather(day, soft)
    assert alike is not None
    assert apart is not None

    all_of_it = np.ones(soft.shape, bool)
    assert np.abs(weigh(alike, night, soft, all_of_it) - weigh(_silent(alike), night, soft, all_of_it)).max() < 0.03
    assert np.abs(weigh(apart, day, soft, all_of_it) - weigh(_silent(apart), day, soft, all_of_it)).max() > 0.3


def _silent(clouds: Clouds) -> Clouds:
    return replace(clouds, odds=np.zeros_like(clouds.odds))


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
