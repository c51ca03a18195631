"""What we write ourselves is a JPEG like any other: Pillow reads exactly the frequencies that were put in."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import textured
from numpy.typing import NDArray
from PIL import Image
from scipy import fft

from photo_service.codec import jpeg
from photo_service.codec.baseline import Coded, size_of, write
from photo_service.codec.blocks import ZIGZAG, blocks_of, blocks_within

ONES = (1,) * 64


def decoded(data: bytes) -> NDArray[np.int16]:
    """Let Pillow decode to brightness and colours, before they become red, green and blue."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("YCbCr", picture.size)
        return np.asarray(picture, np.int16)


def light_of(units: NDArray[np.int16], columns: int) -> NDArray[np.float64]:
    """Put the brightness of units of one block each together again, with a transform that is not ours."""
    blocks = np.zeros((len(units), 64))
    blocks[:, list(ZIGZAG)] = units[:, 0]
    pixels = fft.idctn(blocks.reshape(-1, 8, 8), axes=(1, 2), norm="ortho") + 128
    rows = len(units) // columns
    return pixels.reshape(rows, columns, 8, 8).transpose(0, 2, 1, 3).reshape(rows * 8, columns * 8)


def coded(units: NDArray[np.int16], width: int, height: int, table: tuple[int, ...] = ONES) -> Coded:
    return Coded(width, height, 300, table, table, units)


class TestTheFile:
    def test_its_headers_are_those_of_any_baseline_jpeg(self):
        """Density in the JFIF header, one scan, and nothing beside the picture."""
        picture = textured(61, 83)
        data = write(coded(np.rint(blocks_of(picture, halved=True)).astype(np.int16), 61, 83))

        head = jpeg.read_head(data)
        assert (head.frame_marker, head.dpi, head.width, head.height, head.components) == (0xC0, 300, 61, 83, 3)
        assert [segment.marker for segment in head.segments if segment.marker >= 0xE0] == [jpeg.APP0]
        assert data.count(b"\xff\xda") == 1
        assert data.endswith(b"\xff\xd9")

    @pytest.mark.parametrize("halved", [True, False])
    @pytest.mark.parametrize(("width", "height"), [(64, 96), (61, 83), (8, 8), (1, 1), (17, 9)])
    def test_the_finest_is_the_picture(self, width: int, height: int, halved: bool):
        """At steps of one nothing is lost but what half colour takes, whatever the size."""
        grey = np.repeat(textured(width, height)[..., :1], 3, axis=2)
        data = write(coded(np.rint(blocks_of(grey, halved=halved)).astype(np.int16), width, height))

        with Image.open(io.BytesIO(data)) as picture:
            assert picture.size == (width, height)
            assert np.abs(np.asarray(picture, np.int16) - grey).max() <= 3

    def test_a_file_is_as_small_as_pillows_own(self):
        """The same tables, the same picture: no bytes are wasted."""
        picture = textured(320, 240, grain=6)
        theirs = io.BytesIO()
        Image.fromarray(picture).save(theirs, "JPEG", qtables=[[9] * 64] * 2, subsampling="4:2:0", optimize=True)

        units = np.rint(blocks_of(picture, halved=True) / 9).astype(np.int16)
        ours = write(coded(units, 320, 240, (9,) * 64))

        assert 0.95 * len(theirs.getvalue()) < len(ours) <= len(theirs.getvalue())

    @pytest.mark.parametrize("step", [1, 2, 5, 20])
    def test_its_size_is_known_beforehand(self, step: int):
        """Within half a per cent: what a search for the right fineness goes by."""
        units = np.rint(blocks_of(textured(400, 300), halved=True) / step).astype(np.int16)
        made = coded(units, 400, 300, (step,) * 64)

        assert size_of(made) == pytest.approx(len(write(made)), rel=0.005)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.sampled_from([0.0, 0.01, 0.1, 0.9]), most=st.sampled_from([1, 3, 90]))
def test_any_frequencies_come_back(seed: int, share: float, most: int):
    """Long runs of zeros, blocks that end with their last frequency, blocks that are empty: nothing shifts."""
    random = np.random.default_rng(seed)
    units = random.integers(-most, most + 1, (6, 3, 64)).astype(np.int16)
    units[random.random(units.shape) >= share] = 0
    units[::2, :, 63] = random.choice([-1, 1])
    units[:, 0] //= 8  # or the pixels would leave their range, where decoders cut them off

    seen = decoded(write(coded(units, 24, 16)))[..., 0]

    due = np.clip(light_of(units, columns=3), 0, 255)
    assert np.abs(seen - due).max() <= 1


def test_white_is_exactly_white_and_a_flat_colour_stays_flat():
    """The background of a finished photo is one colour, whatever the step."""
    white = np.full((16, 16, 3), 255, np.uint8)
    for step in range(1, 14):
        units = np.rint(blocks_of(white, halved=True) / step).astype(np.int16)
        with Image.open(io.BytesIO(write(coded(units, 16, 16, (step,) * 64)))) as picture:
            assert (np.asarray(picture) == 255).all(), step


def test_a_block_is_within_a_mask_where_half_of_it_is():
    """Blocks of colour go with the brightness of their unit."""
    mask = np.zeros((16, 32), bool)
    mask[:8, :4] = True
    mask[8:, 8:11] = True

    assert blocks_within(mask, halved=True).tolist() == [[True, False, False, False, True, True], [False] * 6]
    assert blocks_within(mask, halved=False)[0].tolist() == [True] * 3
