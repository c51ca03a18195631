"""The column of words beside the picture: the verdict, every reason with what to do, the numbers, what each line is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from photo_service.drawing.fonts import Fonts

Ink = tuple[int, int, int]

PAPER, INK, SOFT, GOOD, BAD, SOSO = (
    (250, 250, 248),
    (30, 34, 40),
    (96, 104, 114),
    (20, 136, 72),
    (196, 38, 46),
    (190, 120, 0),
)
_PADDING: Final = 22
_FOOT_PX: Final = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph: wrapped at the column's width, `before` pixels below the one above.

    `bullet` is a small disc before it, or a stroke where `stroke` is set.
    """

    text: str
    size_px: int = 18
    ink: Ink = INK
    before: int = 4
    bullet: Ink | None = None
    stroke: bool = False
    indent: int = 0


def draw_column(
    lines: list[Line], *, width: int, least_height: int, fonts: Fonts, foot: Image.Image | None = None
) -> Image.Image:
    """Set the paragraphs under each other, and a small picture at the foot; the column is as high as they need."""
    placed = list(_placed(lines, width - 2 * _PADDING, fonts))
    end = (placed[-1].top + placed[-1].line.size_px * 2 if placed else 0) + _PADDING
    small = _small(foot) if foot else None
    height = max(least_height, end + (small.height + _PADDING if small else 0))
    column = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(column)
    for one in placed:
        left, middle = _PADDING + one.left, one.top + one.line.size_px * 0.7
        if one.first and one.line.bullet:
            _bullet(column, one.line, (left - 27, round(middle)))
        pen.text((left, middle), one.text, fill=one.line.ink, font=fonts.at(one.line.size_px), anchor="lm")
    if small:
        column.paste(small, (_PADDING, end))
        pen.rectangle((_PADDING - 1, end - 1, _PADDING + small.width, end + small.height), outline=SOFT)
    return column


def _small(foot: Image.Image) -> Image.Image:
    """Shrink the finished photo to fit the foot, on paper where it is transparent; it is never enlarged."""
    picture = Image.new("RGB", foot.size, PAPER)
    picture.paste(foot.convert("RGB"), mask=foot.getchannel("A") if foot.mode == "RGBA" else None)
    picture.thumbnail((_FOOT_PX, _FOOT_PX), Image.Resampling.LANCZOS)
    return picture


@dataclass(frozen=True, slots=True)
class _Placed:
    line: Line
    text: str
    left: int
    top: int
    first: bool


def _placed(lines: list[Line], width: int, fonts: Fonts) -> Iterator[_Placed]:
    top = _PADDING
    for line in lines:
        top += line.before
        left = line.indent + (26 if line.bullet else 0)
        for number, text in enumerate(wrapped(line.text, width - left, fonts, line.size_px)):
            yield _Placed(line, text, left, top, first=number == 0)
            top += round(line.size_px * 1.42)


def wrapped(text: str, width: int, fonts: Fonts, size_px: int) -> list[str]:
    """Break a text into lines: between any two Chinese characters, and between words of other languages."""
    font, lines, line = fonts.at(size_px), [], ""
    for piece in _pieces(text):
        if line and font.getlength(line + piece.rstrip()) > width and piece not in "，。；：、）！？":
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line or not lines else lines


def _pieces(text: str) -> list[str]:
    return re.findall(r"[!-~]+ ?|.", text)


def _bullet(column: Image.Image, line: Line, at: tuple[int, int]) -> None:
    """Paste a disc or a stroke of the drawing's own colour, drawn large and shrunk, so that it is smooth."""
    tile = Image.new("RGB", (96, 64), PAPER)
    pen = ImageDraw.Draw(tile)
    if line.stroke:
        pen.rectangle((4, 20, 92, 43), fill=SOFT)
        pen.rectangle((8, 24, 88, 39), fill=line.bullet)
    else:
        pen.ellipse((24, 8, 72, 56), fill=line.bullet)
    column.paste(tile.resize((24, 16), Image.Resampling.BOX), (at[0], at[1] - 7))
