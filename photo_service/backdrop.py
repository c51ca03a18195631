"""What is painted behind the person: one colour, or two running into each other from top to bottom or outwards."""

import colorsys
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photo_service.contract import SpecError
from photo_service.models.ports import Rgb
from photo_service.spec import Spec

Colour = tuple[int, int, int]

WHITE, BLUE, RED = (255, 255, 255), (0x43, 0x8E, 0xDB), (255, 0, 0)
"""The usual ones of photo shops and their programs (see specs/one-inch.toml)."""

NAMES: Final = {
    **dict.fromkeys(("white", "白", "白色"), WHITE),
    **dict.fromkeys(("blue", "蓝", "蓝色"), BLUE),
    **dict.fromkeys(("red", "红", "红色"), RED),
}
GRADIENT_NAMES: Final = ("gradient", "渐变")
TRANSPARENT: Final = "transparent"
"""Asked for in a background's place: nothing is painted at all, and the file is a PNG. No spec takes one."""
_HUE_APART: Final = 1 / 12
"""30° of the colour circle: colours nearer than that go by one name."""
_PALE: Final = 0.12
"""Saturation below which a colour has no hue that anybody would name."""


class Shape(StrEnum):
    """How two colours run into each other."""

    PLAIN = "plain"
    VERTICAL = "vertical"
    RADIAL = "radial"


@dataclass(frozen=True, slots=True)
class Backdrop:
    """`first` is at the top (vertical) or in the middle (radial), `last` at the bottom or in the corners.

    Where the shape is plain both are the one colour.
    """

    shape: Shape
    first: Colour
    last: Colour

    def __str__(self) -> str:
        """Write it as it may be asked for: #438EDB, #438EDB..#FFFFFF, radial:#FFFFFF,#438EDB."""
        match self.shape:
            case Shape.PLAIN:
                return hex_of(self.first)
            case Shape.VERTICAL:
                return f"{hex_of(self.first)}..{hex_of(self.last)}"
            case Shape.RADIAL:
                return f"radial:{hex_of(self.first)},{hex_of(self.last)}"


class BackgroundRefused(SpecError):
    """A background that is none, or that the spec does not take.

    Facts: `background` (as it was asked for), `spec`, `choices` (what the spec takes).
    """

    code = "background_refused"


def backdrop_of(spec: Spec, wish: str | None = None) -> Backdrop | None:
    """Choose what is painted: the spec's own colour, or the one wished for where the spec takes it.

    None where the original background stays. A wish is a colour (#438EDB), a name (white, blue, red, 白, 蓝, 红: the
    spec's own shade of it, if it has one), or a gradient: `gradient`, `#TOP..#BOTTOM`, `radial:#MIDDLE,#CORNERS`.
    Raises BackgroundRefused.
    """
    own = spec.background
    if wish is None:
        return plain(own.colour) if own.colour is not None else None
    wanted = _read(wish, own.choices)
    allowed = wanted is not None and own.replacement_allowed
    if wanted is None or not allowed or not (own.any_colour or _is_choice(wanted, own.choices)):
        raise BackgroundRefused(background=wish, spec=spec.id, choices=list(_takes(spec)))
    return wanted


def plain(colour: Colour) -> Backdrop:
    return Backdrop(Shape.PLAIN, colour, colour)


def paint(backdrop: Backdrop, *, width: int, height: int) -> Rgb:
    """Paint the background alone. The same backdrop gives the same pixels; corners are exactly `last` when radial."""
    if backdrop.shape is Shape.PLAIN:
        return np.full((height, width, 3), backdrop.first, np.uint8)
    first, last = np.array(backdrop.first, np.float64), np.array(backdrop.last, np.float64)
    share = _share(backdrop.shape, width, height)[..., None]
    painted: Rgb = np.rint(first + (last - first) * share).astype(np.uint8)
    return painted


def hex_of(colour: Colour) -> str:
    return "#" + bytes(colour).hex().upper()


def _share(shape: Shape, width: int, height: int) -> NDArray[np.float64]:
    """Return how much of the last colour each pixel has, 0 to 1."""
    down = np.linspace(0.0, 1.0, height)[:, None]
    across = np.linspace(-1.0, 1.0, width)[None, :]
    if shape is Shape.VERTICAL:
        return np.broadcast_to(down, (height, width))
    share: NDArray[np.float64] = np.hypot(across * width, (2 * down - 1) * height) / np.hypot(width, height)
    return share


def _read(wish: str, choices: tuple[Colour, ...]) -> Backdrop | None:
    """Read a wish; None where it is no background at all."""
    text = wish.strip().lower()
    if text in GRADIENT_NAMES:
        return Backdrop(Shape.VERTICAL, BLUE, WHITE)
    for shape, first, last in _pairs(text):
        ends = _colour(first, choices), _colour(last, choices)
        return Backdrop(shape, ends[0], ends[1]) if ends[0] and ends[1] else None
    colour = _colour(text, choices)
    return plain(colour) if colour else None


def _pairs(text: str) -> Iterator[tuple[Shape, str, str]]:
    """Yield the gradient that a text is, if it is one."""
    if radial := re.fullmatch(r"radial:([^,]+),([^,]+)", text):
        yield Shape.RADIAL, radial[1], radial[2]
    elif vertical := re.fullmatch(r"(?:vertical:)?([^.]+)\.\.([^.]+)", text):
        yield Shape.VERTICAL, vertical[1], vertical[2]


def _colour(text: str, choices: tuple[Colour, ...]) -> Colour | None:
    name = text.strip()
    if name in NAMES:
        return _own_shade(NAMES[name], choices)
    if not re.fullmatch(r"#?[0-9a-f]{6}", name):
        return None
    red, green, blue = bytes.fromhex(name.removeprefix("#"))
    return red, green, blue


def _own_shade(colour: Colour, choices: tuple[Colour, ...]) -> Colour:
    """Return the spec's own colour of that name: the blue of one examination is not the blue of another."""
    if colour in choices:
        return colour
    return next((choice for choice in choices if _go_by_one_name(colour, choice)), colour)


def _go_by_one_name(first: Colour, second: Colour) -> bool:
    hues = [colorsys.rgb_to_hsv(*(channel / 255 for channel in colour)) for colour in (first, second)]
    if any(saturation < _PALE for _, saturation, _ in hues):
        return all(saturation < _PALE and value > 1 - _PALE for _, saturation, value in hues)
    apart = abs(hues[0][0] - hues[1][0])
    return min(apart, 1 - apart) < _HUE_APART


def _is_choice(backdrop: Backdrop, choices: tuple[Colour, ...]) -> bool:
    return backdrop.shape is Shape.PLAIN and backdrop.first in choices


def _takes(spec: Spec) -> Iterator[str]:
    """List what may be asked for, for a person to read."""
    if spec.background.replacement_allowed:
        yield from (hex_of(colour) for colour in spec.background.choices)
    if spec.background.any_colour:
        yield from ("#RRGGBB", "gradient", "#RRGGBB..#RRGGBB", "radial:#RRGGBB,#RRGGBB")
