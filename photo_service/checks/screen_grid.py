"""A regular fine pattern over the face: the pixels of a screen, their moiré, or the dots of a printing press."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from photo_service.checks import skin
from photo_service.checks.subject import Subject
from photo_service.colour import luma_of
from photo_service.photo import Box

_SIDE: Final = 64
_MOST_A_SIDE: Final = 3
"""Windows per row and column of the face, at most: they overlap on a small face and leave gaps on a large one."""
_FINEST: Final = 6.0
"""Cycles in a window below which features of the face themselves repeat."""
_AXES: Final = 1
"""Rows and columns along the axes that say nothing: JPEG's own 8 x 8 blocks lie there."""
_QUIET: Final = 20.0
"""Power below which there is no grain to stand out from."""
_NEIGHBOURS: Final = 9
_CANDIDATES: Final = 6
"""Frequencies that stand out most from the mean around them, and are then held against the median."""
_PEAK, _PER_WINDOW = 2.9, 2.4
"""How far a peak stands out, in natural logarithms of power, from where on it is a pattern: 18 times its surroundings;
the fewer windows there are, the higher chance builds."""


def screen_grid(subject: Subject) -> float:
    """Return how far one regular pattern stands out of the spectrum of the face, 1 at the limit; 0 for a tiny face.

    The mean over windows of 64 x 64 pixels, at the picture's own scale, of the logarithm of the power spectrum: what is
    alike everywhere on a face (a raster) adds up, what is here and there (a lash, a pore) does not. Less the median of
    the 9 x 9 neighbouring frequencies.
    """
    windows = _windows(subject)
    if windows is None:
        return 0.0
    return _highest_peak(luma_of(windows)) / (_PEAK + _PER_WINDOW / len(windows))


def _windows(subject: Subject) -> NDArray[np.uint8] | None:
    """Return squares of the picture, evenly spread from the brows to the chin; None where not one fits."""
    upright, points = subject.located.upright, subject.located.mesh.points[:, :2]
    left, top = np.maximum(points.min(axis=0), 0).astype(int)
    right, bottom = np.minimum(points.max(axis=0), upright.size).astype(int)
    if right - left < _SIDE or bottom - top < _SIDE:
        return None
    xs, ys = _starts(left, right), _starts(top, bottom)
    return np.stack([upright.part(Box(x, y, x + _SIDE, y + _SIDE)) for y in ys for x in xs])


def _starts(first: int, last: int) -> list[int]:
    count = min(_MOST_A_SIDE, max(1, 2 * (last - first) // _SIDE - 1))
    starts: list[int] = np.linspace(first, last - _SIDE, count).astype(np.int64).tolist()
    return starts


def _highest_peak(windows: NDArray[np.float32]) -> float:
    hann, judged = _shapes()
    waves = fft.rfft2((windows - windows.mean(axis=(1, 2), keepdims=True)) * hann, axes=(1, 2))
    power = np.fft.fftshift(np.log(waves.real**2 + waves.imag**2 + _QUIET).mean(axis=0), axes=0)
    above = np.where(judged, power - ndimage.uniform_filter(power, _NEIGHBOURS, mode="nearest"), -np.inf)
    likely = np.argpartition(above.ravel(), -_CANDIDATES)[-_CANDIDATES:]
    around = np.pad(power, _NEIGHBOURS // 2, mode="edge")
    places = [divmod(int(place), power.shape[1]) for place in likely]
    medians = [skin.middle(around[y : y + _NEIGHBOURS, x : x + _NEIGHBOURS].ravel()) for y, x in places]
    return max(float(power[place] - median) for place, median in zip(places, medians, strict=True))


@cache
def _shapes() -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the taper of a window, and which frequencies of the shifted half plane are judged."""
    hann = np.hanning(_SIDE + 2)[1:-1].astype(np.float32)
    across, down = np.arange(_SIDE // 2 + 1)[None, :], np.abs(np.arange(_SIDE) - _SIDE // 2)[:, None]
    judged = (np.hypot(across, down) > _FINEST) & (across > _AXES) & (down > _AXES)
    return hann[:, None] * hann[None, :], judged
