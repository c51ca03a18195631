"""`idphoto make` with its wishes: a background, a transparent PNG, a picture that explains, a phone's own format."""

import io
import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from click.testing import CliRunner, Result
from made_pictures import jpeg, quartered
from PIL import Image

from photo_service.cli import main
from photo_service.compliance import inspect


@pytest.fixture
def desk(tmp_path: Path, astronaut_jpeg: bytes, installed_models: Path) -> Path:
    """A folder with a selfie that is fit for one-inch, one of nobody, and one that is broken."""
    (tmp_path / "good.jpg").write_bytes(astronaut_jpeg)
    (tmp_path / "nobody.jpg").write_bytes(jpeg(quartered(640, 480)))
    (tmp_path / "broken.jpg").write_bytes(jpeg(quartered(640, 480))[:900])
    return tmp_path


def make(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["make", *map(str, arguments)])


class TestBackground:
    def test_a_colour_is_painted_and_told(self, desk: Path, catalogue):
        """Blue in the corners of the file, in the report and on the screen."""
        result = make(desk / "good.jpg", "--background", "蓝", "-o", desk / "blue.jpg")
        as_json = make(desk / "good.jpg", "--background", "#438edb", "-o", desk / "b.jpg", "--report", "json")

        with Image.open(desk / "blue.jpg") as photo:
            corner = np.asarray(photo, np.int16)[:4, :4]
        assert result.exit_code == 0, result.output
        assert "#438EDB" in result.stdout
        assert np.abs(corner - (0x43, 0x8E, 0xDB)).max() <= 6
        assert inspect((desk / "blue.jpg").read_bytes(), catalogue["one-inch"]) == []
        assert json.loads(as_json.stdout)["output"]["background"] == "#438EDB"

    def test_a_gradient_runs_down_the_photo(self, desk: Path, catalogue):
        """Blue above, white below."""
        assert make(desk / "good.jpg", "--background", "gradient", "-o", desk / "g.jpg").exit_code == 0

        with Image.open(desk / "g.jpg") as photo:
            pixels = np.asarray(photo, np.int16)
        assert pixels[200, 2, 0] > pixels[0, 2, 0] + 50
        assert inspect((desk / "g.jpg").read_bytes(), catalogue["one-inch"]) == []

    def test_two_processes_paint_the_same(self, desk: Path):
        """The wish goes with every selfie of a batch."""
        (desk / "two.jpg").write_bytes((desk / "good.jpg").read_bytes())
        for jobs in (1, 2):
            selfies = desk / "good.jpg", desk / "two.jpg"
            make(*selfies, "--background", "radial:white,blue", "--jobs", jobs, "-o", desk / f"out{jobs}")

        assert (desk / "out1/two.jpg").read_bytes() == (desk / "out2/two.jpg").read_bytes()

    def test_transparent_is_a_png(self, desk: Path):
        """By name and by content; the selfie passes, the file is warned of."""
        result = make(desk / "good.jpg", "--transparent", "-o", desk / "me.png")

        with Image.open(desk / "me.png") as photo:
            assert (photo.format, photo.mode, photo.size) == ("PNG", "RGBA", (295, 413))
            alpha = np.asarray(photo)[..., 3]
        assert result.exit_code == 0
        assert "wrong_format" in result.stdout
        assert (alpha[:4, :4] == 0).all()
        assert (alpha[200, 120:180] == 255).all()

    def test_transparent_photos_of_a_folder_are_pngs(self, desk: Path):
        """Also where no name was given."""
        make(desk / "good.jpg", "--transparent")

        assert (desk / "good-one-inch.png").exists()

    @pytest.mark.parametrize(("name", "wish"), [("me.jpg", ["--transparent"]), ("me.png", [])])
    def test_a_name_that_says_another_kind_is_refused(self, desk: Path, name: str, wish: list[str]):
        """A JPEG called .png confuses every upload page."""
        result = make(desk / "good.jpg", *wish, "-o", desk / name)

        assert result.exit_code == 2
        assert "must end in" in result.stderr


class TestExplain:
    def test_a_picture_is_drawn_beside_the_photo(self, desk: Path):
        """For one selfie a file."""
        assert make(desk / "good.jpg", "-o", desk / "p.jpg", "--explain", desk / "why.png").exit_code == 0

        with Image.open(desk / "why.png") as picture:
            assert (picture.format, picture.width) == ("PNG", 1200)

    def test_a_folder_of_selfies_is_explained_in_a_folder(self, desk: Path):
        """The refused ones too; a file that cannot be read has nothing to draw over."""
        result = make(desk, "-o", desk / "out", "--explain", desk / "why", "--jobs", 2)

        assert result.exit_code == 2
        assert sorted(path.name for path in (desk / "why").iterdir()) == ["good.png", "nobody.png"]
        assert sorted(path.name for path in (desk / "out").iterdir()) == ["good.jpg", "manifest.csv"]

    def test_a_selfie_or_a_photo_is_never_drawn_over(self, desk: Path):
        """Nor is a picture written that is called a photo."""
        (desk / "selfie.png").write_bytes((desk / "good.jpg").read_bytes())

        assert make(desk / "selfie.png", "--explain", desk / "selfie.png").exit_code == 2
        assert make(desk / "good.jpg", "--explain", desk / "why.jpg").exit_code == 2
        assert (
            make(desk / "good.jpg", "--transparent", "-o", desk / "a.png", "--explain", desk / "a.png").exit_code == 2
        )
        assert (desk / "selfie.png").read_bytes() == (desk / "good.jpg").read_bytes()

    def test_nothing_is_drawn_unless_asked_for(self, desk: Path):
        """Neither file nor time."""
        make(desk / "good.jpg", "-o", desk / "out/p.jpg")

        assert [path.name for path in (desk / "out").iterdir()] == ["p.jpg"]


class TestPhones:
    def test_the_format_of_an_iphone_is_taken(self, desk: Path, catalogue):
        """HEIC, as pillow-heif writes it: a compliant JPEG comes out."""
        heif = pillow_heif.from_pillow(Image.open(io.BytesIO((desk / "good.jpg").read_bytes())))
        heif.save(desk / "IMG_0001.HEIC", quality=92)

        result = make(desk / "IMG_0001.HEIC", "-o", desk / "photo.jpg", "--report", "json")

        assert result.exit_code == 0, result.output
        assert inspect((desk / "photo.jpg").read_bytes(), catalogue["one-inch"]) == []

    def test_heic_files_in_a_folder_are_found(self, desk: Path):
        """Whatever the case of their suffix."""
        heif = pillow_heif.from_pillow(Image.open(io.BytesIO((desk / "good.jpg").read_bytes())))
        (desk / "class").mkdir()
        heif.save(desk / "class/IMG_0001.HEIC", quality=92)

        assert make(desk / "class", "-o", desk / "out").exit_code == 0
        assert (desk / "out/IMG_0001.jpg").exists()


def everything_on(screen: int) -> str:
    """Read a terminal until nobody holds its other end, which Linux tells by an error."""
    shown = b""
    with suppress(OSError):
        while part := os.read(screen, 4096):
            shown += part
    os.close(screen)
    return shown.decode()


def test_the_bar_on_the_screen_keeps_out_of_the_file(desk: Path, installed_models: Path):
    """Reports go where stdout goes, although stderr is a terminal with a bar."""
    screen, keyboard = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "photo_service.cli",
        "make",
        str(desk),
        "-o",
        str(desk / "out"),
        "--report",
        "json",
    ]
    environment = {**os.environ, "IDPHOTO_MODELS": str(installed_models), "TERM": "xterm"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=keyboard, env=environment) as run:
        told = run.stdout.read()
        run.wait(timeout=120)
    os.close(keyboard)
    shown = everything_on(screen)

    assert [json.loads(line)["verdict"] for line in told.splitlines()] == ["fail", "pass", "fail"]
    assert "3/3" in shown
