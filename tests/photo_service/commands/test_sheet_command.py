"""`idphoto sheet`: what is written, and what is said where nothing can be."""

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from made_pictures import jpeg, quartered, saved, textured
from PIL import Image

from photo_service.cli import main


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A one-inch photo at 300 dpi: 25 x 35 mm."""
    (tmp_path / "photo.jpg").write_bytes(jpeg(Image.fromarray(textured(295, 413)), dpi=(300, 300)))
    return tmp_path / "photo.jpg"


def sheet(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["sheet", *map(str, arguments)])


def test_a_photo_fills_the_paper(photo: Path):
    """Nine of them on five inches; every one is the photo, pixel by pixel but for JPEG."""
    result = sheet(photo, "--paper", "5in", "-o", photo.parent / "sheet.jpg", "--no-marks")

    with Image.open(photo.parent / "sheet.jpg") as made, Image.open(photo) as one:
        assert (made.size, made.info["dpi"]) == ((1051, 1500), (300, 300))
        pixels, own = np.asarray(made, np.int16), np.asarray(one, np.int16)
    top, left = (int(np.flatnonzero((pixels < 200).any(axis=(1 - axis, 2)))[0]) for axis in (0, 1))
    top -= 41  # the photo's upper tenth is white
    assert result.exit_code == 0, result.output
    assert "3 x 3 places of 25 x 35 mm" in result.stdout
    assert np.abs(pixels[top : top + 413, left : left + 295] - own).mean() < 2


def test_a_photo_keeps_its_millimetres_at_another_density(photo: Path):
    """At 600 dpi the paper has four times the pixels and as many photos."""
    result = sheet(photo, "--paper", "5in", "--dpi", 600, "-o", photo.parent / "sheet.jpg")

    with Image.open(photo.parent / "sheet.jpg") as made:
        assert (made.size, made.info["dpi"]) == ((2102, 3000), (600, 600))
    assert "3 x 3 places of 25 x 35 mm" in result.stdout


def test_a_pdf_has_as_many_pages_as_sheets(photo: Path):
    """Twenty copies on sheets of nine."""
    result = sheet(photo, "--paper", "5in", "--copies", 20, "-o", photo.parent / "sheet.pdf")

    data = (photo.parent / "sheet.pdf").read_bytes()
    assert result.exit_code == 0
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/MediaBox", data)) == 3


def test_jpeg_sheets_are_numbered(photo: Path):
    """And each is named."""
    result = sheet(photo, "--paper", "5in", "--copies", 20, "-o", photo.parent / "sheet.jpg")

    assert [path.name for path in sorted(photo.parent.glob("sheet*"))] == ["sheet-1.jpg", "sheet-2.jpg", "sheet-3.jpg"]
    assert len(result.stdout.splitlines()) == 3


def test_different_photos_share_a_sheet(photo: Path):
    """Two students, half each."""
    other = photo.with_name("other.jpg")
    other.write_bytes(jpeg(Image.new("RGB", (295, 413), (200, 20, 20)), dpi=(300, 300)))

    result = sheet(photo, other, "--paper", "6in", "-o", photo.parent / "sheet.jpg", "--cut-lines")

    with Image.open(photo.parent / "sheet.jpg") as made:
        red = (np.abs(np.asarray(made, np.int16) - (200, 20, 20)) < 8).all(axis=2).sum()
    assert result.exit_code == 0
    assert red == pytest.approx(6 * 295 * 413, rel=0.01)


def test_a_transparent_photo_is_printed_on_white(photo: Path):
    """Its density stands in the PNG."""
    cut = photo.with_name("cut.png")
    cut.write_bytes(saved(Image.new("RGBA", (295, 413)), "PNG", dpi=(300, 300)))

    assert "25 x 35 mm" in sheet(cut, "--no-marks", "-o", photo.parent / "sheet.jpg").stdout
    with Image.open(photo.parent / "sheet.jpg") as made:
        assert np.asarray(made).min() == 255


def test_a_photo_for_screens_may_be_printed_smaller_than_it_says(photo: Path):
    """180 x 240 px at 72 dpi would be 64 x 85 mm; at 180 dpi it is 25 x 34 mm."""
    small = photo.with_name("small.jpg")
    small.write_bytes(jpeg(Image.fromarray(textured(180, 240)), dpi=(72, 72)))

    assert "64 x 85 mm" in sheet(small, "-o", photo.parent / "a.jpg").stdout
    assert "25 x 34 mm" in sheet(small, "--photo-dpi", 180, "-o", photo.parent / "b.jpg").stdout


def test_what_cannot_be_printed_is_told_in_a_sentence(photo: Path):
    """Status 2, and no sheet: no density, no picture, no such file, too large, a wrong name, the photo itself."""
    folder = photo.parent
    (folder / "nodpi.jpg").write_bytes(jpeg(quartered(200, 300)))
    (folder / "bare.webp").write_bytes(saved(quartered(200, 300), "WEBP"))
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    out = folder / "sheet.jpg"
    refused = {
        "--photo-dpi 300": sheet(folder / "nodpi.jpg", "-o", out),
        "does not say its dpi": sheet(folder / "bare.webp", "-o", out),
        "unreadable_image": sheet(folder / "broken.jpg", "-o", out),
        "No such file": sheet(folder / "missing.jpg", "-o", out),
        "larger than the paper": sheet(photo, "--photo-dpi", 50, "--paper", "a6", "-o", out),
        "mm long": sheet(wide(folder), "--photo-dpi", 36, "-o", out),
        ".jpg or .pdf": sheet(photo, "-o", folder / "sheet.tiff"),
        "one of the photos": sheet(photo, "-o", photo),
    }

    for said, result in refused.items():
        assert result.exit_code == 2, said
        assert said in result.stderr
        assert result.stdout == ""
    assert not out.exists()


def wide(folder: Path) -> Path:
    """A picture that at 36 dpi is half a metre."""
    (folder / "wide.jpg").write_bytes(jpeg(Image.new("RGB", (800, 100)), dpi=(300, 300)))
    return folder / "wide.jpg"


def test_a_place_that_cannot_be_written_is_told(photo: Path):
    """A file where a folder should be."""
    result = sheet(photo, "-o", photo / "sheet.jpg")

    assert result.exit_code == 2
    assert "Traceback" not in result.output
