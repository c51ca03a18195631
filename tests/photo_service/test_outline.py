"""The outline follows the picture where it shows one, and the network where it does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photo_service.closed_form import settle
from photo_service.colour_lines import lay
from photo_service.outline import refine

HAIR, WALL = (40, 30, 25), (60, 110, 210)


def scene(person: tuple[int, int, int] = HAIR, wall: tuple[int, int, int] = WALL) -> tuple[np.ndarray, np.ndarray]:
    """A head whose outline has teeth, three pixels wide: what is true of it, and what a camera sees of it."""
    ys, xs = np.indices((120, 90))
    radius = 30 + 3 * np.sign(np.sin(np.arctan2(ys - 60, xs - 45) * 24))
    alpha = np.clip(radius - np.hypot(xs - 45, ys - 60) + 0.5, 0, 1).astype(np.float32)
    grain = np.random.default_rng(2).normal(0, 1.5, (120, 90, 3))
    seen = np.array(person) * alpha[..., None] + np.array(wall) * (1 - alpha[..., None]) + grain
    return alpha, np.clip(np.rint(seen), 0, 255).astype(np.uint8)


def line(picture: np.ndarray, slopes: tuple[float, ...]) -> np.ndarray:
    """A linear function of the colours, half where they are grey."""
    return 0.5 + (picture / 255 - 0.5) @ np.array(slopes)


def as_the_network_sees_it(alpha: np.ndarray) -> np.ndarray:
    """Soft, and without the teeth."""
    small = Image.fromarray(alpha).reduce(5)
    return np.asarray(small.resize((90, 120), Image.Resampling.BICUBIC)).clip(0, 1)


def test_single_locks_are_found_again():
    """The network saw a smooth head; the picture has locks and gaps of three pixels."""
    alpha, picture = scene()
    raw = as_the_network_sees_it(alpha)

    refined = refine(raw, picture, softness=2.0)

    edge = (np.abs(raw - 0.5) < 0.49) & (np.indices(alpha.shape)[0] > 0)
    assert np.abs(refined - alpha)[edge].mean() < 0.35 * np.abs(raw - alpha)[edge].mean()


def test_black_hair_before_a_black_wall_keeps_a_clean_edge():
    """Where the picture shows nothing the mask stands, and no fog lies between the two."""
    alpha, picture = scene((12, 12, 12), (14, 14, 14))
    raw = as_the_network_sees_it(alpha)

    refined = refine(raw, picture, softness=2.0)

    assert ((refined > 0.1) & (refined < 0.9)).mean() < ((raw > 0.1) & (raw < 0.9)).mean()
    assert ((refined > 0.5) == (raw > 0.5)).mean() > 0.97


def test_dark_hair_before_a_dark_wall_has_no_steps():
    """A slanting edge of which the picture shows nothing: the photo's alpha rises as smoothly as the mask does."""
    ys, xs = np.indices((120, 90))
    slant = np.clip((xs + 0.6 * ys - 80) / 8 + 0.5, 0, 1).astype(np.float32)
    coarse = np.asarray(Image.fromarray(slant).reduce(3).resize((90, 120), Image.Resampling.NEAREST))
    picture = np.random.default_rng(7).integers(11, 14, (120, 90, 3)).astype(np.uint8)

    refined = refine(coarse, picture, softness=3.0)

    crossing = np.argmax(refined[10:90] > 0.5, axis=1)
    along = crossing + 0.6 * np.arange(10, 90)
    assert np.abs(along - along.mean()).max() < 1.6


@settings(max_examples=25, deadline=None)
@given(value=st.sampled_from([0.0, 0.5, 1.0]), colour=st.integers(0, 255), softness=st.floats(0.3, 9.0))
def test_a_picture_of_one_colour_gives_no_nonsense(value: float, colour: int, softness: float):
    """No division by nothing, and the mask's own word."""
    refined = refine(np.full((40, 30), value, np.float32), np.full((40, 30, 3), colour, np.uint8), softness=softness)

    assert np.isfinite(refined).all()
    assert np.allclose(refined, value, atol=0.02)


def test_the_same_outline_comes_out_twice():
    """Byte for byte: the photo's sha256 is promised."""
    alpha, picture = scene()
    raw = as_the_network_sees_it(alpha)

    assert (refine(raw, picture, softness=2.0) == refine(raw, picture, softness=2.0)).all()


@pytest.mark.parametrize("steps", [0, 1, 30])
def test_only_what_is_free_moves(steps: int):
    """What is decided stays decided, however long the solver works."""
    alpha, picture = scene()
    free = np.zeros(alpha.shape, bool)
    free[40:80, 10:30] = True
    start = (alpha > 0.5).astype(np.float32)
    windows = lay(picture, free)

    settled = settle(
        windows,
        start.ravel(),
        np.flatnonzero(free),
        prior=start.ravel(),
        hold=np.full(windows.variance.shape, 0.01, np.float32),
        steps=steps,
    ).reshape(start.shape)

    assert (settled[~free] == start[~free]).all()
    assert settled.min() >= 0
    assert settled.max() <= 1


@settings(max_examples=40, deadline=None)
@given(height=st.integers(1, 40), width=st.integers(1, 40), softness=st.floats(0.3, 9.0), seed=st.integers(0, 99))
def test_no_picture_is_too_small_or_too_odd(height: int, width: int, softness: float, seed: int):
    """Sides that no half divides, sides smaller than a window: shares between nothing and all come out."""
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256, (height, width, 3)).astype(np.uint8)

    refined = refine(random.random((height, width)).astype(np.float32), picture, softness=softness)

    assert refined.shape == (height, width)
    assert np.isfinite(refined).all()
    assert refined.min() >= 0
    assert refined.max() <= 1


@settings(max_examples=40, deadline=None)
@given(height=st.integers(5, 30), width=st.integers(5, 30), slopes=st.tuples(*[st.floats(-0.5, 0.5)] * 3))
def test_what_the_colours_explain_is_found_at_twice_the_size(height: int, width: int, slopes: tuple[float, ...]):
    """Shares that are one linear function of the colours in the small picture are the same function in the large."""
    large = np.random.default_rng(5).integers(60, 190, (height * 2, width * 2, 3)).astype(np.uint8)
    small = np.asarray(Image.fromarray(large).reduce(2))
    windows = lay(small, np.ones((height, width), bool))

    pixels = np.arange(large.shape[0] * large.shape[1])
    said, heard = windows.lines(line(small, slopes).astype(np.float32).ravel()).at(large, pixels)

    assert heard.mean() > 0.5
    assert np.allclose(said[heard], np.clip(line(large, slopes), 0, 1).ravel()[heard], atol=0.02)
