"""People with a known alpha: portraits before a plain wall, keyed by the wall's colour (chroma keying).

No free set of true soft mattes exists here. Before one flat colour the share of the wall in a pixel can be read off
directly, hair by hair; that alpha is the truth of the composites, and the network never sees the plain wall.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from photo_service.foreground import estimate_foreground
from photo_service.pipeline import Studio
from photo_service.stopwatch import Stopwatch

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "photos" / "dev"
BEFORE_A_PLAIN_WALL = (
    "good-92b21539.jpg", "good-d7eb3f65.jpg", "good-fd4e2cba.png", "good-bb237ed5.jpg",
    "good-09276156.jpg", "hairears-677dbb4c.jpg", "hairears-693eeace.png", "good-6656a163.jpg",
)  # fmt: skip
LONGEST_PX = 700

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Person:
    """The person's own colours (0 to 255) and true alpha."""

    colours: Plane
    alpha: Plane


def people(studio: Studio) -> list[Person]:
    """Key every portrait; empty where the photos are not here."""
    files = [FOLDER / name for name in BEFORE_A_PLAIN_WALL]
    return [_key(studio, file) for file in files if file.is_file()]


def walls(shape: tuple[int, ...]) -> Iterator[tuple[str, Plane]]:
    """Name backgrounds that are hard for a matte: saturated, dark as hair, textured, striped."""
    height, width = shape[:2]
    for name, colour in (("blue", (20, 60, 220)), ("green", (40, 180, 60)), ("dark", (30, 28, 35))):
        yield name, np.broadcast_to(np.array(colour, np.float32), (height, width, 3))
    noise = ndimage.gaussian_filter(np.random.default_rng(1).normal(0, 1, (height, width, 3)), (6, 6, 0))
    yield "texture", ((noise - noise.min()) / np.ptp(noise) * 255).astype(np.float32)
    bars = ((np.arange(width) // 23) % 2)[None, :, None] * np.array([150, 60, -60]) + np.array([60, 90, 120])
    yield "bars", np.broadcast_to(bars, (height, width, 3)).astype(np.float32)


def _key(studio: Studio, file: Path) -> Person:
    with Image.open(file) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.LANCZOS)
    pixels = np.asarray(picture, np.float32)
    rough = _rough(studio, picture)
    wall, inside = (
        ndimage.binary_erosion(rough < 0.02, iterations=10),
        ndimage.binary_erosion(rough > 0.98, iterations=12),
    )
    back, own = _spread(pixels, wall, 40.0), _spread(pixels, inside, 14.0)
    step = own - back
    share = ((pixels - back) * step).sum(axis=2) / np.maximum((step**2).sum(axis=2), 30)
    alpha = np.where(wall, 0.0, np.where(inside, 1.0, np.clip((share - 0.06) / 0.88, 0, 1)))
    body, _ = ndimage.label(alpha > 0.3)
    alpha *= ndimage.binary_dilation(body == np.bincount(body[inside]).argmax(), iterations=3)
    filled = ndimage.binary_fill_holes(alpha > 0.5)
    alpha = np.where(ndimage.binary_erosion(filled, iterations=6), np.maximum(alpha, filled), alpha).astype(np.float32)
    return Person(estimate_foreground(np.asarray(picture), alpha), alpha)


def _rough(studio: Studio, picture: Image.Image) -> Plane:
    import io

    stream = io.BytesIO()
    picture.save(stream, "PNG")
    matted = studio.matted(stream.getvalue(), Stopwatch())
    region = matted.region
    alpha = Image.fromarray(matted.alpha).resize((region.width, region.height))
    rough = np.zeros((picture.height, picture.width), np.float32)
    rough[region.top : region.bottom, region.left : region.right] = np.asarray(alpha)
    return rough


def _spread(pixels: Plane, mask: NDArray[np.bool_], sigma: float) -> Plane:
    """Carry the masked pixels' colours over the rest, smoothly."""
    weight = ndimage.gaussian_filter(mask.astype(np.float32), sigma)
    total = ndimage.gaussian_filter(pixels * mask[..., None], (sigma, sigma, 0))
    spread: Plane = (total / np.maximum(weight, 1e-4)[..., None]).astype(np.float32)
    return spread
