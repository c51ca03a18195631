"""A finished photo is a plain JPEG whose bytes are inside the window, by its quality and not by padding."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import textured
from PIL import Image, JpegImagePlugin

from photo_service.codec import jpeg
from photo_service.contract import SpecUnattainable
from photo_service.photo import Composed
from photo_service.spec import Spec, Window
from photo_service.stages.encode import _jpeg, encode

SAMPLINGS = ("4:4:4", "4:2:0")


def composed(width: int = 180, height: int = 240, **texture: float) -> Composed:
    return Composed(textured(width, height, **texture))


def windowed(spec: Spec, low: int, high: int, floor: int = 75) -> Spec:
    return replace(spec, window=Window(low, high), quality_floor=floor)


@pytest.fixture
def spec(catalogue) -> Spec:
    return catalogue["hunan-pretco"]


def sampling(data: bytes) -> bytes:
    """Read the luminance sampling factors: 0x11 is full colour, 0x22 half."""
    frame = next(s for s in jpeg.read_head(data).segments if s.marker == 0xC0)
    return frame.body[7:8]


def quantisation(data: bytes) -> list[int]:
    """Read both quantisation tables, one after the other."""
    with Image.open(io.BytesIO(data)) as photo:
        assert isinstance(photo, JpegImagePlugin.JpegImageFile)
        return [*photo.quantization[0], *photo.quantization[1]]


class TestTheFile:
    def test_it_is_a_baseline_jpeg_with_the_density_in_its_jfif_header(self, spec: Spec):
        """72 dpi is what the notice names and where its upload page looks."""
        encoded = encode(composed(), spec)

        head = jpeg.read_head(encoded.data)
        assert head.frame_marker == 0xC0
        assert head.dpi == 72
        assert (head.width, head.height, head.components) == (180, 240, 3)

    def test_it_carries_nothing_but_the_picture(self, spec: Spec):
        """No EXIF, no place, no profile, no comment leaves the house."""
        head = jpeg.read_head(encode(composed(), spec).data)

        others = [s.marker for s in head.segments if s.marker >= 0xE0]
        assert others == [jpeg.APP0]

    def test_the_same_picture_gives_the_same_bytes(self, spec: Spec):
        """A report's sha256 can be checked again next year."""
        assert encode(composed(), spec).data == encode(composed(), spec).data

    def test_white_stays_exactly_white(self, spec: Spec):
        """The background is not nearly white after compression."""
        with Image.open(io.BytesIO(encode(composed(), spec).data)) as photo:
            corner = np.asarray(photo)[:4, :4]

        assert (corner == 255).all()

    def test_a_small_photo_keeps_full_colour_resolution(self, spec: Spec):
        """At 180 x 240 half colour would tint the outline of the hair."""
        assert sampling(encode(composed(), spec).data) == b"\x11"

    def test_a_large_photo_has_half_colour_resolution(self, catalogue):
        """At 960 x 1280 nobody sees it, and the file is a quarter smaller."""
        assert sampling(encode(composed(960, 1280), catalogue["cqwu-xuegong"]).data) == b"\x22"


class TestTheWindow:
    def test_the_best_usual_quality_is_kept_where_it_fits(self, spec: Spec):
        """There is no reason to compress more than the spec asks for: at 99 a small photo's face is as it was."""
        assert encode(composed(), spec).quality == 99

    def test_quality_falls_until_the_file_is_small_enough(self, spec: Spec):
        """One more step of quality would be too large."""
        tight = windowed(spec, 1, 12_000)

        encoded = encode(composed(), tight)

        assert 75 <= encoded.quality < 98
        assert len(encoded.data) < 12_000
        assert len(resaved(encoded.data, composed(), encoded.quality + 1)) >= 12_000

    def test_quality_rises_above_the_usual_to_reach_the_lower_end(self, spec: Spec):
        """A file must not be too small either, and it is never padded."""
        usual = len(encode(composed(), spec).data)

        encoded = encode(composed(), windowed(spec, usual + 1, 100_000))

        assert encoded.quality > 99
        assert usual < len(encoded.data) < 100_000
        assert encoded.data.endswith(b"\xff\xd9")

    def test_bytes_go_to_light_before_they_go_to_colour(self, spec: Spec):
        """Where the best in full colour is too large, half colour lets the face keep more of its detail."""
        picture = composed(grain=4)
        full = len(resaved(b"", picture, 98))

        encoded = encode(picture, windowed(spec, 1, full))

        assert sampling(encoded.data) == b"\x22"
        assert encoded.quality >= 98

    def test_colour_resolution_is_given_up_before_the_photo_is(self, spec: Spec):
        """Where not even the floor fits in full colour, half colour may."""
        grainy = composed(grain=40)
        full = len(resaved(b"", grainy, 75))

        encoded = encode(grainy, windowed(spec, 1, full))

        assert sampling(encoded.data) == b"\x22"

    def test_a_photo_too_large_at_the_floor_is_unattainable(self, spec: Spec):
        """The operator learns which spec and how near it came."""
        with pytest.raises(SpecUnattainable) as refused:
            encode(composed(), windowed(spec, 1, 3_000))

        facts = refused.value.facts
        assert (facts["spec"], facts["bytes_min"], facts["bytes_max"]) == ("hunan-pretco", 1, 2_999)
        assert facts["nearest"] >= 3_000

    def test_a_photo_too_small_at_the_best_is_unattainable(self, spec: Spec):
        """180 x 240 pixels hold no 200,000 bytes, and nothing is added to pretend."""
        with pytest.raises(SpecUnattainable) as refused:
            encode(composed(), windowed(spec, 200_000, 300_000))

        assert refused.value.facts["nearest"] < 200_000

    @pytest.mark.parametrize("low", [14_000, 16_750, 19_500, 23_000])
    def test_a_window_narrower_than_a_step_of_quality_is_met(self, spec: Spec, low: int):
        """One school asks for 29 to 30 KB, which is 304 bytes wide; from one quality to the next it is a thousand."""
        narrow = windowed(spec, low, low + 304)

        encoded = encode(composed(grain=6), narrow)

        assert low <= len(encoded.data) < low + 304
        assert encoded.data == encode(composed(grain=6), narrow).data
        head = jpeg.read_head(encoded.data)
        assert [segment.marker for segment in head.segments if segment.marker >= 0xE0] == [jpeg.APP0]
        assert encoded.data.endswith(b"\xff\xd9")

    def test_between_two_qualities_the_floor_holds(self, spec: Spec):
        """The quantisation tables of the file are nowhere coarser than those of the quality that is told."""
        encoded = encode(composed(grain=6), windowed(spec, 16_750, 17_054))

        whole = resaved(b"", composed(), encoded.quality)
        for mine, theirs in zip(quantisation(encoded.data), quantisation(whole), strict=True):
            assert mine <= theirs
        assert encoded.quality >= 75

    @pytest.mark.parametrize("quality", [94, 95, 100])
    def test_pure_noise_is_encoded_too(self, quality: int):
        """Pillow's own buffer for optimised files is too small for it."""
        noise = np.random.default_rng(1).integers(0, 256, (400, 400, 3), np.uint8)

        assert _jpeg(Image.fromarray(noise), "4:4:4", quality, 300).endswith(b"\xff\xd9")

    @settings(max_examples=60, deadline=None)
    @given(
        low=st.integers(1, 60_000),
        width=st.integers(100, 60_000),
        grain=st.sampled_from([0.0, 5.0, 25.0, 60.0]),
        seed=st.integers(0, 5),
        floor=st.integers(40, 90),
    )
    def test_any_window_is_met_or_refused(self, catalogue, low: int, width: int, grain: float, seed: int, floor: int):
        """`low <= bytes < high` and `quality >= floor`, or an error; and an error only when no quality fits."""
        spec = windowed(catalogue["hunan-pretco"], low, low + width, floor)
        picture = composed(grain=grain, seed=seed)
        try:
            encoded = encode(picture, spec)
        except SpecUnattainable:
            write = [_jpeg(Image.fromarray(picture.picture), s, q, 72) for q in range(floor, 101) for s in SAMPLINGS]
            assert not any(low <= len(data) < low + width for data in write)
            return

        assert low <= len(encoded.data) < low + width
        assert floor <= encoded.quality <= 100


def resaved(data: bytes, picture: Composed, quality: int, subsampling: str | None = None) -> bytes:
    """Encode with Pillow directly, in the colour resolution of `data` unless another is named."""
    wanted = subsampling or ("4:2:0" if data and sampling(data) == b"\x22" else "4:4:4")
    file = io.BytesIO()
    image = Image.fromarray(picture.picture)
    image.save(file, "JPEG", quality=quality, subsampling=wanted, optimize=True, dpi=(72, 72))
    return file.getvalue()
