"""The hand network is asked in three views, in six where that leaves it unsure, and believed as far as they agree."""

import math

import numpy as np
import pytest
from PIL import Image

from photo_service.models.hand_finder import BlazePalmFinder
from photo_service.models.ports import Rgb
from photo_service.pipeline import Studio


class Looks:
    """A network that gives the next of some logits at every look, and keeps what it was shown."""

    def __init__(self, *logits: float) -> None:
        self.logits, self.shown = list(logits), []

    def run(self, pixels: np.ndarray) -> list[np.ndarray]:
        self.shown.append(pixels)
        scores = np.full((1, 2016, 1), -20.0, np.float32)
        scores[0, 7, 0] = self.logits[len(self.shown) - 1]
        return [np.zeros((1, 2016, 18), np.float32), scores]


GREY = np.full((200, 160, 3), 128, np.uint8)


def _ask(network: Looks, picture: Rgb = GREY) -> float:
    finder = BlazePalmFinder(network)  # type: ignore[arg-type]
    return finder.sureness(Image.fromarray(picture), eyes=(80.0, 70.0), eyes_to_chin=40.0)


@pytest.mark.parametrize("place", range(6))
def test_every_view_counts_alike(place: int):
    """Six looks where the first three leave doubt: each counts for a sixth."""
    logits = [2.0 if place > 2 and look < 3 else 0.7 for look in range(6)]
    sure = [20.0 if look == place else logit for look, logit in enumerate(logits)]
    expected = sum(1 / (1 + math.exp(-logit)) for logit in sure) / 6

    assert _ask(Looks(*sure)) == pytest.approx(expected, abs=1e-3)


def test_one_sure_view_alone_is_no_hand():
    assert _ask(Looks(20.0, -20.0, -20.0)) < 0.5


def test_three_looks_that_find_little_spare_the_other_three():
    network = Looks(0.0, -3.0, 0.0)

    assert _ask(network) < 0.4
    assert len(network.shown) == 3


def test_what_three_looks_took_for_a_hand_three_more_may_not():
    """A beard or a lapel is a palm in some views and none in their mirror images."""
    assert _ask(Looks(2.0, 2.0, 2.0, -2.0, -2.0, -2.0)) < 0.55


def test_the_third_view_is_the_mirror_image():
    """A hand seen only one way round is more likely an ear ring."""
    network = Looks(*[20.0] * 6)
    lit_on_one_side = GREY.copy()
    lit_on_one_side[:, 80:] = 250
    _ask(network, lit_on_one_side)

    assert network.shown[1][0][96, 150, 0] > network.shown[1][0][96, 40, 0]
    assert network.shown[2][0][96, 150, 0] < network.shown[2][0][96, 40, 0]


def test_a_view_that_shows_nothing_spares_the_others():
    network = Looks(-4.0)

    assert _ask(network) < 0.05
    assert len(network.shown) == 1


def test_what_lies_outside_the_picture_is_black_and_never_an_error():
    network = Looks(*[3.0] * 6)
    _ask(network)
    wide = network.shown[0][0]

    assert wide.shape == (192, 192, 3)
    assert wide.dtype == np.float32
    assert wide[:, 0].max() == 0
    assert wide[96, 96].max() == pytest.approx(128 / 255, abs=0.01)
    assert _ask(Looks(*[3.0] * 6), GREY[:1, :1]) <= 1


def test_a_portrait_without_hands_has_none(studio: Studio, astronaut: Rgb):
    hands = studio.networks.hands

    assert hands.sureness(Image.fromarray(astronaut), eyes=(224.0, 115.0), eyes_to_chin=60.0) < 0.6


def test_a_smaller_copy_of_the_picture_gives_the_same_view():
    """Hands are looked for in an overview: what its network sees must not depend on whether there is one."""
    seen = []
    for step in (1, 4):
        network = Looks(-4.0)
        picture = Image.fromarray(np.random.default_rng(2).integers(0, 256, (150, 120, 3), dtype=np.uint8))
        picture = picture.resize((1200, 1500), Image.Resampling.BICUBIC)
        BlazePalmFinder(network).sureness(  # type: ignore[arg-type]
            picture.reduce(step), eyes=(601.0 / step, 607.0 / step), eyes_to_chin=263.0 / step
        )
        seen.append(network.shown[0])

    assert np.abs(seen[0] - seen[1]).mean() < 0.01
