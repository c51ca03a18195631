"""Where the background may not be replaced, the wall must already be of the right colour."""

import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from photo_service.contract import Report, Severity
from photo_service.pipeline import Studio
from photo_service.spec import Background, Spec

WHITE, LIGHT_BLUE = (255, 255, 255), (0x64, 0xC5, 0xFF)


@pytest.fixture(scope="module")
def choosy_studio(studio: Studio, catalogue: Mapping[str, Spec]) -> Studio:
    """The one-inch spec, once keeping whatever wall there is, once asking for white, once for white or light blue."""
    one_inch = catalogue["one-inch"]
    walls = {"any": (), "white": (WHITE,), "either": (WHITE, LIGHT_BLUE)}
    return replace(studio, catalogue={**catalogue, **{name: _before(one_inch, wall) for name, wall in walls.items()}})


def _before(spec: Spec, wall: tuple[tuple[int, int, int], ...]) -> Spec:
    checks = {code: severity for code, severity in spec.checks.items() if code != "wrong_background"}
    kept = Background(None, (), replacement_allowed=False, wall=wall)
    return replace(spec, background=kept, checks={**checks, "wrong_background": Severity.FAIL})


@pytest.fixture(scope="module")
def standing_before(choosy_studio: Studio, astronaut_jpeg: bytes):
    """Give the portrait before a wall of a colour, lit unevenly as walls are."""

    def picture(colour: str) -> bytes:
        made = choosy_studio.render(astronaut_jpeg, spec="one-inch", source="eileen.jpg", background=colour).photo
        assert made is not None
        pixels = np.asarray(Image.open(io.BytesIO(made)), np.float32)
        light = np.linspace(1.0, 0.82, pixels.shape[1], dtype=np.float32)[None, :, None]
        stream = io.BytesIO()
        Image.fromarray((pixels * light).astype(np.uint8)).save(stream, "JPEG", quality=95, dpi=(300, 300))
        return stream.getvalue()

    return picture


def found(report: Report) -> set[str]:
    return {finding.code for finding in report.findings if finding.code == "wrong_background"}


@pytest.mark.parametrize(
    ("spec", "colour", "wrong"),
    [
        ("white", "#FFFFFF", False),
        ("white", "#E8E4DC", False),
        ("white", "#64C5FF", True),
        ("white", "#B03030", True),
        ("either", "#64C5FF", False),
        ("either", "#FFFFFF", False),
        ("either", "#3C8C3C", True),
        ("any", "#B03030", False),
    ],
)
def test_a_wall_is_held_against_the_colours_that_are_allowed(choosy_studio, standing_before, spec, colour, wrong):
    """A white wall in uneven light is white, an off-white one too; red, green, or blue where white is asked are not."""
    report = choosy_studio.check(standing_before(colour), spec=spec, source="photo.jpg")

    assert bool(found(report)) is wrong


def test_a_selfie_before_the_wrong_wall_is_refused_and_told_so(choosy_studio, astronaut_jpeg):
    """The astronaut stands before a flag and a shuttle: no photo, and the background is among the reasons."""
    made = choosy_studio.render(astronaut_jpeg, spec="white", source="eileen.jpg")

    assert made.photo is None
    assert found(made.report) == {"wrong_background"}


def test_where_the_background_is_painted_the_wall_does_not_matter(choosy_studio, astronaut_jpeg):
    """The same selfie gives a photo with a white background."""
    assert choosy_studio.render(astronaut_jpeg, spec="one-inch", source="eileen.jpg").photo is not None
