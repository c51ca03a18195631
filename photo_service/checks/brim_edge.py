"""What lies low over the forehead: a fringe hangs in strands, a brim runs across."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from photo_service.checks import skin
from photo_service.checks.subject import Subject

_REFERENCE = (50, 280, 205, 425, 4, 195)
"""Cheeks and nose: skin that neither a hat nor dark glasses cover."""
_ACROSS = 2.1
"""How much stronger lightness changes downwards than sideways in a hat's edge and seams: fringes have 0.3 to 1.3, wavy
hair up to 1.7, an even fringe and a blurred one 2.0 and 2.1, caps and hats 2.3 to 3.5, and two that are told by their
colour and their width 2.0."""
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
    wide above the last bare row, over 2.1; less the higher the forehead is.
    """
    points = subject.points
    left, right = float(points[[127, 234], 0].min()), float(points[[356, 454], 0].max())
    width, middle = max(right - left, 8.0), (left + right) / 2
    brow = float(points[[105, 334, 66, 296], 1].mean()) - 3
    reference = skin.typical(subject.lab, points, _REFERENCE, reach=4)
    columns = np.clip(middle + np.linspace(-0.13, 0.13, 9) * width, 0, subject.lab.shape[1] - 1).astype(int)
    upwards = subject.lab[max(int(brow), 0) :: -1, columns]
    bare = (skin.hue_apart(upwards, reference) < _SAME_HUE) & (upwards[..., 0] - reference[0] > -_SHADED)
    height = float(np.median([_bare_rows(column) for column in bare.T])) / width
    lowness = min(max((_HIGH - height) / (_HIGH - _LOW), 0.0), 1.0)
    if lowness == 0:
        return 0.0
    edge = brow - height * width
    first, last = (int(np.clip(middle + side * 0.3 * width, 0, subject.lab.shape[1] - 1)) for side in (-1, 1))
    top, bottom = (max(int(edge + share * width), 0) for share in (-0.25, 0.03))
    cover = subject.lab[top : max(int(edge - 0.05 * width), 0), first:last, 0] - reference[0]
    if not cover.size or float(np.median(cover)) > -_DARKER:
        return 0.0
    return lowness * _across(subject.lab[top:bottom, first:last, 0]) / _ACROSS


def _bare_rows(upwards: NDArray[np.bool_]) -> float:
    """Return how many rows of skin one column shows, from the brow upwards."""
    last, missing = 0, 0
    for row, is_bare in enumerate(upwards):
        missing = 0 if is_bare else missing + 1
        last = row if is_bare else last
        if missing > _GAP:
            break
    return float(last)


def _across(lightness: NDArray[np.float32]) -> float:
    """Return the root mean square of the change downwards over that of the change sideways."""
    smooth = ndimage.gaussian_filter(lightness, 1.2)
    down, sideways = smooth[2:, 1:-1] - smooth[:-2, 1:-1], smooth[1:-1, 2:] - smooth[1:-1, :-2]
    return math.sqrt(float((down**2).mean()) / max(float((sideways**2).mean()), 0.05)) if down.size else 0.0
