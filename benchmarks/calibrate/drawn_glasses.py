"""Glasses drawn over a bare face: what the weights of `glasses_worn` are learned from.

Frames as opticians sell them, by judgement: wide and narrow, thick and thin, round and square, whole, half and without
a rim, black, brown, of metal and of pale plastic, with shadow, shine and tint. Lengths are in eye distances: of 63 mm,
so that 0.016 is a millimetre.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from photo_service.models.ports import Points, Rgb
from photo_service.photo import CHIP_IED, CHIP_SIDE

Raster = NDArray[np.floating]
Style = Literal["full", "thin", "half", "rimless", "dark"]
Dice = np.random.Generator

_STYLES: Final[tuple[Style, ...]] = ("full", "full", "full", "thin", "thin", "half", "half", "rimless", "dark")
_THICK: Final[dict[Style, tuple[float, float]]] = {
    "full": (0.035, 0.10),
    "thin": (0.012, 0.035),
    "half": (0.015, 0.07),
    "rimless": (0.008, 0.02),
    "dark": (0.02, 0.09),
}
_WIRES: Final = ((25, 25, 28), (70, 65, 60), (110, 105, 100), (150, 120, 70), (170, 165, 160), (60, 40, 30))
_PLASTICS: Final = (
    (22, 20, 22),
    (22, 20, 22),
    (45, 35, 30),
    (80, 50, 35),
    (30, 30, 60),
    (120, 30, 30),
    (190, 180, 170),
)
_FINER: Final = 3
"""Pixels of the drawing along one of the chip, so that lines have soft edges."""
_EYES: Final = ((-1, 33, 133, 127), (1, 263, 362, 356))
"""Side, outer and inner corner of the eye, and the edge of the face beside it, where the temple goes."""
_BRIDGE: Final = 168
_LIGHT_SKIN: Final = 160.0


@dataclass(frozen=True, slots=True)
class Frame:
    """One pair of glasses, in chip pixels."""

    style: Style
    thick: float
    above: float
    below: float
    low: float
    square: tuple[float, float]
    outwards: float
    gap: float
    turned: float
    askew: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Lens:
    """Where one lens lies: its middle, half its width, which side of the nose, and where its temple ends."""

    x: float
    y: float
    half: float
    side: int
    temple: tuple[float, float]


def any_frame(dice: Dice) -> Frame:
    """Take one pair of glasses at random."""
    style = _STYLES[int(dice.integers(len(_STYLES)))]
    unit = CHIP_IED * dice.uniform(0.93, 1.07)
    above, below = dice.uniform(0.16, 0.30), dice.uniform(0.20, 0.42)
    square = float(dice.uniform(2.0, 5.5)), float(dice.uniform(1.9, 3.8))
    if dice.random() < 0.25:
        above = below = dice.uniform(0.26, 0.40)
        square = 2.0, 2.0
    return Frame(
        style=style,
        thick=float(dice.uniform(*_THICK[style])) * CHIP_IED,
        above=above * unit,
        below=below * unit,
        low=float(dice.uniform(-0.02, 0.08)) * unit,
        square=square,
        outwards=float(dice.uniform(0.11, 0.71)),
        gap=float(dice.uniform(0.07, 0.15)) * CHIP_IED,
        turned=float(dice.normal(0, 1.2)),
        askew=(float(dice.normal(0, 1.2)), float(dice.normal(0, 1.5))),
    )


def wear(chip: Rgb, points: Points, dice: Dice, *, enlarged: float) -> Rgb:
    """Draw glasses taken at random over a face's chip, as soft as a chip enlarged so many times is."""
    frame = any_frame(dice)
    lenses = [_lens(points, frame, *eye) for eye in _EYES]
    softness = dice.uniform(0.25, 0.7) * max(1.0, enlarged)
    bridge = float(points[_BRIDGE, 0]), float(points[_BRIDGE, 1])
    rim, glass, edge = (
        _softened(drawn.rotate(frame.turned, center=(bridge[0] * _FINER, bridge[1] * _FINER)), softness)
        for drawn in (_rims(frame, lenses, dice), _glasses(frame, lenses), _edges(frame, lenses))
    )
    cheek = np.median(chip[150:170, 90:166].reshape(-1, 3), axis=0)
    light = min(1.3, max(0.4, float(cheek.mean()) / _LIGHT_SKIN))
    picture = _shaded(chip.astype(np.float32), rim, dice)
    picture = _tinted(picture, glass, frame, cheek, dice)
    picture = _shining(picture, glass, lenses, dice, softness)
    picture = _laid_over(picture, rim, _material(frame, light, dice), dice.uniform(0.75, 1.0))
    if frame.style in {"rimless", "half"}:
        grey = np.full(3, float(dice.choice([255.0, 230.0, 60.0, 30.0])) * min(1.0, light))
        picture = _laid_over(picture, edge, grey, dice.uniform(0.1, 0.5))
    if dice.random() < 0.3:
        picture = _lit_from_above(picture, rim, light, dice)
    return np.asarray(np.clip(picture + 0.5, 0, 255), np.uint8)


def _lens(points: Points, frame: Frame, side: int, outer: int, inner: int, edge: int) -> _Lens:
    """Place a lens between the bridge of the nose and the edge of the face, narrower on the side turned away."""
    eye = (points[outer, :2] + points[inner, :2]) / 2
    bridge = float(points[_BRIDGE, 0])
    foreshortened = max(abs(float(eye[0]) - bridge) / (CHIP_IED / 2), 0.3)
    last = float(points[outer, 0] + (points[edge, 0] - points[outer, 0]) * frame.outwards) + side * 0.02 * CHIP_IED
    first = bridge + side * frame.gap * foreshortened
    x, y = (first + last) / 2 + frame.askew[0], float(eye[1]) + frame.low + frame.askew[1]
    return _Lens(x, y, abs(last - first) / 2, side, (float(points[edge, 0]), y - 0.5 * frame.above))


def _outline(lens: _Lens, frame: Frame) -> list[tuple[float, float]]:
    """Return a lens' outline, round at an exponent of 2 and the squarer the higher it is, in the drawing's pixels."""
    turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    across, down = np.cos(turn), np.sin(turn)
    rounder = np.where(down < 0, 2 / frame.square[0], 2 / frame.square[1])
    xs = lens.x + lens.side * lens.half * np.sign(across) * np.abs(across) ** rounder
    ys = lens.y + np.where(down < 0, frame.above, frame.below) * np.sign(down) * np.abs(down) ** rounder
    return [(float(x) * _FINER, float(y) * _FINER) for x, y in zip(xs, ys, strict=True)]


def _sheet() -> Image.Image:
    return Image.new("L", (CHIP_SIDE * _FINER, CHIP_SIDE * _FINER), 0)


def _softened(drawn: Image.Image, softness: float) -> Raster:
    small = drawn.resize((CHIP_SIDE, CHIP_SIDE), Image.Resampling.BOX)
    soft: Raster = ndimage.gaussian_filter(np.asarray(small, np.float32) / 255, softness)
    return soft


def _glasses(frame: Frame, lenses: list[_Lens]) -> Image.Image:
    sheet = _sheet()
    for lens in lenses:
        ImageDraw.Draw(sheet).polygon(_outline(lens, frame), fill=255)
    return sheet


def _edges(frame: Frame, lenses: list[_Lens]) -> Image.Image:
    """Draw the lenses' own edges, seen where there is no rim."""
    sheet = _sheet()
    for lens in lenses:
        outline = _outline(lens, frame)
        ImageDraw.Draw(sheet).line(
            outline + outline[:2], fill=255, width=round(0.012 * CHIP_IED * _FINER), joint="curve"
        )
    return sheet


def _rims(frame: Frame, lenses: list[_Lens], dice: Dice) -> Image.Image:
    """Draw what frames are made of: rims, as far as the style has them, temples, bridge, and often nose pads."""
    sheet = _sheet()
    draw, width = ImageDraw.Draw(sheet), max(1, round(frame.thick * _FINER))
    metal = max(1, round(float(dice.uniform(0.015, 0.035)) * CHIP_IED * _FINER))
    heavy_brow = frame.style == "full" and dice.random() < 0.5
    for lens in lenses:
        outline, height = _outline(lens, frame), lens.y * _FINER
        upper = sorted(place for place in outline if place[1] < height + 0.2 * frame.below * _FINER)
        if frame.style in {"full", "thin", "dark"}:
            draw.line(outline + outline[:2], fill=255, width=width, joint="curve")
        if frame.style == "half" or heavy_brow:
            thicker = dice.uniform(1.1, 1.7) if heavy_brow else 1.0
            draw.line(upper, fill=255, width=round(width * thicker), joint="curve")
        (x, y), hinge = lens.temple, lens.y - frame.above * dice.uniform(0.2, 0.75)
        start, end = lens.x + lens.side * lens.half, x + lens.side * dice.uniform(0, 0.06) * CHIP_IED
        line = [(start * _FINER, hinge * _FINER), (end * _FINER, (y + dice.normal(0, 0.03) * CHIP_IED) * _FINER)]
        draw.line(line, fill=255, width=metal if frame.style == "rimless" else round(width * dice.uniform(0.5, 1.3)))
    _draw_bridge(draw, frame, lenses, dice, metal if frame.style == "rimless" else width)
    return sheet


def _draw_bridge(draw: ImageDraw.ImageDraw, frame: Frame, lenses: list[_Lens], dice: Dice, width: int) -> None:
    right, left = (lens.x - lens.side * lens.half for lens in lenses)
    middle, y = (right + left) / 2, (lenses[0].y + lenses[1].y) / 2
    low, high = y - dice.uniform(-0.01, 0.42) * frame.above, dice.uniform(0, 0.07) * CHIP_IED
    arc = [(right * _FINER, low * _FINER), (middle * _FINER, (low - high) * _FINER), (left * _FINER, low * _FINER)]
    draw.line(arc, fill=255, width=max(1, round(width * dice.uniform(0.6, 1.2))), joint="curve")
    if dice.random() < 0.12:
        above = (low - 0.12 * CHIP_IED) * _FINER
        draw.line([(right * _FINER, above), (left * _FINER, above)], fill=255, width=width)
    if dice.random() < 0.5:
        for end in (right, left):
            x = (end + (middle - end) * 0.3) * _FINER
            pad = [(x, (y + 0.02 * CHIP_IED) * _FINER), (x, (y + 0.12 * CHIP_IED) * _FINER)]
            draw.line(pad, fill=150, width=round(0.02 * CHIP_IED * _FINER))


def _laid_over(picture: Raster, where: Raster, colour: NDArray[np.floating], opacity: float) -> Raster:
    share = np.clip(where * opacity, 0, 1)[..., None]
    laid: Raster = picture * (1 - share) + colour * share
    return laid


def _shaded(picture: Raster, rim: Raster, dice: Dice) -> Raster:
    """Lay the shadow of the frame on the skin below it."""
    if dice.random() > 0.7:
        return picture
    moved = np.roll(rim, (int(dice.integers(2, 9)), int(dice.integers(-3, 4))), (0, 1))
    shaded: Raster = (
        picture * (1 - dice.uniform(0.03, 0.3) * ndimage.gaussian_filter(moved, dice.uniform(1.5, 4)))[..., None]
    )
    return shaded


def _tinted(picture: Raster, glass: Raster, frame: Frame, cheek: NDArray[np.floating], dice: Dice) -> Raster:
    if frame.style == "dark":
        return _laid_over(picture, glass, dice.uniform(5, 70, 3), dice.uniform(0.4, 0.95))
    return _laid_over(picture, glass, cheek * dice.uniform(0.3, 1.2), dice.uniform(0, 0.12))


def _shining(picture: Raster, glass: Raster, lenses: list[_Lens], dice: Dice, softness: float) -> Raster:
    """Let a window or a lamp shine in the lenses, white or in the colours of a coating."""
    if dice.random() > 0.45:
        return picture
    sheet = Image.new("L", (CHIP_SIDE, CHIP_SIDE), 0)
    for lens in lenses:
        place = np.array([lens.x, lens.y]) + dice.normal(0, 0.12 * CHIP_IED, 2)
        angle, length = dice.uniform(0, math.pi), dice.uniform(3, 16)
        along = np.array([math.cos(angle), math.sin(angle)]) * length
        beside = np.array([-along[1], along[0]]) * dice.uniform(0.2, 0.9)
        corners = (place + along + beside, place + along - beside, place - along - beside, place - along + beside)
        ImageDraw.Draw(sheet).polygon([(float(x), float(y)) for x, y in corners], fill=255)
    spot = ndimage.gaussian_filter(np.asarray(sheet, np.float32) / 255, dice.uniform(0.6, 3) * softness)
    coating = dice.choice([[255, 255, 255], [210, 235, 255], [215, 255, 225], [235, 215, 255]])
    return _laid_over(picture, spot * glass, coating, dice.uniform(0.1, 0.8))


def _material(frame: Frame, light: float, dice: Dice) -> NDArray[np.floating]:
    """Return the frame's colour; of a wire often its shine as well, pixel by pixel."""
    is_wire = frame.style in {"thin", "rimless"}
    colours = _WIRES if is_wire else _PLASTICS
    colour = np.array(colours[int(dice.integers(len(colours)))]) * dice.uniform(0.7, 1.3) * light
    if (is_wire or frame.style == "half") and dice.random() < 0.5:
        return np.clip(colour + (_cloudy(6, dice) * dice.uniform(10, 45))[..., None], 0, 255)
    return np.clip(colour, 0, 255)


def _lit_from_above(picture: Raster, rim: Raster, light: float, dice: Dice) -> Raster:
    upper = np.clip(rim - np.roll(rim, int(dice.integers(1, 3)), 0), 0, 1)
    shine = upper * np.clip(_cloudy(8, dice), 0, 1.5)
    return _laid_over(picture, shine, np.full(3, min(255.0, 235 * max(0.5, light))), dice.uniform(0.2, 0.6))


def _cloudy(size: float, dice: Dice) -> Raster:
    """Return clouds of a size in pixels, of mean 0 and deviation 1."""
    clouds = ndimage.gaussian_filter(dice.normal(0, 1, (CHIP_SIDE, CHIP_SIDE)), size)
    normed: Raster = (clouds / clouds.std()).astype(np.float32)
    return normed
