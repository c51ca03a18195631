"""What the encoder measures of a face is what the benchmark measures; what it foretells comes true."""

import numpy as np
import pytest
from made_pictures import textured
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.fidelity import ssim
from photo_service.codec.blocks import blocks_of, brightness_in, brightness_of
from photo_service.likeness import Likeness, what_counts

WIDTH, HEIGHT = 150, 190


def oval() -> NDArray[np.bool_]:
    mask = Image.new("1", (WIDTH, HEIGHT))
    ImageDraw.Draw(mask).ellipse((30, 40, 119, 149), fill=1)
    return np.asarray(mask)


def spoilt(picture: NDArray[np.uint8], *, by: float, seed: int = 4) -> NDArray[np.uint8]:
    noise = np.random.default_rng(seed).normal(0, by, picture.shape[:2])[..., None]
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("by", [0.0, 1.0, 4.0, 20.0])
@pytest.mark.parametrize("grain", [1.0, 6.0])
def test_it_measures_what_the_benchmark_measures(by: float, grain: float):
    """Another library, and the same number."""
    picture = textured(WIDTH, HEIGHT, grain=grain)
    made = spoilt(picture, by=by)
    grey, other = (np.asarray(Image.fromarray(one).convert("L")) for one in (picture, made))

    lost = Likeness.of(brightness_of(picture), oval()).lost(brightness_of(made))

    assert lost == pytest.approx(1 - ssim(grey, other, oval()), abs=2e-4)


def test_what_is_outside_the_face_does_not_matter():
    """A new wall is no fault of the face."""
    picture = textured(WIDTH, HEIGHT, grain=4)
    made = np.where(oval()[..., None], picture, 255 - picture)

    assert Likeness.of(brightness_of(picture), oval()).lost(brightness_of(made)) == pytest.approx(0, abs=1e-6)


def test_a_face_at_the_pictures_edge_is_measured_too():
    """Its windows end there."""
    picture = textured(64, 48, grain=4)

    kept = Likeness.of(brightness_of(picture), np.ones((48, 64), bool))

    assert kept.lost(brightness_of(picture)) == pytest.approx(0, abs=1e-6)
    assert kept.lost(brightness_of(spoilt(picture, by=5))) > 0.05


@pytest.mark.parametrize("grain", [1.0, 6.0, 20.0])
@pytest.mark.parametrize("frequency", [0, 1, 5, 20, 63])
def test_what_an_error_counts_comes_true(grain: float, frequency: int):
    """One frequency of every block off by as much: the similarity falls by what was foretold, to a third."""
    picture = textured(WIDTH, HEIGHT, grain=grain)
    light, blocks = brightness_of(picture), blocks_of(picture, halved=True)
    signs = np.random.default_rng(2).choice([-1.0, 1.0], blocks[:, :-2, frequency].shape)
    blocks[:, :-2, frequency] += 8 * signs

    foretold = 64 * float(what_counts(light, oval().astype(np.float32), unit=16)[..., frequency].sum()) / oval().sum()

    lost = Likeness.of(light, oval()).lost(brightness_in(blocks, width=WIDTH, height=HEIGHT))
    assert lost == pytest.approx(foretold, rel=0.35, abs=0.002)


@pytest.mark.parametrize("halved", [True, False])
def test_brightness_is_put_together_as_it_was(halved: bool):
    """Whatever the picture's size."""
    picture = textured(61, 83)

    again = brightness_in(blocks_of(picture, halved=halved), width=61, height=83)

    assert np.abs(again - brightness_of(picture)).max() < 0.01
