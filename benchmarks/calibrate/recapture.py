"""What is no photo of a person: one taken of a screen, a printed page, a print on a table; a drawing."""

import io
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from photo_service.models.ports import Rgb
from photo_service.photo import Located

_GAMMA: Final = 2.2
_TURNED_DEG, _KEYSTONE = 3.0, 0.03
"""How the camera is held to a screen: not quite straight."""
_SCREENS: Final = (15.0, 75.0, 0.0, 45.0)
"""Degrees of the dots of cyan, magenta, yellow and black."""
_PAPER, _TABLE = (250, 249, 244), (118, 92, 74)
_QUALITY: Final = 92


def off_a_screen(picture: Rgb, located: Located, pixels: float) -> Rgb:  # noqa: ARG001 - one signature for all
    """Photograph a display that fills the view, each of its pixels so many camera pixels wide.

    A display pixel is three upright stripes of red, green and blue with gaps between rows. Each camera pixel takes the
    mean over its own square, harmonic by harmonic, so that what is too fine for the camera comes back as moiré.
    """
    height, width = picture.shape[:2]
    size = max(8, round(width / pixels * 1.2)), max(8, round(height / pixels * 1.2))
    shown = (np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX)) / 255.0) ** _GAMMA
    u, v = _on_display(height, width, pixels, size)
    rows = _stripes(v, 0.5, share=0.8, seen=1 / pixels)
    light = np.empty(picture.shape)
    for channel, place in enumerate((1 / 6, 1 / 2, 5 / 6)):
        colour = ndimage.map_coordinates(shown[..., channel], [v - 0.5, u - 0.5], order=1, mode="nearest")
        light[..., channel] = colour * _stripes(u, place, share=0.8 / 3, seen=1 / pixels) * rows
    return _photographed(light * 0.9 + 0.01)


def off_a_page(picture: Rgb, located: Located, period: float) -> Rgb:  # noqa: ARG001 - one signature for all
    """Print with four screens of dots, so many camera pixels from dot to dot, on paper with a grain, and photograph it.

    At 150 dots an inch a face 12 mm wide has 71 across.
    """
    colours = picture.astype(np.float32) / 255
    black = (1 - colours.max(axis=2)) * 0.6
    inks = [(1 - colours[..., channel] - black) / (1 - black + 1e-6) for channel in range(3)]
    page = np.ones_like(colours)
    for channel, ink in enumerate(inks):
        page[..., channel] *= 1 - _dots(ink, _SCREENS[channel], period)
    page *= (1 - _dots(black, _SCREENS[3], period))[..., None]
    grain = ndimage.gaussian_filter(np.random.default_rng(0).normal(0, 1, picture.shape[:2]), 1.5) * 0.02
    page = ndimage.gaussian_filter(page, (0.6, 0.6, 0)) * 0.9 + 0.04 + grain[..., None]
    return _photographed(np.clip(page, 0, 1) ** _GAMMA)


def print_on_a_table(picture: Rgb, located: Located, degrees: float) -> Rgb:
    """Lay a print with a white border on a table, turned by so many degrees, head and shoulders and no more on it."""
    anatomy = located.anatomy
    unit = math.dist(anatomy.eyes, anatomy.chin)
    left, right = (round(anatomy.eyes[0] + side * 2.0 * unit) for side in (-1, 1))
    top, bottom = round(anatomy.eyes[1] - 1.9 * unit), round(anatomy.eyes[1] + 2.4 * unit)
    sheet = Image.fromarray(picture).crop((max(left, 0), max(top, 0), right, bottom))
    border = max(2, round(0.25 * unit))
    framed = Image.new("RGB", (sheet.width + 2 * border, sheet.height + 2 * border), _PAPER)
    framed.paste(sheet, (border, border))
    turned = framed.convert("RGBA").rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    table = Image.new("RGB", (turned.width + 4 * border, turned.height + 4 * border), _TABLE)
    table.paste(turned, (2 * border, 2 * border), turned)
    return _photographed((np.asarray(table) / 255.0) ** _GAMMA)


def cartoon(picture: Rgb, located: Located, levels: float) -> Rgb:
    """Smooth between edges, leave so many levels of each channel, and draw the edges dark."""
    sigma, step = 0.03 * located.anatomy.inter_eye, 256 / levels
    pixels = picture.astype(np.float32)
    for _ in range(3):
        around = ndimage.gaussian_filter(pixels, (sigma, sigma, 0))
        like = np.exp(-((np.abs(pixels - around).max(axis=2, keepdims=True) / 25) ** 2))
        pixels = pixels * (1 - like) + around * like
    flat = (np.floor(pixels / step) + 0.5) * step
    edges = np.abs(ndimage.gaussian_laplace(picture.mean(axis=2), 0.4 * sigma))
    drawn = flat * np.where(edges > np.percentile(edges, 96), 0.35, 1)[..., None]
    return np.asarray(np.clip(drawn, 0, 255), np.uint8)


def _on_display(
    height: int, width: int, pixels: float, size: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return which column and row of the display each camera pixel sees."""
    y, x = np.mgrid[0:height, 0:width] - np.array([height / 2, width / 2])[:, None, None]
    cos, sin = math.cos(math.radians(_TURNED_DEG)), math.sin(math.radians(_TURNED_DEG))
    farther = (1 + _KEYSTONE * (x / width + 0.7 * y / height)) * pixels
    return (x * cos + y * sin) / farther + size[0] / 2, (y * cos - x * sin) / farther + size[1] / 2


def _stripes(across: NDArray[np.float64], place: float, *, share: float, seen: float) -> NDArray[np.float64]:
    """Return how much light comes through stripes of a share of the display's pixel, as a camera sees them whose own
    pixel is `seen` display pixels wide and whose lens blurs a third of that."""
    light = np.ones_like(across)
    for harmonic in (1, 2, 3):
        left = np.sinc(harmonic * seen * 0.9) * math.exp(-2 * (math.pi * harmonic * seen * 0.35) ** 2)
        light += 2 * np.sinc(harmonic * share) * left * np.cos(2 * np.pi * harmonic * (across - place))
    return light.clip(0, None)


def _dots(ink: NDArray[np.floating], degrees: float, period: float) -> NDArray[np.floating]:
    ys, xs = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]] * (2 * np.pi / period)
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    threshold = 0.5 + 0.25 * (np.cos(xs * cos + ys * sin) + np.cos(ys * cos - xs * sin))
    dots: NDArray[np.floating] = np.clip((np.clip(ink, 0, 1) - threshold) / max(0.12, 1.2 / period) + 0.5, 0, 1)
    return dots


def _photographed(light: NDArray[np.floating]) -> Rgb:
    """Add a sensor's grain, encode, and save as a phone does."""
    noise = np.random.default_rng(0).normal(0, 0.012, light.shape) * np.sqrt(np.clip(light, 0, 1) + 0.02)
    encoded = (np.clip(light + noise, 0, 1) ** (1 / _GAMMA) * 255 + 0.5).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(encoded).save(stream, "JPEG", quality=_QUALITY)
    return np.asarray(Image.open(stream).convert("RGB"))
