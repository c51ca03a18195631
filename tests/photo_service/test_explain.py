"""`--explain`: a counsellor sees why, for a photo that was made and for a selfie that was refused."""

import io
from pathlib import Path

import numpy as np
import pytest
from made_pictures import jpeg, quartered
from PIL import Image

from photo_service.contract import Rendered, Verdict
from photo_service.drawing.fonts import Fonts, installed_fonts
from photo_service.explain import WIDTH, explain
from photo_service.pipeline import Studio


def rendered(studio: Studio, selfie: bytes, spec: str) -> Rendered:
    return studio.render(selfie, spec=spec, source="430102200001011234.jpg")


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    picture.load()
    return picture


@pytest.mark.parametrize(("spec", "verdict"), [("one-inch", Verdict.PASS), ("hunan-pretco", Verdict.FAIL)])
def test_accepted_and_refused_selfies_are_explained_alike(studio: Studio, astronaut_jpeg: bytes, spec, verdict):
    """One picture as wide as a screen, the words beside the selfie."""
    made = rendered(studio, astronaut_jpeg, spec)

    picture = opened(explain(studio, astronaut_jpeg, made))

    assert made.report.verdict is verdict
    assert (picture.format, picture.mode, picture.width) == ("PNG", "RGB", WIDTH)
    assert 400 <= picture.height <= 2400
    column = np.asarray(picture)[:, -400:]
    assert (column == 250).mean() > 0.5
    assert (column < 120).any(axis=2).sum() > 500  # written on


def test_a_selfie_with_nobody_in_it_is_explained_too(studio: Studio):
    """The picture as it is, and the one reason."""
    selfie = jpeg(quartered(640, 480))

    picture = opened(explain(studio, selfie, rendered(studio, selfie, "one-inch")))

    assert picture.width == WIDTH


def test_without_a_chinese_font_it_speaks_in_codes(studio: Studio, astronaut_jpeg: bytes):
    """Never in empty boxes; on a machine that has the font the words differ."""
    made = rendered(studio, astronaut_jpeg, "hunan-pretco")

    codes = explain(studio, astronaut_jpeg, made, fonts=Fonts(None))

    assert opened(codes).width == WIDTH
    assert not installed_fonts().chinese or codes != explain(studio, astronaut_jpeg, made)


def test_the_same_selfie_gives_the_same_picture(studio: Studio, astronaut_jpeg: bytes):
    """And it says nothing of the file's name, which may be an ID number."""
    made = rendered(studio, astronaut_jpeg, "one-inch")
    picture = explain(studio, astronaut_jpeg, made)

    assert picture == explain(studio, astronaut_jpeg, made)
    assert b"430102" not in picture
    assert opened(picture).info == {}


def test_a_transparent_photo_is_shown_on_paper(studio: Studio, astronaut_jpeg: bytes):
    """Not on black."""
    made = studio.render(astronaut_jpeg, spec="one-inch", source="a", background="transparent")

    picture = np.asarray(opened(explain(studio, astronaut_jpeg, made)))

    assert (picture[:, -400:] < 8).all(axis=2).mean() < 0.05


def test_explaining_keeps_no_file(studio: Studio, astronaut_jpeg: bytes, tmp_path: Path, monkeypatch):
    """It is given back as bytes; whoever asked decides where it goes."""
    monkeypatch.chdir(tmp_path)

    explain(studio, astronaut_jpeg, rendered(studio, astronaut_jpeg, "one-inch"))

    assert list(tmp_path.iterdir()) == []
