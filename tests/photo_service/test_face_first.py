"""Where bytes are few the face gets more of them, and what is around it never less than was promised."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import textured
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.fidelity import ssim
from photo_service.codec.baseline import write
from photo_service.codec.blocks import ZIGZAG, blocks_of
from photo_service.codec.tables import CHROMINANCE, LUMINANCE, scale_of, scaled
from photo_service.face_first import Portrait, Share, fitted

WIDTH, HEIGHT = 176, 240


def oval(width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.bool_]:
    """A face in the middle of the picture."""
    mask = Image.new("1", (width, height))
    ImageDraw.Draw(mask).ellipse((width // 4, height // 4, 3 * width // 4, 3 * height // 4), fill=1)
    return np.asarray(mask)


def portrait(*, grain: float = 12, seed: int = 7, halved: bool = True) -> Portrait:
    return Portrait.of(textured(WIDTH, HEIGHT, grain=grain, seed=seed), oval(), dpi=300, halved=halved)


def standard(quality: int) -> NDArray[np.float64]:
    """The standard's own steps for a unit of half colour, four blocks of brightness and two of colour."""
    light, colour = (np.array(scaled(table, scale_of(quality))) for table in (LUMINANCE, CHROMINANCE))
    return np.array([light[list(ZIGZAG)]] * 4 + [colour[list(ZIGZAG)]] * 2, np.float64)


def rounded_back(made: Portrait, share: Share) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the frequencies as the file has them, and the steps."""
    coded = made.at(share)
    steps = np.array([coded.luminance] * 4 + [coded.chrominance] * 2, np.float64)
    return coded.units * steps, steps


SHARES = st.builds(Share, st.floats(1.0, 60.0), st.integers(60, 98))


@settings(max_examples=40, deadline=None)
@given(share=SHARES, grain=st.sampled_from([0.0, 4.0, 30.0]), seed=st.integers(0, 3))
def test_nothing_is_further_off_than_the_quality_that_is_told(share: Share, grain: float, seed: int):
    """No frequency of any block, face or not, is off by more than half a step of the standard's table."""
    made = portrait(grain=grain, seed=seed)

    written, steps = rounded_back(made, share)

    assert (steps <= standard(share.quality)).all()
    assert (np.abs(written - made.blocks) <= standard(share.quality) / 2 + 1e-3).all()


@settings(max_examples=40, deadline=None)
@given(share=SHARES, grain=st.sampled_from([0.0, 4.0, 30.0]))
def test_in_the_face_there_is_rounding_and_nothing_else(share: Share, grain: float):
    """Every frequency goes to the nearest step: nothing of a face is left out, nothing is smoothed."""
    made = portrait(grain=grain)

    written, steps = rounded_back(made, share)

    off = np.abs(written - made.blocks)[made.face]
    assert (off <= np.broadcast_to(steps, made.blocks.shape)[made.face] / 2 + 1e-3).all()
    assert (made.at(share).luminance <= np.full(64, int(share.step) + 1)).all()


def test_around_the_face_only_what_the_quality_would_not_show_is_left_out():
    """What a coarser table would keep is kept, as finely as in the face."""
    made, share = portrait(), Share(2.0, 70)

    written, steps = rounded_back(made, share)

    around = ~made.face
    shown = np.abs(made.blocks) >= standard(70) / 2
    shown[..., 0] = True
    near = np.abs(written - made.blocks) <= np.broadcast_to(steps, made.blocks.shape) / 2 + 1e-3
    assert near[around][shown[around]].all()
    assert (written[around][~shown[around]] == 0).all()


class TestTheSearch:
    def decoded(self, data: bytes) -> NDArray[np.uint8]:
        with Image.open(io.BytesIO(data)) as picture:
            return np.asarray(picture.convert("L"))

    @pytest.mark.parametrize("high", [14_000, 18_000, 26_000])
    def test_the_face_is_nearer_to_the_picture_than_at_one_quality_for_everything(self, high: int):
        """In the same bytes."""
        picture = textured(WIDTH, HEIGHT, grain=6)
        grey = np.asarray(Image.fromarray(picture).convert("L"))
        alike = {}
        for quality in range(50, 100):
            file = io.BytesIO()
            Image.fromarray(picture).save(file, "JPEG", quality=quality, subsampling="4:2:0", optimize=True)
            if file.tell() < high:
                alike["one quality"] = ssim(grey, self.decoded(file.getvalue()), oval())

        found = fitted(Portrait.of(picture, oval(), dpi=300, halved=True), high, least=65)

        assert found is not None
        assert len(found[0]) < high
        assert 1 - ssim(grey, self.decoded(found[0]), oval()) < 0.8 * (1 - alike["one quality"])

    def test_around_the_face_quality_falls_before_the_face_does(self):
        """A little less room costs clothes and hair; the face pays when they cannot any more."""
        made = portrait(grain=6)
        found = [fitted(made, high, least=85) for high in (20_000, 12_000, 7_000)]
        files, shares = zip(*(one for one in found if one is not None), strict=True)

        assert shares[0].quality > shares[1].quality > shares[2].quality == 85
        assert shares[1].step <= made.enough() < shares[2].step
        grey = np.asarray(Image.fromarray(textured(WIDTH, HEIGHT, grain=6)).convert("L"))
        kept = [ssim(grey, self.decoded(file), oval()) for file in files]
        assert kept[0] > kept[1] > 0.99 > kept[2]
        assert kept[0] - kept[1] < (kept[1] - kept[2]) / 4

    def test_no_file_is_small_enough_for_no_room(self):
        """Then the search says so, and nobody is promised anything."""
        assert fitted(portrait(), 2_000, least=65) is None

    def test_the_same_picture_gives_the_same_bytes(self):
        """Also here."""
        assert fitted(portrait(), 20_000, least=65) == fitted(portrait(), 20_000, least=65)


class TestWhatAFaceNeeds:
    def test_a_calm_face_needs_finer_steps_than_a_grainy_one(self):
        """On even skin every step shows; in grain it drowns."""
        assert portrait(grain=1).enough() < portrait(grain=10).enough()
        assert portrait(grain=1).kept_from() > portrait(grain=10).kept_from()

    @pytest.mark.parametrize("grain", [1.0, 3.0, 8.0])
    def test_what_is_foretold_of_the_similarity_comes_true(self, grain: float):
        """At the step that is enough, the face loses about the 0.0035 that it may."""
        picture = textured(WIDTH, HEIGHT, grain=grain)
        grey = np.asarray(Image.fromarray(picture).convert("L"))
        made = Portrait.of(picture, oval(), dpi=300, halved=True)

        enough = made.enough()

        assert enough >= 1
        lost = 1 - ssim(grey, TestTheSearch().decoded(write(made.at(Share(enough, 98)))), oval())
        assert 0.001 < lost < 0.0055

    def test_where_no_block_is_face_nothing_is_foretold(self):
        """A face so small that no block is half of it."""
        made = Portrait.of(textured(32, 32), np.zeros((32, 32), bool), dpi=300, halved=True)

        assert (made.enough(), made.kept_from()) == (1.0, 100)


def test_frequencies_are_the_pictures_own():
    """Their power is the picture's: the transform keeps it."""
    grey = np.repeat(textured(64, 64)[..., :1], 3, axis=2)

    blocks = blocks_of(grey, halved=False)

    assert float((blocks[:, 0] ** 2).sum()) == pytest.approx(float(((grey[..., 0] - 128.0) ** 2).sum()), rel=1e-4)
    assert np.abs(blocks[:, 1:]).max() < 0.01
