"""What lies low over the forehead: a fringe hangs in strands, a brim runs across."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from photo_service.checks import skin
from photo_service.checks.subject import Subject

_REFERENCE = (50, 280, 205, 425, 4, 195)
"""Cheeks and nose: skin that neither a hat nor dark glasses cover."""
_ACROSS = 1.85
"""How much stronger lightness changes downwards than sideways in a hat's edge and seams: fringes have 0.3 to 1.3, wavy
hair up to 1.7, caps and hats 1.9 to 3.5."""
_HIGH, _LOW = 0.22, 0.15
"""Height of bare forehead above the brows, in face widths: hats leave up to 0.16, foreheads are 0.2 to 0.5 high."""
_DARKER = 15.0
"""L* by which what covers the forehead is darker than skin. Lighter things are told from skin by nothing here."""
_SAME_HUE, _SHADED = 16.0, 28.0
_GAP = 4
"""Rows of other colour, in chip pixels, that end the forehead: a strand or a wrinkle is thinner."""


def brim_edge(subject: Subject) -> float:
    """Return how much the lower edge of what covers the forehead is a hat's, 1 at the limit; 0 where it is bare.

    Ratio of the root mean squares of the lightness' vertical and horizontal gradient, in a band a quarter of the face
    wide above the last bare row, over 1.85; less the higher the forehead is.
    """
    points = subject.points
    left, right = float(points[[127, 234], 0].min()), float(points[[356, 454], 0].max())
    width, middle = max(right - left, 8.0), (left + right) / 2
    brow = float(points[[105, 334, 66, 296], 1].mean()) - 3
    reference = skin.typical(subject.lab, points, _REFERENCE, reach=4)
    lighter = subject.lab[..., 0] - reference[0]
    bare = (skin.hue_apart(subject.lab, reference) < _SAME_HUE) & (lighter > -_SHADED)
    columns = np.clip(middle + np.linspace(-0.13, 0.13, 9) * width, 0, bare.shape[1] - 1).astype(int)
    height = float(np.median([_bare_rows(bare[:, column], brow) for column in columns])) / width
    lowness = min(max((_HIGH - height) / (_HIGH - _LOW), 0.0), 1.0)
    ys, xs = np.indices(bare.shape)
    edge = brow - height * width
    band = (ys > edge - 0.25 * width) & (ys < edge + 0.03 * width) & (np.abs(xs - middle) < 0.3 * width)
    cover = band & (ys < edge - 0.05 * width)
    if lowness == 0 or not cover.any() or float(np.median(lighter[cover])) > -_DARKER:
        return 0.0
    return lowness * _across(subject.lab[..., 0], band) / _ACROSS


def _bare_rows(bare: NDArray[np.bool_], brow: float) -> float:
    """Return how many rows of skin stand above the brow in one column."""
    above = bare[max(0, int(brow)) :: -1] if brow > 0 else bare[:0]
    last, missing = 0, 0
    for row, is_bare in enumerate(above):
        missing = 0 if is_bare else missing + 1
        last = row if is_bare else last
        if missing > _GAP:
            break
    return float(last)


def _across(lightness: NDArray[np.float32], band: NDArray[np.bool_]) -> float:
    smooth = ndimage.gaussian_filter(lightness, 1.2)
    down, sideways = np.zeros_like(smooth), np.zeros_like(smooth)
    down[1:-1], sideways[:, 1:-1] = smooth[2:] - smooth[:-2], smooth[:, 2:] - smooth[:, :-2]
    return math.sqrt(float((down[band] ** 2).mean()) / max(float((sideways[band] ** 2).mean()), 0.05))
