"""Nothing is called a photo before its bytes were opened again and measured."""

import hashlib
import io

import numpy as np
import pytest
from made_pictures import exif, textured
from PIL import Image

from photo_service.compliance import NotCompliant
from photo_service.photo import Composed, Encoded
from photo_service.spec import Spec
from photo_service.stages.encode import encode
from photo_service.stages.verify import verify


@pytest.fixture
def spec(catalogue) -> Spec:
    return catalogue["hunan-pretco"]


def made(width: int = 180, height: int = 240, *, mode: str = "RGB", corner: int = 255, **options: object) -> Encoded:
    """Encode a picture by other hands than ours: right in everything that is not changed."""
    pixels = textured(width, height)
    pixels[: height // 10] = corner
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, **{"format": "JPEG", "quality": 95, "dpi": (72, 72), **options})
    return Encoded(file.getvalue(), 95)


def faults(encoded: Encoded, spec: Spec) -> dict[str, tuple[float | None, float | None]]:
    with pytest.raises(NotCompliant) as refused:
        verify(encoded, spec)
    return {fault.code: (fault.value, fault.limit) for fault in refused.value.facts["faults"]}


def test_a_photo_as_specified_is_measured(spec: Spec):
    """Every number of the report is read from the finished bytes."""
    encoded = encode(Composed(textured()), spec)

    output = verify(encoded, spec)

    assert (output.width, output.height, output.dpi) == (180, 240, 72)
    assert (output.format, output.mode) == ("JPEG", "RGB")
    assert output.bytes == len(encoded.data)
    assert output.sha256 == hashlib.sha256(encoded.data).hexdigest()
    assert output.quality == encoded.quality


def test_every_spec_can_be_met(catalogue):
    """Each has a photo that passes its own verification: also where one notice asks for 29 to 30 KB, 304 bytes wide."""
    for spec in catalogue.values():
        grain = 8.0 if spec.window.high <= 20_000 else 12.0  # 20 KB at 358 x 441 hold a camera's grain, not a test's
        pixels = textured(spec.size.max_width, spec.size.max_height, grain=grain)
        if spec.background.colour:
            pixels[: spec.size.max_height // 10] = spec.background.colour

        assert verify(encode(Composed(pixels), spec), spec).format == "JPEG"


def test_a_wrong_width_is_named(spec: Spec):
    """Measured 181, due 180."""
    assert faults(made(181, 240), spec) == {"wrong_size": (181, 180)}


def test_a_wrong_density_is_named(spec: Spec):
    """300 dpi is right for others, not here."""
    assert faults(made(dpi=(300, 300)), spec) == {"wrong_dpi": (300, 72)}


def test_no_density_at_all_is_named(spec: Spec):
    """A JFIF header of unit 0 gives proportions, not dots per inch."""
    data = bytearray(made().data)
    data[data.index(b"JFIF\0") + 7] = 0

    assert faults(Encoded(bytes(data), 95), spec) == {"wrong_dpi": (0, 72)}


def test_too_many_bytes_are_named(spec: Spec):
    """Even when they are padding behind the picture, as a peer writes them."""
    padded = made().data + bytes(102_400)

    assert faults(Encoded(padded, 95), spec)["file_too_large"] == (len(padded), 100_000)


def test_a_grey_file_is_no_colour_jpeg(spec: Spec):
    """One channel only."""
    assert "wrong_format" in faults(made(mode="L"), spec)


def test_a_png_is_no_jpeg(spec: Spec):
    """Whatever its name says."""
    assert "wrong_format" in faults(made(format="PNG"), spec)


def test_nearly_white_is_not_white(spec: Spec):
    """Corners of 254 are a fault of ours, although nobody would see it."""
    assert faults(made(corner=254), spec) == {"wrong_background": (1, 0)}


def test_another_background_is_named(spec: Spec):
    """A grey wall that stayed."""
    assert faults(made(corner=190), spec) == {"wrong_background": (65, 6)}


@pytest.mark.parametrize(
    "extra", [{"exif": exif(orientation=1)}, {"comment": b"taken at home"}, {"icc_profile": b"x" * 200}]
)
def test_metadata_is_never_let_out(spec: Spec, extra: dict[str, object]):
    """EXIF could say where the student lives."""
    assert faults(made(**extra), spec) == {"metadata": (1, 0)}


def test_bytes_that_are_no_picture_are_not_compliant(spec: Spec):
    """A defect is told as such and not as the student's fault."""
    assert "wrong_format" in faults(Encoded(b"", 95), spec)


def test_a_coloured_background_may_be_off_by_jpeg(catalogue):
    """Blue comes back from JPEG within a few levels, and red too."""
    for colour in catalogue["one-inch"].background.choices:
        pixels = np.full((413, 295, 3), colour, np.uint8)
        pixels[60:] = textured(295, 353)

        verify(encode(Composed(pixels), catalogue["one-inch"]), catalogue["one-inch"])


def test_an_original_background_is_not_held_against_a_colour(catalogue):
    """Where the notice forbids edits, any wall is right."""
    spec = catalogue["cqwu-xuegong"]

    assert verify(encode(Composed(textured(960, 1280, grain=20)), spec), spec).width == 960
