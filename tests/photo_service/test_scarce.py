"""Where bytes are scarce the face keeps what was promised of it, and what is around it pays as long as it can."""

import io
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import textured
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.fidelity import ssim
from photo_service.codec import jpeg
from photo_service.codec.baseline import write
from photo_service.codec.tables import CHROMINANCE, LUMINANCE, scale_of, scaled
from photo_service.face_first import Portrait, fitted
from photo_service.scarce import Scarce, Share

WIDTH, HEIGHT = 176, 240


def oval(drawn_in: float = 1.0) -> NDArray[np.bool_]:
    """A face in the middle of the picture."""
    mask, across, down = Image.new("1", (WIDTH, HEIGHT)), drawn_in * WIDTH / 4, drawn_in * HEIGHT / 4
    box = WIDTH / 2 - across, HEIGHT / 2 - down, WIDTH / 2 + across, HEIGHT / 2 + down
    ImageDraw.Draw(mask).ellipse(box, fill=1)
    return np.asarray(mask)


@cache
def picture(grain: float) -> NDArray[np.uint8]:
    return textured(WIDTH, HEIGHT, grain=grain)


@cache
def portrait(grain: float) -> Portrait:
    return Portrait.of(picture(grain), oval(), dpi=300, halved=True)


@cache
def scarce(grain: float = 4.0, least: int = 60) -> Scarce:
    return Scarce.of(portrait(grain), picture(grain), oval(0.9), least=least)


def written(grain: float, high: int, least: int = 60) -> tuple[bytes, int]:
    found = scarce(grain, least).fitted(high)
    assert found is not None
    return found


def decoded(data: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data)) as photo:
        return np.asarray(photo.convert("RGB"))


def grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(pixels).convert("L"))


def face_of(data: bytes, grain: float) -> float:
    return ssim(grey(picture(grain)), grey(decoded(data)), oval(0.9))


class TestTheFace:
    @pytest.mark.parametrize("grain", [1.5, 4.0, 8.0])
    def test_it_loses_what_it_may_and_no_more(self, grain: float):
        """At the share 1: measured, not foretold. The benchmark asks for 0.99."""
        made = scarce(grain)

        kept = face_of(write(made.at(Share(1.0, 1 / 4), made.codes)), grain)

        assert 0.990 <= kept < 0.9925

    @pytest.mark.parametrize("grain", [2.0, 4.0])
    def test_it_keeps_its_promise_in_bytes_in_which_no_rounding_does(self, grain: float):
        """Fewer than the face and quality 65 around it would take, and than any one quality that keeps the face."""
        rounded = next(
            high
            for high in range(4_000, 12_000, 250)
            if (found := fitted(portrait(grain), high, least=65)) and found[1].step <= portrait(grain).enough()
        )

        data, _ = written(grain, int(0.8 * rounded))

        assert len(data) < 0.8 * rounded
        assert face_of(data, grain) >= 0.99
        for quality in range(60, 100):
            file = io.BytesIO()
            Image.fromarray(picture(grain)).save(file, "JPEG", quality=quality, subsampling="4:2:0", optimize=True)
            assert file.tell() > len(data) or face_of(file.getvalue(), grain) < 0.99

    def test_its_colours_are_those_of_quality_77(self):
        """Whatever is left out: they are rounded to the nearest step."""
        made = scarce()
        coded = made.at(Share(1.0, 1 / 16), made.codes)

        face = portrait(4.0).face[:, -2:]
        off = np.abs(coded.units[:, -2:] * np.array(coded.chrominance) - portrait(4.0).blocks[:, -2:])[face]
        assert (off <= np.array(coded.chrominance) / 2 + 1e-3).all()
        assert max(coded.chrominance) <= max(scaled(CHROMINANCE, scale_of(77)))

    def test_less_room_costs_what_is_around_it_first(self):
        """Hair and clothes pay, then the face does, from half of what it may lose to all of it, and then more."""
        files = [written(4.0, high)[0] for high in (7_000, 5_000, 4_000, 3_000)]

        kept = [face_of(file, 4.0) for file in files]
        off = [float(((decoded(file) - picture(4.0).astype(float))[~oval()] ** 2).mean()) for file in files]
        assert kept == sorted(kept, reverse=True)
        assert off == sorted(off)
        assert kept[1] > 0.994
        assert kept[-1] < 0.99


class TestTheFile:
    @settings(max_examples=12, deadline=None)
    @given(high=st.integers(1_500, 12_000), grain=st.sampled_from([0.0, 1.5, 8.0]), least=st.sampled_from([40, 60, 85]))
    def test_it_fits_and_the_floor_holds(self, high: int, grain: float, least: int):
        """Fewer bytes than asked, and tables nowhere coarser than those of the quality that is told."""
        found = scarce(grain, least).fitted(high)
        if found is None:
            return

        data, quality = found
        assert len(data) < high
        assert quality >= least
        with Image.open(io.BytesIO(data)) as photo:
            tables = photo.quantization
            assert photo.size == (WIDTH, HEIGHT)
        for mine, standard in zip(tables.values(), (LUMINANCE, CHROMINANCE), strict=True):
            assert all(step <= due for step, due in zip(mine, scaled(standard, scale_of(quality)), strict=True))

    def test_it_is_a_plain_baseline_jpeg_all_the_same(self):
        """One scan, one density, nothing beside the picture; and the wall is white."""
        data, _ = written(4.0, 5_000)

        head = jpeg.read_head(data)
        assert (head.frame_marker, head.dpi, head.width, head.height) == (0xC0, 300, WIDTH, HEIGHT)
        assert [segment.marker for segment in head.segments if segment.marker >= 0xE0] == [jpeg.APP0]
        assert data.count(b"\xff\xda") == 1
        assert (decoded(data)[:8, :8] == 255).all()

    def test_no_room_is_wasted(self):
        """Two per cent at most stay unused where the file could be finer."""
        for high in (3_500, 5_000, 7_000, 12_000):
            assert 0.98 * high < len(written(4.0, high)[0]) < high

    def test_no_file_is_small_enough_for_no_room(self):
        """Then nobody is promised anything."""
        assert scarce().fitted(1_200) is None

    def test_the_same_picture_gives_the_same_bytes(self):
        """Also here, from the first step on."""
        again = Scarce.of(portrait(4.0), picture(4.0), oval(0.9), least=60)

        assert again.fitted(5_000) == scarce().fitted(5_000)


@settings(max_examples=10, deadline=None)
@given(coarse=st.floats(0.5, 3.0), around=st.floats(1 / 16, 3.0))
def test_weighing_never_makes_a_larger_file(coarse: float, around: float):
    """Than rounding at the same tables."""
    made = scarce()
    coded = made.at(Share(coarse, around), made.codes)
    steps = np.array([coded.luminance] * 4 + [coded.chrominance] * 2, np.float32)
    rounded = coded._replace(units=np.rint(portrait(4.0).blocks / steps).astype(np.int16))

    assert len(write(coded)) <= len(write(rounded))
