"""OFIQ's BackgroundUniformity, #2: how much goes on behind the person."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo_service.colour import luminance_of
from photo_service.models.ports import Points
from photo_service.ofiq.light import eye_centres, levels_of
from photo_service.photo import Matted

WIDTH, HEIGHT = 354, 292
"""The frame OFIQ measures in: its aligned face of 616 x 616 less 62 pixels left and right and 210 below, shrunk."""
_SCALE: Final = (WIDTH / (616 - 2 * 62), HEIGHT / (616 - 210))
_PLACES: Final = ((251.0, 272.0), (364.0, 272.0), (308.0, 336.0), (262.0, 402.0), (355.0, 402.0))
"""Where OFIQ's aligned face has eyes, tip of the nose and corners of the mouth."""
_NOSE, _MOUTH_CORNERS = 4, (61, 291)
_ERODED: Final = 4
_SAMPLE: Final = complex(0.2, 0.2)
"""Where a pixel is looked at, before and behind its middle; the mean is taken: as smooth as bilinear sampling of a
picture three times as fine, in a quarter of the time."""
_PERSON: Final = 0.5
_BUT_LOWEST_BITS: Final = np.uint32(0xFEFEFEFE)


def background_uniformity(matted: Matted) -> float | None:
    """Return the mean size of the Scharr gradient of the background's luminance, 0 to 255 a pixel's; None without any.

    The background is what the matte leaves, where OFIQ has the class 0 of a parsing network; as there, what lies
    outside the picture does not count, and four pixels along every edge are taken off.
    """
    picture, (turn, place) = matted.located.upright.image, _frame(matted.located.mesh.points)
    empty = _inside(picture.size, turn, place) & ~_person(matted, turn, place)
    wall = _eroded(empty)[1:-1, 1:-1]
    if not wall.any():
        return None
    return float(_scharr(_levels(picture, turn, place, empty))[wall].mean())


def _frame(points: Points) -> tuple[complex, complex]:
    """Return the similarity from the frame to the picture, picture = turn * frame + place, that fits five points."""
    five = [*eye_centres(points), *(points[mark, :2].tolist() for mark in (_NOSE, *_MOUTH_CORNERS))]
    picture = np.array([complex(x, y) for x, y in five])
    frame = np.array([complex((x - 62) * _SCALE[0], y * _SCALE[1]) for x, y in _PLACES])
    away = frame - frame.mean()
    turn = complex((np.conj(away) @ (picture - picture.mean())) / (np.conj(away) @ away))
    return turn, complex(picture.mean() - turn * frame.mean())


def _inside(size: tuple[int, int], turn: complex, place: complex) -> NDArray[np.bool_]:
    """Tell where both samples of a pixel of the frame show the picture at all."""
    (width, height), apart = size, turn * _SAMPLE
    left, top = abs(apart.real), abs(apart.imag)
    if all(left <= x <= width - left and top <= y <= height - top for x, y in _corners(turn, place)):
        return np.ones((HEIGHT, WIDTH), bool)
    across, down = np.arange(WIDTH) + 0.5, np.arange(HEIGHT)[:, None] + 0.5
    x = (turn.real * across + place.real) - turn.imag * down
    y = (turn.imag * across + place.imag) + turn.real * down
    inside: NDArray[np.bool_] = (x >= left) & (x < width - left) & (y >= top) & (y < height - top)
    return inside


def _corners(turn: complex, place: complex) -> list[tuple[float, float]]:
    corners = [place + turn * complex(x, y) for x in (0, WIDTH) for y in (0, HEIGHT)]
    return [(corner.real, corner.imag) for corner in corners]


def _levels(picture: Image.Image, turn: complex, place: complex, where: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the luminance at those pixels of the frame, 0 to 255; 0 at all others."""
    part, corner = _part(picture, turn, place)
    places = place - corner - turn * _SAMPLE, place - corner + turn * _SAMPLE
    samples = (_turned(part, turn, sampled, Image.Resampling.NEAREST) for sampled in places)
    wanted = np.flatnonzero(where)
    one, other = (_words(sample).take(wanted) for sample in samples)
    mean = (one & other) + (((one ^ other) & _BUT_LOWEST_BITS) >> 1)  # of each channel, rounded down
    levels = np.zeros((HEIGHT, WIDTH), np.float32)
    levels.reshape(-1)[wanted] = levels_of(luminance_of(mean.view(np.uint8).reshape(-1, 4)))
    return levels


def _words(image: Image.Image) -> NDArray[np.uint32]:
    """Return each pixel as four bytes, as Pillow holds it: red, green, blue and nothing. Words are picked out of a
    picture in a fraction of the time that triples are."""
    return np.frombuffer(image.tobytes("raw", "RGBX"), np.uint32)


def _part(picture: Image.Image, turn: complex, place: complex) -> tuple[Image.Image, complex]:
    """Cut out what the frame lies over, and say where: read row by row first, a large picture is sampled in half the
    time that going through its memory along the frame's slanted lines takes."""
    xs, ys = zip(*_corners(turn, place), strict=True)
    left, top = max(0, math.floor(min(xs)) - 1), max(0, math.floor(min(ys)) - 1)
    right, bottom = min(picture.width, math.ceil(max(xs)) + 1), min(picture.height, math.ceil(max(ys)) + 1)
    return picture.crop((left, top, right, bottom)), complex(left, top)


def _person(matted: Matted, turn: complex, place: complex) -> NDArray[np.bool_]:
    corner = complex(matted.region.left, matted.region.top)
    person = Image.fromarray(matted.alpha > _PERSON)
    return np.asarray(_turned(person, turn / matted.step, (place - corner) / matted.step, Image.Resampling.NEAREST))


def _turned(image: Image.Image, turn: complex, place: complex, how: Image.Resampling) -> Image.Image:
    plan = (turn.real, -turn.imag, place.real, turn.imag, turn.real, place.imag)
    return image.transform((WIDTH, HEIGHT), Image.Transform.AFFINE, plan, how)


def _eroded(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Take off what is within a square of 4 x 4 of an edge; the frame's own edge is none (as OpenCV has it).

    Two pixels that both stay and two further on are four, so each way takes two steps.
    """
    height, width = mask.shape
    padded = np.ones((height + _ERODED - 1, width + _ERODED - 1), bool)
    padded[_ERODED // 2 : height + _ERODED // 2, _ERODED // 2 : width + _ERODED // 2] = mask
    for step in (1, _ERODED // 2):
        padded = padded[:-step] & padded[step:]
        padded = padded[:, :-step] & padded[:, step:]
    return padded


def _scharr(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the size of the gradient of all but the outermost pixels, as OpenCV's Sobel with ksize=-1 has it."""
    across = 3 * levels[:-2] + 10 * levels[1:-1] + 3 * levels[2:]
    down = 3 * levels[:, :-2] + 10 * levels[:, 1:-1] + 3 * levels[:, 2:]
    size: NDArray[np.float32] = np.sqrt((across[:, 2:] - across[:, :-2]) ** 2 + (down[2:] - down[:-2]) ** 2)
    return size
