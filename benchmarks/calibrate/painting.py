"""What is done to good pictures: light, focus, compression, turns, crops, and things painted on."""

import io
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from photo_service.models.ports import Rgb
from photo_service.photo import Located

LOWER_FACE = (195, 50, 123, 58, 172, 150, 152, 379, 397, 288, 352, 280)
LENSES = (70, 105, 107, 9, 336, 334, 300, 356, 346, 329, 195, 100, 117, 127)
_EYES = ((33, 133), (362, 263))
_SHADE = (22, 20, 24)
_MASK = (150, 190, 215)


def lit(picture: Rgb, share: float) -> Rgb:
    """Let a share of the light fall, in (nearly) linear light."""
    return _encoded((picture / 255.0) ** 2.2 * share)


def shaded(picture: Rgb, located: Located, share: float) -> Rgb:
    """Let only a share of the light fall on the person's left half, with a soft edge along the nose."""
    anatomy = located.anatomy
    roll, (height, width) = math.radians(anatomy.roll), picture.shape[:2]
    across = (np.arange(width)[None, :] - anatomy.eyes[0]) * math.cos(roll)
    across = across + (np.arange(height)[:, None] - anatomy.eyes[1]) * math.sin(roll)
    part = np.clip(across / (0.2 * anatomy.inter_eye) + 0.5, 0, 1)[..., None]
    return _encoded((picture / 255.0) ** 2.2 * (1 - part * (1 - share)))


def blurred(picture: Rgb, located: Located, share: float) -> Rgb:
    """Blur with a Gaussian of a share of the eye distance."""
    sigma = share * located.anatomy.inter_eye
    return ndimage.gaussian_filter(picture, (sigma, sigma, 0))


def fogged(picture: Rgb, share: float) -> Rgb:
    """Leave a share of the contrast, about a pale grey."""
    return _bytes(picture * share + 150 * (1 - share))


def drained(picture: Rgb, share: float) -> Rgb:
    """Take a share of the colour away."""
    grey = picture.mean(axis=2, keepdims=True)
    return _bytes(picture * (1 - share) + grey * share)


def warmed(picture: Rgb, share: float) -> Rgb:
    """Take a share of the blue and a quarter of it of the green, as a coloured lamp does."""
    return _bytes(picture * np.array([1.0, 1 - share / 4, 1 - share]))


def compressed(picture: Rgb, quality: int) -> Rgb:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream).convert("RGB"))


def turned(picture: Rgb, located: Located, degrees: float) -> Rgb:
    """Turn about the eyes until the head leans so many degrees; edges are filled with the picture's own corner."""
    corner = picture[0, 0]
    image = Image.fromarray(picture)
    fill = (int(corner[0]), int(corner[1]), int(corner[2]))
    angle = located.anatomy.roll - degrees
    return np.asarray(image.rotate(angle, Image.Resampling.BICUBIC, center=located.anatomy.eyes, fillcolor=fill))


def with_glare(picture: Rgb, located: Located, share: float) -> Rgb:
    """Put a white spot over the left eye, its radius a share of half the eye's width."""
    outer, inner = (located.mesh.points[mark, :2] for mark in _EYES[1])
    radius = share * math.dist(outer, inner) / 2
    x, y = ((outer + inner) / 2).tolist()
    canvas = Image.fromarray(picture)
    ImageDraw.Draw(canvas).ellipse((x - radius * 1.3, y - radius, x + radius * 1.3, y + radius), fill=(253, 253, 252))
    return np.asarray(canvas)


def with_mask(picture: Rgb, located: Located, share: float) -> Rgb:
    """Cover the lower face from the chin up to a share of its height."""
    cover = _polygon(picture, located, LOWER_FACE)
    rows = np.flatnonzero(cover.any(axis=1))
    if rows.size:
        cover[: int(rows[-1] - share * (rows[-1] - rows[0]))] = False
    return _painted(picture, cover, _MASK, 1.0)


def with_lenses(picture: Rgb, located: Located, opacity: float) -> Rgb:
    return _painted(picture, _polygon(picture, located, LENSES), _SHADE, opacity)


def with_frames(picture: Rgb, located: Located, share: float) -> Rgb:
    """Draw dark frames, their lines a share of the eye distance thick."""
    canvas, points = Image.fromarray(picture), located.mesh.points
    draw, unit = ImageDraw.Draw(canvas), located.anatomy.inter_eye
    width = max(1, round(share * unit))
    ends: list[float] = []
    for eye, edge in zip(_EYES, (127, 356), strict=True):
        x, y = points[list(eye), :2].mean(axis=0).tolist()
        box = (x - 0.38 * unit, y - 0.25 * unit, x + 0.38 * unit, y + 0.36 * unit)
        outer, inner = (box[0], box[2]) if edge == 127 else (box[2], box[0])
        draw.rounded_rectangle(box, radius=0.2 * unit, outline=_SHADE, width=width)
        draw.line((outer, y - 0.05 * unit, float(points[edge, 0]), y - 0.05 * unit), fill=_SHADE, width=width)
        ends.append(inner)
    draw.line((ends[0], float(points[6, 1]), ends[1], float(points[6, 1])), fill=_SHADE, width=width)
    return np.asarray(canvas)


def with_company(picture: Rgb, share: float) -> Rgb:
    """Put the same person, mirrored and so much smaller, beside the first."""
    height, width = picture.shape[:2]
    other = Image.fromarray(np.ascontiguousarray(picture[:, ::-1])).resize(
        (max(1, round(width * share)), max(1, round(height * share)))
    )
    canvas = Image.new("RGB", (width + other.width, height), (200, 200, 200))
    canvas.paste(Image.fromarray(picture), (0, 0))
    canvas.paste(other, (width, height - other.height))
    return np.asarray(canvas)


def shrunk(picture: Rgb, located: Located, inter_eye: float) -> Rgb:
    """Bring the eyes to so many pixels apart; a picture that has fewer stays as it is."""
    factor = min(1.0, inter_eye / located.anatomy.inter_eye)
    height, width = picture.shape[:2]
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))


def far_away(picture: Rgb, located: Located, share: float) -> Rgb:
    """Set the picture into a larger one, grey all around, in which the face has a share of the longer side."""
    height, width = picture.shape[:2]
    side = max(height, width, round(located.faces[0].width / share))
    canvas = Image.new("RGB", (side, side), (205, 205, 200))
    canvas.paste(Image.fromarray(picture), ((side - width) // 2, side - height))
    return np.asarray(canvas)


def _polygon(picture: Rgb, located: Located, marks: Sequence[int]) -> NDArray[np.bool_]:
    canvas = Image.new("1", (picture.shape[1], picture.shape[0]))
    corners = [(float(x), float(y)) for x, y in located.mesh.points[list(marks), :2]]
    ImageDraw.Draw(canvas).polygon(corners, fill=1)
    return np.array(canvas)


def _painted(picture: Rgb, where: NDArray[np.bool_], colour: tuple[int, int, int], opacity: float) -> Rgb:
    pixels = picture.astype(np.float32)
    pixels[where] = pixels[where] * (1 - opacity) + np.array(colour) * opacity
    return _bytes(pixels)


def _encoded(linear: NDArray[np.floating]) -> Rgb:
    return _bytes(np.clip(linear, 0, 1) ** (1 / 2.2) * 255)


def _bytes(values: NDArray[np.floating]) -> Rgb:
    picture: Rgb = np.clip(values + 0.5, 0, 255).astype(np.uint8)
    return picture
