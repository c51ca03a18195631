"""What nobody sees does not change a verdict: saved anew, resized a little, turned by a degree, mirrored."""

import csv
import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from photo_service.contract import SelfieError, Verdict
from photo_service.pipeline import Studio

PHOTOS = Path(__file__).resolve().parents[4] / "shared" / "photos"
EVERY = 4
"""One labelled photo in four: all of them take four minutes."""
HELD = 0.98

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (PHOTOS / "labels.csv").is_file(), reason="the labelled photos are not beside this checkout"
    ),
]

Change = Callable[[Image.Image], Image.Image]
CHANGES: Mapping[str, Change] = {
    "saved anew": lambda picture: picture,
    "a tenth smaller": lambda picture: picture.resize((round(picture.width * 0.9), round(picture.height * 0.9))),
    "a tenth larger": lambda picture: picture.resize((round(picture.width * 1.1), round(picture.height * 1.1))),
    "turned by a degree": lambda picture: picture.rotate(
        1, Image.Resampling.BICUBIC, fillcolor=picture.getpixel((0, 0))
    ),
    "mirrored": ImageOps.mirror,
}


@pytest.fixture(scope="module")
def pictures() -> list[tuple[bytes, Image.Image]]:
    with (PHOTOS / "labels.csv").open(encoding="utf-8") as file:
        paths = [PHOTOS / "dev" / row["file"] for row in csv.DictReader(file)][::EVERY]
    return [_read(path) for path in paths if path.is_file()]


@pytest.fixture(scope="module")
def before(studio: Studio, pictures: list[tuple[bytes, Image.Image]]) -> list[Verdict]:
    return [_verdict(studio, data) for data, _ in pictures]


def _read(path: Path) -> tuple[bytes, Image.Image]:
    data = path.read_bytes()
    with Image.open(io.BytesIO(data)) as picture:
        return data, ImageOps.exif_transpose(picture).convert("RGB")


def _verdict(studio: Studio, selfie: bytes) -> Verdict:
    try:
        return studio.render(selfie, spec="hunan-pretco", source="").report.verdict
    except SelfieError:
        return Verdict.FAIL


@pytest.mark.parametrize("change", CHANGES)
def test_a_verdict_does_not_flip(
    change: str, studio: Studio, pictures: list[tuple[bytes, Image.Image]], before: list[Verdict]
):
    after = []
    for _, picture in pictures:
        file = io.BytesIO()
        CHANGES[change](picture).save(file, "JPEG", quality=90)
        after.append(_verdict(studio, file.getvalue()))
    held = sum(one is other for one, other in zip(before, after, strict=True))

    assert held / len(before) >= HELD
