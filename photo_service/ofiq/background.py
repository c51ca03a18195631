"""OFIQ's BackgroundUniformity, #2: how much goes on behind the person."""

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
_SAMPLES: Final = (complex(-0.2, -0.2), complex(0.2, 0.2))
"""Two places within a pixel of the frame, of which the mean is taken: as smooth as bilinear sampling of a picture three
times as fine, in a quarter of the time."""
_FRACTION, _FARTHEST = 16, 16000.0
"""Bits behind the point, and pixels up to which twice as many fit before it."""
_PERSON: Final = 0.5


def background_uniformity(matted: Matted) -> float | None:
    """Return the mean size of the Scharr gradient of the background's luminance, 0 to 255 a pixel's; None without any.

    The background is what the matte leaves, where OFIQ has the class 0 of a parsing network; as there, what lies
    outside the picture does not count, and four pixels along every edge are taken off.
    """
    turn, place = _frame(matted.located.mesh.points)
    levels, inside = _seen(matted, turn, place)
    wall = _eroded(inside & ~_person(matted, turn, place))[1:-1, 1:-1]
    if not wall.any():
        return None
    return float(_scharr(levels)[wall].mean())


def _frame(points: Points) -> tuple[complex, complex]:
    """Return the similarity from the frame to the picture, picture = turn * frame + place, that fits five points."""
    five = [*eye_centres(points), *(points[mark, :2].tolist() for mark in (_NOSE, *_MOUTH_CORNERS))]
    picture = np.array([complex(x, y) for x, y in five])
    frame = np.array([complex((x - 62) * _SCALE[0], y * _SCALE[1]) for x, y in _PLACES])
    away = frame - frame.mean()
    turn = complex((np.conj(away) @ (picture - picture.mean())) / (np.conj(away) @ away))
    return turn, complex(picture.mean() - turn * frame.mean())


def _seen(matted: Matted, turn: complex, place: complex) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the luminance in the frame, and where the frame shows the picture at all."""
    picture = matted.located.upright.picture
    height, width = picture.shape[:2]
    flat, samples, inside = picture.reshape(-1, 3), [], np.ones((HEIGHT, WIDTH), bool)
    for shift in _SAMPLES:
        x, y = _places(turn, place + turn * shift)
        inside &= (x >= 0) & (y >= 0) & (x < width) & (y < height)
        samples.append(flat.take(y.clip(0, height - 1) * width + x.clip(0, width - 1), axis=0))
    one, other = samples
    mean = (one & other) + ((one ^ other) >> 1)
    return levels_of(luminance_of(mean)).astype(np.float32), inside


def _places(turn: complex, place: complex) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return column and row of the picture's pixel under each pixel of the frame, in 16-bit fixed point on the way."""
    across, down = np.arange(WIDTH) + 0.5, np.arange(HEIGHT)[:, None] + 0.5
    x: NDArray[np.int32] = (_fixed(turn.real * across + place.real) - _fixed(turn.imag * down)) >> _FRACTION
    y: NDArray[np.int32] = (_fixed(turn.imag * across + place.imag) + _fixed(turn.real * down)) >> _FRACTION
    return x, y


def _fixed(values: NDArray[np.floating]) -> NDArray[np.int32]:
    return (values.clip(-_FARTHEST, _FARTHEST) * (1 << _FRACTION)).astype(np.int32)


def _person(matted: Matted, turn: complex, place: complex) -> NDArray[np.bool_]:
    corner = complex(matted.region.left, matted.region.top)
    person = Image.fromarray(matted.alpha > _PERSON)
    return np.asarray(_turned(person, turn / matted.step, (place - corner) / matted.step, Image.Resampling.NEAREST))


def _turned(image: Image.Image, turn: complex, place: complex, how: Image.Resampling) -> Image.Image:
    plan = (turn.real, -turn.imag, place.real, turn.imag, turn.real, place.imag)
    return image.transform((WIDTH, HEIGHT), Image.Transform.AFFINE, plan, how)


def _eroded(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Take off what is within a square of 4 x 4 of an edge; the frame's own edge is none (as OpenCV has it)."""
    for axis in (0, 1):
        whole = mask if axis == 0 else mask.T
        eroded = whole.copy()
        for shift in (*range(-(_ERODED // 2), 0), *range(1, _ERODED - _ERODED // 2)):
            if shift < 0:
                eroded[-shift:] &= whole[:shift]
            else:
                eroded[:-shift] &= whole[shift:]
        mask = eroded if axis == 0 else eroded.T
    return mask


def _scharr(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the size of the gradient of all but the outermost pixels, as OpenCV's Sobel with ksize=-1 has it."""
    across = 3 * levels[:-2] + 10 * levels[1:-1] + 3 * levels[2:]
    down = 3 * levels[:, :-2] + 10 * levels[:, 1:-1] + 3 * levels[:, 2:]
    size: NDArray[np.float32] = np.sqrt((across[:, 2:] - across[:, :-2]) ** 2 + (down[2:] - down[:-2]) ** 2)
    return size
