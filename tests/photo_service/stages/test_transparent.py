"""The person alone: their own colours, straight alpha, and a report that says it is not for handing in."""

import io

import numpy as np
import pytest
from PIL import Image

from photo_service.compliance import NotCompliant
from photo_service.contract import Severity, Verdict
from photo_service.photo import Composed, Framed
from photo_service.stages.compose import cut_out
from photo_service.stages.transparent import encode_transparent, verify_transparent


def disc(side: int = 96, soft: float = 6.0) -> np.ndarray:
    ys, xs = np.indices((side, side))
    return np.clip((side / 3 - np.hypot(xs - side / 2, ys - side / 2)) / soft + 0.5, 0, 1).astype(np.float32)


def before_a_blue_wall(alpha: np.ndarray) -> np.ndarray:
    mixed = np.array((120, 70, 50)) * alpha[..., None] + np.array((30, 60, 230)) * (1 - alpha[..., None])
    return np.rint(mixed).astype(np.uint8)


def faults(data: bytes, spec) -> set[str]:
    with pytest.raises(NotCompliant) as refused:
        verify_transparent(data, spec)
    return {fault.code for fault in refused.value.facts["faults"]}


def some_png(size: tuple[int, int] = (295, 413), mode: str = "RGBA", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, "PNG", **{"dpi": (300, 300), **options})
    return file.getvalue()


def test_no_blue_of_the_wall_stays_in_the_half_transparent_edge():
    """Where a plain cut keeps the mixture, the colours are the person's own: laid on white, nothing blue shows."""
    alpha = disc()
    made = cut_out(Framed(before_a_blue_wall(alpha), alpha)).picture.astype(float)
    edge = (made[..., 3] > 25) & (made[..., 3] < 230)

    assert edge.sum() > 100
    assert np.abs(made[edge][:, :3] - (120, 70, 50)).mean() < 20


def test_nothing_is_left_of_the_room():
    """A program that ignores the alpha shows no wall and no poster behind the student."""
    alpha = disc()
    made = cut_out(Framed(before_a_blue_wall(alpha), alpha)).picture
    outside = made[..., 3] == 0

    assert outside.sum() > 1000
    assert made[outside][:, 2].max() < 120


def test_the_file_is_of_the_specs_size_and_density(catalogue):
    """And has four channels and nothing beside the picture."""
    spec = catalogue["one-inch"]
    data = encode_transparent(Composed(np.zeros((413, 295, 4), np.uint8)), spec)

    output = verify_transparent(data, spec)

    assert (output.width, output.height, output.dpi, output.mode) == (295, 413, 300, "RGBA")
    assert (output.format, output.background, output.quality) == ("PNG", "transparent", None)
    assert output.bytes == len(data)


def test_what_is_wrong_with_a_file_is_named(catalogue):
    """Size, density, channels, and anything that was written beside the picture."""
    from PIL.PngImagePlugin import PngInfo

    spec, note = catalogue["one-inch"], PngInfo()
    note.add_text("Comment", "taken at home")

    assert faults(some_png((180, 240)), spec) == {"wrong_size"}
    assert faults(some_png(dpi=(72, 72)), spec) == {"wrong_dpi"}
    assert faults(some_png(mode="RGB"), spec) == {"wrong_format"}
    assert faults(some_png(pnginfo=note), spec) == {"metadata"}
    assert faults(b"", spec) == {"wrong_format"}


def test_a_student_is_told_that_a_png_is_not_for_handing_in(studio, astronaut_jpeg):
    """The verdict is on selfie and crop; the warning is on the file, and `check` refuses it."""
    made = studio.render(astronaut_jpeg, spec="one-inch", source="a", background="transparent")
    warnings = {finding.code for finding in made.report.findings if finding.severity is Severity.WARN}

    assert made.report.verdict is Verdict.PASS
    assert "wrong_format" in warnings
    assert made.report.output.format == "PNG"
    assert Image.open(io.BytesIO(made.photo)).mode == "RGBA"
    assert studio.check(made.photo, spec="one-inch", source="a").verdict is Verdict.FAIL


def test_laid_on_white_it_is_the_white_photo(studio, astronaut_jpeg):
    """The same person: only JPEG lies between the two."""
    cut = Image.open(
        io.BytesIO(studio.render(astronaut_jpeg, spec="one-inch", source="a", background="transparent").photo)
    )
    photo = Image.open(io.BytesIO(studio.render(astronaut_jpeg, spec="one-inch", source="a").photo))
    laid = Image.new("RGB", cut.size, "white")
    laid.paste(cut, mask=cut.getchannel("A"))

    assert np.abs(np.asarray(laid, np.int16) - np.asarray(photo, np.int16)).mean() < 2.0
