"""A finished photo is a plain JPEG whose bytes are inside the window, by its quality and not by padding."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import textured
from PIL import Image, ImageDraw, JpegImagePlugin

from benchmarks.fidelity import ssim
from photo_service.codec import jpeg
from photo_service.contract import SpecUnattainable
from photo_service.face_first import Portrait, fitted
from photo_service.photo import Composed
from photo_service.spec import Spec, Window
from photo_service.stages.encode import _jpeg, encode

SAMPLINGS = ("4:4:4", "4:2:0")


def composed(width: int = 180, height: int = 240, **texture: float) -> Composed:
    return Composed(textured(width, height, **texture))


def sitting(width: int = 180, height: int = 240, **texture: float) -> Composed:
    """The same, and where the face is in it: in the middle, half as wide and as high as the picture."""
    turns = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    oval = np.stack([width / 2 + width / 4 * np.cos(turns), height / 2 + height / 4 * np.sin(turns)], axis=1)
    return replace(composed(width, height, **texture), face=oval.astype(np.float32))


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


class TestTheFaceComesFirst:
    """Where the window is too narrow for everything, and somebody has said where the face is."""

    def off(self, data: bytes, picture: Composed) -> tuple[float, float]:
        """Measure the mean square that the file is off by: in the middle of the face, and below it."""
        with Image.open(io.BytesIO(data)) as photo:
            square = (
                np.asarray(photo.convert("L"), float) - np.asarray(Image.fromarray(picture.picture).convert("L"))
            ) ** 2
        return float(square[90:150, 70:110].mean()), float(square[190:].mean())

    def test_where_bytes_suffice_it_changes_nothing(self, spec: Spec):
        """The usual file is the usual file, byte by byte."""
        for high in (100_000, len(encode(composed(grain=6), spec).data) + 1):
            roomy = windowed(spec, 1, high)

            assert encode(sitting(grain=6), roomy) == encode(composed(grain=6), roomy)

    def test_the_face_keeps_more_of_itself_in_the_same_bytes(self, spec: Spec):
        """What is around it pays for that, and not below quality 65."""
        tight = windowed(spec, 1, 9_000, floor=60)

        alike, first = encode(composed(grain=6), tight), encode(sitting(grain=6), tight)

        assert len(first.data) < 9_000
        assert self.off(first.data, sitting(grain=6))[0] < 0.7 * self.off(alike.data, composed(grain=6))[0]
        floor = resaved(b"", composed(grain=6), 65, "4:2:0")
        assert self.off(first.data, sitting(grain=6))[1] <= self.off(floor, composed(grain=6))[1]
        assert first.quality >= 65

    def test_the_face_keeps_its_promise_where_rounding_cannot(self, spec: Spec):
        """Fewer bytes than the face and quality 65 around it take: every number is weighed, and 0.99 are kept."""
        picture = sitting(grain=6)
        tight = windowed(spec, 1, 6_500, floor=60)

        encoded = encode(picture, tight)

        inner = Image.new("1", (180, 240))
        ImageDraw.Draw(inner).ellipse((50, 67, 130, 173), fill=1)
        grey = np.asarray(Image.fromarray(picture.picture).convert("L"))
        with Image.open(io.BytesIO(encoded.data)) as photo:
            assert ssim(grey, np.asarray(photo.convert("L")), np.asarray(inner)) >= 0.99
        portrait = Portrait.of(picture.picture, np.asarray(inner), dpi=72, halved=True)
        rounded = fitted(portrait, 6_500, least=65)
        assert rounded is None or rounded[1].step > portrait.enough()
        assert len(encoded.data) < 6_500
        assert encoded.quality >= 60

    def test_a_face_too_small_for_a_pixel_is_nobodys(self, spec: Spec):
        """Then one quality does for everything."""
        nowhere = replace(composed(grain=6), face=np.full((36, 2), -50.0, np.float32))
        tight = windowed(spec, 1, 6_500, floor=60)

        assert encode(nowhere, tight) == encode(composed(grain=6), tight)

    @pytest.mark.parametrize("floor", [65, 75, 88])
    def test_the_specs_floor_holds_everywhere(self, spec: Spec, floor: int):
        """No step of the file is coarser than at the quality that is told, and that is the floor's or better."""
        encoded = encode(sitting(grain=6), windowed(spec, 1, 11_000, floor))

        whole = resaved(b"", composed(), encoded.quality)
        assert encoded.quality >= floor
        assert all(mine <= due for mine, due in zip(quantisation(encoded.data), quantisation(whole), strict=True))

    def test_it_is_a_plain_baseline_jpeg_all_the_same(self, spec: Spec):
        """Programs of twenty years ago open it: nothing progressive, nothing beside the picture, white still white."""
        tight = windowed(spec, 1, 9_000, floor=60)
        encoded = encode(sitting(grain=6), tight)

        head = jpeg.read_head(encoded.data)
        assert (head.frame_marker, head.dpi, head.width, head.height) == (0xC0, 72, 180, 240)
        assert [s.marker for s in head.segments if s.marker >= 0xE0] == [jpeg.APP0]
        assert encoded.data == encode(sitting(grain=6), tight).data
        with Image.open(io.BytesIO(encoded.data)) as photo:
            assert (np.asarray(photo)[:4, :4] == 255).all()

    def test_full_colour_stays_where_there_is_almost_room_for_everything(self, spec: Spec):
        """Calm skin, which needs the finest steps, and a window just short of the usual file."""
        calm = sitting(grain=1)
        usual = encode(calm, spec).data

        encoded = encode(calm, windowed(spec, 1, int(0.8 * len(usual))))

        assert sampling(encoded.data) == b"\x11"
        assert encoded.quality >= 95

    def test_a_large_photo_keeps_half_colour(self, catalogue):
        """As in every other window."""
        tight = windowed(catalogue["cqwu-xuegong"], 50_000, 150_000)

        encoded = encode(sitting(960, 1280, grain=6), tight)

        assert sampling(encoded.data) == b"\x22"
        assert 50_000 <= len(encoded.data) < 150_000

    @pytest.mark.parametrize("low", [7_000, 9_500, 12_000])
    def test_a_window_too_narrow_for_it_is_met_without(self, spec: Spec, low: int):
        """Sooner one quality for everything than no photo."""
        encoded = encode(sitting(grain=6), windowed(spec, low, low + 60, floor=60))

        assert low <= len(encoded.data) < low + 60

    @settings(max_examples=40, deadline=None)
    @given(
        low=st.integers(1, 40_000),
        width=st.integers(100, 40_000),
        grain=st.sampled_from([0.0, 2.0, 8.0, 40.0]),
        floor=st.integers(40, 90),
    )
    def test_any_window_is_met_that_is_met_without(self, catalogue, low: int, width: int, grain: float, floor: int):
        """Knowing where the face is never costs a photo, the window or the floor."""
        spec = windowed(catalogue["hunan-pretco"], low, low + width, floor)
        try:
            encode(composed(grain=grain), spec)
        except SpecUnattainable:
            return

        encoded = encode(sitting(grain=grain), spec)

        assert low <= len(encoded.data) < low + width
        assert floor <= encoded.quality <= 100


def resaved(data: bytes, picture: Composed, quality: int, subsampling: str | None = None) -> bytes:
    """Encode with Pillow directly, in the colour resolution of `data` unless another is named."""
    wanted = subsampling or ("4:2:0" if data and sampling(data) == b"\x22" else "4:4:4")
    file = io.BytesIO()
    image = Image.fromarray(picture.picture)
    image.save(file, "JPEG", quality=quality, subsampling=wanted, optimize=True, dpi=(72, 72))
    return file.getvalue()
