"""Drawn students for screenshots and browser stories: many, all different, nobody's face.

A number makes a person: the same number draws the same person every time. Drawn at twice the size and reduced, so
that edges are as smooth as in a photograph.
"""

import io
import random
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

FINER: Final = 2
SKINS: Final = ("#f3cfb3", "#eec2a0", "#e6b48f", "#dca783", "#f6d8c2")
HAIRS: Final = ("#1d1714", "#2a201b", "#33261f", "#15120f")
CLOTHES: Final = ("#2f4858", "#7a2e3a", "#3d5a45", "#e9e7e1", "#4b4a6b", "#9a7b4f", "#263447", "#c8d3dd")
ROOMS: Final = ("#cfd6d6", "#d9d2c5", "#c2ccd6", "#dcd9d6", "#b9c4bb")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Looks:
    """What tells one drawn person from another. `hair` is `short`, `bob`, `long`, `bun` or `parted`."""

    skin: str
    hair_colour: str
    hair: str
    cloth: str
    room: str
    glasses: bool
    smile: float
    width: float

    @classmethod
    def of(cls, number: int) -> "Looks":
        chance = random.Random(number)
        return cls(
            skin=chance.choice(SKINS),
            hair_colour=chance.choice(HAIRS),
            hair=("short", "bob", "parted", "long", "bun")[number % 5],
            cloth=chance.choice(CLOTHES),
            room=chance.choice(ROOMS),
            glasses=chance.random() < 0.3,
            smile=chance.uniform(0.0, 0.012),
            width=chance.uniform(0.94, 1.06),
        )


def drawn_photo(number: int, *, size: tuple[int, int] = (180, 240)) -> bytes:
    """Return person `number` as a finished photo: a JPEG on white."""
    return _jpeg(_draw(Looks.of(number), size, ground="#ffffff"))


def drawn_selfie(number: int, *, size: tuple[int, int] = (900, 1200)) -> bytes:
    """Return person `number` as a phone might see them: farther away, in a room."""
    looks = Looks.of(number)
    whole = Image.new("RGB", size, looks.room)
    ImageDraw.Draw(whole).rectangle((0, 0, size[0] * 0.16, size[1]), fill="#8f9a9c")
    whole = whole.filter(ImageFilter.GaussianBlur(size[0] / 60))
    person = (round(size[0] * 0.78), round(size[1] * 0.78))
    near = _draw(looks, person, ground="#ffffff")
    cut_out = ImageChops.invert(ImageChops.subtract(near, _draw(looks, person, ground="#000000"))).convert("L")
    whole.paste(near, (round(size[0] * 0.11), size[1] - person[1]), cut_out)
    return _jpeg(whole)


def _draw(looks: Looks, size: tuple[int, int], *, ground: str) -> Image.Image:
    width, height = size[0] * FINER, size[1] * FINER
    picture = Image.new("RGB", (width, height), ground)
    pen = _Pen(ImageDraw.Draw(picture), width, height, looks.width)
    _behind(pen, looks)
    _body(pen, looks)
    _face(pen, looks)
    _in_front(pen, looks)
    return picture.resize(size, Image.Resampling.LANCZOS)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws in fractions of the picture, the face's width stretched around the middle."""

    draw: ImageDraw.ImageDraw
    width: int
    height: int
    stretch: float

    def box(self, box: Box) -> Box:
        left, top, right, bottom = box
        middle = 0.5
        return (
            (middle + (left - middle) * self.stretch) * self.width,
            top * self.height,
            (middle + (right - middle) * self.stretch) * self.width,
            bottom * self.height,
        )

    def round(self, box: Box, colour: str) -> None:
        self.draw.ellipse(self.box(box), fill=colour)

    def arc(self, box: Box, *, start: float, end: float, colour: str, thick: float = 0.008) -> None:
        self.draw.arc(self.box(box), start, end, fill=colour, width=max(1, round(thick * self.width)))

    def slab(self, box: Box, colour: str, *, bend: float = 0.03) -> None:
        self.draw.rounded_rectangle(self.box(box), radius=bend * self.width, fill=colour)

    def slice(self, box: Box, *, start: float, end: float, colour: str) -> None:
        self.draw.pieslice(self.box(box), start, end, fill=colour)


def _behind(pen: _Pen, looks: Looks) -> None:
    if looks.hair == "long":
        pen.slab((0.25, 0.25, 0.75, 0.88), looks.hair_colour, bend=0.14)
    if looks.hair == "bob":
        pen.slab((0.255, 0.2, 0.745, 0.62), looks.hair_colour, bend=0.16)
    if looks.hair == "bun":
        pen.round((0.41, 0.045, 0.59, 0.19), looks.hair_colour)


def _body(pen: _Pen, looks: Looks) -> None:
    pen.slab((0.06, 0.755, 0.94, 1.4), looks.cloth, bend=0.2)
    pen.slab((0.4, 0.58, 0.6, 0.8), _darker(looks.skin, 0.93), bend=0.04)
    pen.slice((0.38, 0.7, 0.62, 0.86), start=0, end=180, colour=_darker(looks.skin, 0.93))
    if looks.hair in {"short", "parted", "bun"}:
        for ear in ((0.27, 0.39, 0.33, 0.5), (0.67, 0.39, 0.73, 0.5)):
            pen.round(ear, _darker(looks.skin, 0.95))


def _face(pen: _Pen, looks: Looks) -> None:
    pen.round((0.285, 0.16, 0.715, 0.68), looks.skin)
    for middle in (0.41, 0.59):
        pen.arc((middle - 0.05, 0.362, middle + 0.05, 0.41), start=200, end=340, colour=looks.hair_colour, thick=0.011)
        pen.round((middle - 0.033, 0.414, middle + 0.033, 0.444), "#fbf7f3")
        pen.round((middle - 0.016, 0.413, middle + 0.016, 0.445), "#2c1d16")
        pen.round((middle - 0.004, 0.418, middle + 0.004, 0.426), "#ffffff")
    pen.arc((0.475, 0.45, 0.525, 0.528), start=40, end=140, colour=_darker(looks.skin, 0.78))
    lips = (0.435, 0.555 - looks.smile, 0.565, 0.595 + looks.smile)
    pen.arc(lips, start=25, end=155, colour="#b0675c", thick=0.012)
    if looks.glasses:
        for middle in (0.41, 0.59):
            pen.draw.rounded_rectangle(
                pen.box((middle - 0.068, 0.39, middle + 0.068, 0.475)),
                radius=0.03 * pen.width,
                outline="#343434",
                width=max(1, round(0.008 * pen.width)),
            )
        pen.arc((0.475, 0.41, 0.525, 0.45), start=200, end=340, colour="#343434")


def _in_front(pen: _Pen, looks: Looks) -> None:
    """Draw the hair over the forehead."""
    if looks.hair == "parted":
        pen.slice((0.28, 0.12, 0.72, 0.36), start=180, end=360, colour=looks.hair_colour)
        pen.slice((0.28, 0.13, 0.56, 0.55), start=170, end=275, colour=looks.hair_colour)
        pen.slice((0.5, 0.13, 0.72, 0.55), start=265, end=370, colour=looks.hair_colour)
        return
    depth = {"short": 0.5, "bob": 0.58, "long": 0.54, "bun": 0.48}[looks.hair]
    pen.slice((0.28, 0.12, 0.72, depth), start=182, end=358, colour=looks.hair_colour)


def _darker(colour: str, share: float) -> str:
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part * share):02x}" for part in parts)


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=92, dpi=(72, 72))
    return file.getvalue()
