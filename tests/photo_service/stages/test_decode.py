"""Whatever a student uploads becomes an upright sRGB picture or a reason why not, and never takes the machine down."""

import io
import struct
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    exif,
    flat_png,
    jpeg,
    odd_files,
    pixel_bomb,
    png16,
    quartered,
    saved,
    textured,
)
from PIL import Image, ImageCms, ImageFile

from photo_service.contract import SelfieError, TooManyPixels, UnreadableImage, UnsupportedFormat, UploadTooLarge
from photo_service.photo import Upright
from photo_service.stages.decode import HTTP_LIMITS, Limits, decode


def upright(data: bytes, *, want_side: int = 1600, limits: Limits | None = None) -> Upright:
    return decode(data, limits=limits or Limits(), want_side=want_side)


def corners(decoded: Upright) -> list[tuple[int, ...]]:
    """Read the four corners, clockwise from the top left, a little inside."""
    p = decoded.picture
    return [tuple(int(v) for v in p[y, x]) for y, x in ((3, 3), (3, -4), (-4, -4), (-4, 3))]


def close(found: list[tuple[int, ...]], expected: list[tuple[int, ...]], *, within: int = 6) -> bool:
    return bool(np.abs(np.array(found, int) - np.array(expected, int)).max() <= within)


UPRIGHT = [RED, GREEN, BLUE, YELLOW]


class TestKinds:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP"])
    def test_the_usual_kinds_are_read(self, kind: str):
        """What a phone, a PC or a chat program saves is read with its colours."""
        decoded = upright(saved(quartered(), kind, **({"lossless": True} if kind == "WEBP" else {})))

        assert decoded.format == kind
        assert (decoded.file_width, decoded.file_height) == (64, 96)
        assert decoded.picture.shape == (96, 64, 3)
        assert decoded.picture.dtype == np.uint8
        assert close(corners(decoded), UPRIGHT)

    def test_an_iphone_heic_is_read(self):
        """HEIC is what iPhones send by default."""
        import pillow_heif

        file = io.BytesIO()
        pillow_heif.from_pillow(quartered(128, 192)).save(file, quality=90)

        decoded = upright(file.getvalue())

        assert decoded.format == "HEIF"
        assert close(corners(decoded), UPRIGHT, within=12)

    def test_heic_support_leaves_pillow_as_it_was(self):
        """Other users of Pillow in the same process do not suddenly open HEIC."""
        import pillow_heif

        file = io.BytesIO()
        pillow_heif.from_pillow(quartered(128, 192)).save(file, quality=50)
        known = set(Image.OPEN)
        upright(file.getvalue())

        assert set(Image.OPEN) == known

    def test_an_iphone_portrait_with_a_second_picture_gives_the_first(self):
        """Portrait mode writes MPO: a JPEG with another behind it."""
        second = quartered().transpose(Image.Transpose.ROTATE_180)

        decoded = upright(saved(quartered(), "MPO", save_all=True, append_images=[second], quality=95, subsampling=0))

        assert decoded.format == "JPEG"
        assert close(corners(decoded), UPRIGHT)

    def test_a_palette_picture_is_read(self):
        """A screenshot tool's 256 colours become RGB."""
        assert close(corners(upright(saved(quartered().quantize(16), "PNG"))), UPRIGHT)

    def test_transparent_parts_become_white(self):
        """A cut-out photo is shown on paper, not on black."""
        picture = quartered().convert("RGBA")
        picture.paste((0, 0, 0, 0), (0, 0, 32, 48))

        decoded = upright(saved(picture, "PNG"))

        assert corners(decoded) == [(255, 255, 255), GREEN, BLUE, YELLOW]

    def test_a_transparent_palette_colour_becomes_white(self):
        """The same for a palette with one transparent entry."""
        picture = quartered().quantize(4)
        clear = picture.getpixel((3, 3))

        assert corners(upright(saved(picture, "PNG", transparency=clear)))[0] == (255, 255, 255)


class TestDepthAndColour:
    def test_a_16_bit_rgb_png_is_scaled_not_clipped(self):
        """Half of 65535 is half of 255."""
        samples = np.full((20, 20, 3), (65535, 32896, 2570), np.uint16)

        assert tuple(upright(png16(samples)).picture[10, 10]) == (255, 128, 10)

    def test_a_16_bit_grey_png_is_scaled_and_known_as_colourless(self):
        """The mode that Pillow's own conversion would clip to white."""
        decoded = upright(png16(np.full((20, 20, 1), 32896, np.uint16)))

        assert tuple(decoded.picture[10, 10]) == (128, 128, 128)
        assert decoded.colourless

    def test_a_16_bit_picture_with_transparency_is_laid_on_white(self):
        """16 bits and alpha together."""
        samples = np.zeros((20, 20, 2), np.uint16)

        decoded = upright(png16(samples))

        assert tuple(decoded.picture[10, 10]) == (255, 255, 255)
        assert decoded.colourless

    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_a_black_and_white_file_is_known_as_colourless(self, kind: str):
        """The check for colour needs to know that there was none in the file."""
        decoded = upright(saved(quartered().convert("L"), kind))

        assert decoded.colourless
        assert decoded.picture.shape == (96, 64, 3)

    def test_a_colour_file_is_not_colourless(self):
        """One channel is meant, not dull colours."""
        assert not upright(jpeg(quartered())).colourless

    def test_a_photoshop_cmyk_jpeg_has_its_colours(self):
        """Adobe stores CMYK upside down and says so."""
        assert close(corners(upright(jpeg(quartered().convert("CMYK")))), UPRIGHT, within=10)

    def test_a_cmyk_jpeg_without_adobe_mark_is_not_inverted(self):
        """Without Adobe's mark, ink is ink."""
        inks = Image.new("CMYK", (32, 32), (0, 255, 255, 0))
        marked = jpeg(Image.eval(inks, lambda v: 255 - v))
        start = marked.index(b"\xff\xeeAdobe"[:2] + b"\x00\x0eAdobe")

        decoded = upright(marked[:start] + marked[start + 16 :])

        assert close([tuple(decoded.picture[10, 10])], [(255, 0, 0)], within=10)

    def test_an_adobe_ycck_jpeg_has_its_colours(self):
        """YCCK is CMYK with its first three channels turned into luminance and chroma."""
        # Adobe's channels are the inks turned over; YCC is made of what those would be as light: the inks themselves
        y, cb, cr = Image.eval(quartered(), lambda v: 255 - v).convert("YCbCr").split()
        no_black = Image.new("L", y.size, 0)
        # Pillow writes CMYK channels inverted, so inverting first puts Y, Cb, Cr and K into the file as they are
        as_cmyk = Image.merge("CMYK", [Image.eval(c, lambda v: 255 - v) for c in (y, cb, cr)] + [no_black])
        data = bytearray(jpeg(as_cmyk))
        data[data.index(b"Adobe") + 11] = 2

        assert close(corners(upright(bytes(data))), UPRIGHT, within=10)

    def test_a_display_p3_photo_is_brought_to_srgb(self):
        """A profile that means other colours is obeyed: here one whose red and blue are changed places."""
        swapped = swapped_profile()

        decoded = upright(saved(Image.new("RGB", (32, 32), (250, 10, 10)), "PNG", icc_profile=swapped))

        red, _, blue = (int(v) for v in decoded.picture[10, 10])
        assert blue > 200
        assert red < 60

    def test_a_profile_split_over_segments_is_joined(self):
        """JPEG keeps a long profile in numbered pieces."""
        swapped = swapped_profile()
        data = jpeg(Image.new("RGB", (32, 32), (250, 10, 10)))
        half = len(swapped) // 2
        pieces = (swapped[:half], swapped[half:])
        segments = [b"ICC_PROFILE\0" + bytes([n, 2]) + piece for n, piece in enumerate(pieces, 1)]
        marked = b"".join(b"\xff\xe2" + struct.pack(">H", len(s) + 2) + s for s in reversed(segments))

        decoded = upright(data[:2] + marked + data[2:])

        assert int(decoded.picture[10, 10, 2]) > 200

    def test_an_srgb_profile_changes_nothing(self):
        """Most phones attach one; pixels stay bit for bit."""
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

        with_profile = upright(saved(quartered(), "PNG", icc_profile=srgb)).picture

        assert np.array_equal(with_profile, np.asarray(quartered()))

    @pytest.mark.parametrize("profile", [b"nonsense", b"\0" * 128, b"\xff" * 3000])
    def test_a_broken_profile_is_ignored(self, profile: bytes):
        """A chat program's damaged profile does not cost the student the photo."""
        assert close(corners(upright(saved(quartered(), "PNG", icc_profile=profile))), UPRIGHT)


def swapped_profile() -> bytes:
    """Make a valid profile in which red and blue are changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ", 128), profile.index(b"bXYZ", 128)
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile).replace("sRGB".encode("utf-16-be"), "BGRs".encode("utf-16-be"))


class TestOrientation:
    @settings(max_examples=24, deadline=None)
    @given(orientation=st.integers(1, 8), width=st.integers(8, 60), height=st.integers(8, 60))
    def test_every_way_of_holding_the_phone_ends_upright(self, orientation: int, width: int, height: int):
        """The file stored turned or mirrored by any of EXIF's eight ways shows the same picture."""
        undo = {
            2: Image.Transpose.FLIP_LEFT_RIGHT,
            3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM,
            5: Image.Transpose.TRANSPOSE,
            6: Image.Transpose.ROTATE_90,
            7: Image.Transpose.TRANSVERSE,
            8: Image.Transpose.ROTATE_270,
        }
        meant = quartered(2 * width, 2 * height)
        stored = meant.transpose(undo[orientation]) if orientation in undo else meant

        decoded = upright(saved(stored, "PNG", exif=exif(orientation=orientation)))

        assert np.array_equal(decoded.picture, np.asarray(meant))
        assert (decoded.file_width, decoded.file_height) == stored.size

    @pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
    def test_orientation_is_read_in_every_kind(self, kind: str):
        """Not only JPEG carries EXIF."""
        stored = quartered().transpose(Image.Transpose.ROTATE_90)

        assert close(corners(upright(saved(stored, kind, exif=exif(orientation=6), quality=95))), UPRIGHT, within=25)

    def test_a_heic_is_not_turned_twice(self):
        """The container turns it already; the EXIF number beside it is history."""
        import pillow_heif

        file = io.BytesIO()
        stored = quartered(128, 192).transpose(Image.Transpose.ROTATE_90)
        heif = pillow_heif.from_pillow(stored)
        heif.save(file, quality=90, exif=exif(orientation=6).tobytes())
        as_others_see_it = pillow_heif.open_heif(file.getvalue()).to_pillow().convert("RGB")

        assert np.array_equal(upright(file.getvalue()).picture, np.asarray(as_others_see_it))

    @settings(max_examples=60, deadline=None)
    @given(block=st.binary(max_size=300), order=st.sampled_from([b"II*\0", b"MM\0*", b""]))
    def test_broken_exif_never_costs_the_photo(self, block: bytes, order: bytes):
        """Whatever stands in the EXIF segment, the picture is read."""
        body = b"Exif\0\0" + order + block
        data = jpeg(quartered(16, 16))

        decoded = upright(data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:])

        assert decoded.picture.shape == (16, 16, 3)

    def test_the_day_it_was_taken_is_read(self):
        """Half a year is counted from the camera's own date."""
        decoded = upright(jpeg(quartered(), exif=exif(taken="2024:12:09 08:30:00")))

        assert decoded.taken_at == datetime(2024, 12, 9, 8, 30)  # noqa: DTZ001  EXIF names no zone

    @pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "2024-12-09"])
    def test_a_date_that_is_none_is_not_made_up(self, taken: str):
        """A camera whose clock was never set has no date."""
        assert upright(jpeg(quartered(), exif=exif(taken=taken))).taken_at is None


class TestSizeAndQuality:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    @pytest.mark.parametrize(("want_side", "reduction"), [(1000, 1), (500, 2), (499, 2), (250, 4), (120, 8), (20, 8)])
    def test_a_large_file_is_decoded_only_as_large_as_wanted(self, kind: str, want_side: int, reduction: int):
        """The longer side stays at or above what was asked for, at an eighth at least."""
        decoded = upright(saved(quartered(600, 1000), kind), want_side=want_side)

        assert decoded.reduction == reduction
        assert decoded.picture.shape == (1000 // reduction, 600 // reduction, 3)
        assert close(corners(decoded), UPRIGHT, within=14)

    def test_more_than_any_photo_needs_is_never_decoded(self):
        """A phone's 50 megapixels are worked on as 12, even if all were wanted."""
        decoded = upright(flat_png(8192, 6144, bits=1, colour_type=0, value=255), want_side=100_000)

        assert decoded.picture.shape == (3072, 4096, 3)
        assert decoded.reduction == 2

    @settings(max_examples=30, deadline=None)
    @given(
        width=st.integers(1, 300),
        height=st.integers(1, 300),
        want=st.integers(1, 400),
        kind=st.sampled_from(["JPEG", "PNG"]),
    )
    def test_any_size_can_be_decoded(self, width: int, height: int, want: int, kind: str):
        """One pixel or a narrow strip: the long side is never below what is wanted if the file has it."""
        decoded = upright(saved(Image.new("RGB", (width, height), RED), kind), want_side=want)

        shape = decoded.picture.shape
        assert max(shape[:2]) >= min(want, max(width, height))
        assert shape[:2] == (-(-height // int(decoded.reduction)), -(-width // int(decoded.reduction)))

    @pytest.mark.parametrize("quality", [30, 50, 75, 90, 95, 100])
    def test_jpeg_quality_is_estimated(self, quality: int):
        """Strong compression can be told to the student."""
        assert upright(jpeg(quartered(), quality=quality)).jpeg_quality == quality

    def test_other_kinds_have_no_jpeg_quality(self):
        """A PNG was never compressed with loss."""
        assert upright(saved(quartered(), "PNG")).jpeg_quality is None


class TestRefusals:
    @pytest.mark.parametrize(("name", "data"), [pytest.param(name, data, id=name) for name, data in odd_files()])
    def test_what_is_no_picture_is_unreadable(self, name: str, data: bytes):
        """One clear error, whatever the decoder thought of it."""
        with pytest.raises(UnreadableImage):
            upright(data)

    @settings(max_examples=40, deadline=None)
    @given(share=st.floats(0.05, 0.98), progressive=st.booleans())
    def test_a_broken_off_upload_is_never_half_grey(self, share: float, progressive: bool):
        """Cut anywhere, closed again with an end mark or not: an error, or the whole picture."""
        data = jpeg(Image.fromarray(textured(320, 320)), progressive=progressive)
        cut = data[: int(len(data) * share)]

        with pytest.raises(UnreadableImage):
            upright(cut)
        with pytest.raises(UnreadableImage):
            upright(cut + b"\0" * 4000)

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
    def test_a_broken_off_photo_closed_with_an_end_mark_is_unreadable(self, share: float):
        """Some programs close what they could not finish: the missing half would come out grey."""
        data = jpeg(Image.fromarray(textured(320, 320)))

        with pytest.raises(UnreadableImage):
            upright(data[: int(len(data) * share)] + b"\xff\xd9")

    def test_a_plain_grey_picture_is_not_mistaken_for_a_broken_one(self):
        """Grey from top to bottom is what the file holds."""
        assert tuple(upright(jpeg(Image.new("RGB", (64, 64), (128, 128, 128)))).picture[5, 5]) == (128, 128, 128)

    @pytest.mark.parametrize(
        ("data", "format_"),
        [
            pytest.param(saved(quartered(), "GIF"), "GIF", id="gif"),
            pytest.param(saved(quartered(), "TIFF"), "TIFF", id="tiff"),
            pytest.param(saved(quartered(), "AVIF"), "AVIF", id="avif"),
            pytest.param(saved(quartered(), "PDF"), "PDF", id="pdf"),
            pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG", id="svg"),
            pytest.param(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video", id="live photo's film"),
            pytest.param(
                saved(quartered(), "PNG", save_all=True, append_images=[quartered(64, 96).rotate(90)]),
                "animated PNG",
                id="apng",
            ),
            pytest.param(
                saved(quartered(), "WEBP", save_all=True, append_images=[Image.new("RGB", (64, 96))]),
                "animated WebP",
                id="animated webp",
            ),
        ],
    )
    def test_kinds_that_no_camera_makes_are_named(self, data: bytes, format_: str):
        """The student learns which kind of file it was."""
        with pytest.raises(UnsupportedFormat) as refused:
            upright(data)

        assert refused.value.facts["format"] == format_

    def test_a_pixel_bomb_is_refused_by_its_header(self):
        """31 KB that would be 256 million pixels."""
        bomb = pixel_bomb()

        assert len(bomb) < 32_000
        with pytest.raises(TooManyPixels) as refused:
            upright(bomb)
        assert refused.value.facts == {"megapixels": 256.0, "limit": 51}

    def test_a_webp_canvas_bomb_is_refused_before_the_decoder_is_made(self):
        """WebP decoders allocate the canvas that the header claims."""
        claim = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + (16382).to_bytes(3, "little") * 2
        with pytest.raises(TooManyPixels):
            upright(b"RIFF" + struct.pack("<I", 100) + b"WEBP" + claim)

    def test_a_jpeg_of_a_thousand_scans_is_refused(self):
        """A small file that would keep the decoder busy for minutes."""
        data = jpeg(quartered(), progressive=True)
        scan = data[data.index(b"\xff\xda") : data.rindex(b"\xff\xda")]

        with pytest.raises(UnreadableImage):
            upright(data[: data.index(b"\xff\xda")] + scan * 1000 + data[data.index(b"\xff\xda") :])

    def test_a_large_jpeg_of_a_hundred_scans_is_refused(self):
        """Each scan goes over all pixels: what a small picture may have keeps the decoder busy for seconds here."""
        data = jpeg(quartered(4000, 4000), progressive=True)
        last = data.rindex(b"\xff\xda")

        with pytest.raises(UnreadableImage):
            upright(data[:last] + data[last:-2] * 100 + data[-2:])

    def test_more_bytes_than_the_limit_are_not_read(self):
        """Ten megabytes over the network, forty on the command line."""
        with pytest.raises(UploadTooLarge) as refused:
            upright(b"\xff\xd8\xff" + bytes(11 * 1024 * 1024), limits=HTTP_LIMITS)

        assert refused.value.facts == {"megabytes": 11.0, "limit": 10}

    @settings(max_examples=150, deadline=None)
    @given(data=st.data())
    def test_damaged_files_give_a_picture_or_a_selfie_error(self, data: st.DataObject):
        """Bytes changed at random, in any kind of file: never another exception."""
        kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "BMP"]))
        file = bytearray(saved(quartered(40, 40), kind))
        for _ in range(data.draw(st.integers(1, 6))):
            file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
        try:
            decoded = upright(bytes(file), limits=Limits(max_pixels=1_000_000))
        except SelfieError:
            return
        assert decoded.picture.ndim == 3


class TestManners:
    def test_the_process_is_left_as_it_was(self):
        """No switch of Pillow is touched: another thread may rely on it."""
        before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, len(Image.OPEN))

        upright(jpeg(quartered()))

        assert (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, len(Image.OPEN)) == before

    def test_several_threads_may_decode_at_once(self):
        """Each gets its own picture."""
        files = {side: jpeg(quartered(side, side)) for side in (40, 80, 120, 160)}
        shapes: dict[int, set[tuple[int, ...]]] = {side: set() for side in files}

        def work(side: int) -> None:
            for _ in range(20):
                shapes[side].add(upright(files[side]).picture.shape)

        threads = [threading.Thread(target=work, args=(side,)) for side in files]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert shapes == {side: {(side, side, 3)} for side in files}


@pytest.mark.slow
class TestMemory:
    """The whole process stays below 600 MB, whatever is uploaded."""

    @pytest.mark.parametrize("want_side", [1500, 100_000])
    @pytest.mark.parametrize(
        "make",
        [
            pytest.param(pixel_bomb, id="pixel bomb"),
            pytest.param(lambda: flat_png(8192, 6144, colour_type=6, value=128), id="50 megapixels with transparency"),
            pytest.param(lambda: flat_png(8192, 6144, bits=16, colour_type=6, value=9), id="the same in 16 bits"),
            pytest.param(
                lambda: saved(Image.new("RGB", (8192, 6144), RED), "JPEG", progressive=True), id="progressive"
            ),
            pytest.param(lambda: saved(Image.new("RGB", (4900, 4000), RED), "WEBP", method=0), id="large webp"),
        ],
    )
    def test_peak_memory(self, make, want_side: int, tmp_path: Path):
        """Measured in a process of its own, from its own start on (ru_maxrss would count the test runner's)."""
        file = tmp_path / "selfie"
        file.write_bytes(make())
        script = (
            "import pathlib, re, sys\n"
            "from photo_service.contract import SelfieError\n"
            "from photo_service.stages.decode import Limits, decode\n"
            "try:\n"
            "    decode(pathlib.Path(sys.argv[1]).read_bytes(), limits=Limits(), want_side=int(sys.argv[2]))\n"
            "except SelfieError as error:\n"
            "    print(error.code, file=sys.stderr)\n"
            "status = pathlib.Path('/proc/self/status').read_text()\n"
            "print(int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024)\n"
        )

        run = subprocess.run(
            [sys.executable, "-c", script, str(file), str(want_side)], capture_output=True, text=True, check=True
        )

        assert int(run.stdout) < 500  # networks and interpreter take the rest
