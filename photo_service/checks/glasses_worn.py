"""Glasses are worn, where the spec forbids them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from photo_service.checks import parsed, skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_BRIDGE, _TEMPLE, _RIM = 20.0, 10.0, 10.0
"""L* by which a frame is darker than the skin on both sides of it: counted up to here at the bridge of the nose, beside
both eyes and under both eyes. More is shadow, hair or a thick frame, and says no more than this does."""
_ENOUGH = 27.0
_THICK, _THIN = (4, 6, 8), (3, 5)
"""Half widths in chip pixels (80 between the eyes) of the lines looked for."""
_EYES_AND_NOSE = slice(48, 184)
"""Rows of the chip, whose eyes lie at 104, in which the lines are looked for."""
_MARGIN: Final = 8
"""Columns beside the face that are smoothed with it: the filter looks four pixels far."""
_INNER_CORNERS, _BROWS, _NOSE = (133, 362), 9, 195
_TEMPLES = ((33, 127), (263, 356))


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return how much dark line lies where a frame would, 1 at the limit.

    The sum of three contrasts in L* (see the constants), over 27: a line across the bridge of the nose between brows
    and nose tip; one across the temples at the height of the eyes, the fainter side counting; one under the eyes, the
    fainter side counting. A frown alone has the first, hair the second, rings under the eyes the third. Where a parsing
    network is installed, the area of its class for glasses instead.
    """
    if subject.located.parsing:
        return Reading(parsed.glasses_worn(subject.located.parsing))
    columns = subject.points[:, 0]
    face = _EYES_AND_NOSE, _rows(columns.min() - _MARGIN, columns.max() + _MARGIN)
    lightness = subject.lab[..., 0].copy()
    lightness[face] = ndimage.gaussian_filter(lightness[face], 1.0)
    lines = (
        min(_bridge(lightness, subject), _BRIDGE),
        min(_temples(lightness, subject), _TEMPLE),
        min(_rims(lightness, subject), _RIM),
    )
    return Reading(sum(lines) / _ENOUGH)


def _bridge(lightness: NDArray[np.float32], subject: Subject) -> float:
    points = subject.points
    right, left = points[list(_INNER_CORNERS), 0]
    middle, half = float(right + left) / 2, max(3, int(0.12 * float(left - right)))
    strip = lightness[_rows(points[_BROWS, 1] - 8, points[_NOSE, 1] + 4), _rows(middle - half, middle + half + 1)]
    return _darkest_line(strip.mean(axis=1), _THICK) if strip.size else 0.0


def _temples(lightness: NDArray[np.float32], subject: Subject) -> float:
    return min(_beside(lightness, subject, *pair) for pair in _TEMPLES)


def _beside(lightness: NDArray[np.float32], subject: Subject, corner: int, edge: int) -> float:
    x = float(subject.points[[corner, edge], 0].mean())
    y = float(subject.points[corner, 1])
    strip = lightness[_rows(y - 22, y + 22), _rows(x - 2, x + 3)]
    return _darkest_line(strip.mean(axis=1), _THICK) if strip.size else 0.0


def _rims(lightness: NDArray[np.float32], subject: Subject) -> float:
    return min(_under(lightness, subject, eye) for eye in (skin.RIGHT_EYE, skin.LEFT_EYE))


def _under(lightness: NDArray[np.float32], subject: Subject, eye: tuple[int, ...]) -> float:
    """Return the line under one eye: the median over nine columns, so that a mole or a strand is none."""
    (x, y), half = skin.eye_middle(subject.points, eye)
    columns = np.linspace(x - 0.7 * half, x + 0.7 * half, 9).astype(np.int64).clip(1, lightness.shape[1] - 2)
    rows = lightness[_rows(y + 0.55 * half, y + 2.1 * half)]
    strips = (rows[:, columns - 1] + rows[:, columns] + rows[:, columns + 1]) / np.float32(3)
    return float(np.median(_darkest_lines(strips, _THIN)))


def _rows(first: float, last: float) -> slice:
    return slice(max(int(first), 0), max(int(last), 0))


def _darkest_line(profile: NDArray[np.float32], reaches: tuple[int, ...]) -> float:
    return float(_darkest_lines(profile[:, None], reaches)[0])


def _darkest_lines(profiles: NDArray[np.floating], reaches: tuple[int, ...]) -> NDArray[np.floating]:
    """Return by how much one place of each profile, one a column, is darker than both sides at the same distance, at
    most."""
    darkest: NDArray[np.floating] = np.zeros(profiles.shape[1], profiles.dtype)
    for reach in reaches:
        if len(profiles) > 2 * reach:
            sides = np.minimum(profiles[: -2 * reach], profiles[2 * reach :])
            darkest = np.maximum(darkest, (sides - profiles[reach:-reach]).max(axis=0))
    return darkest


GLASSES_WORN: Final = Check("glasses_worn", "above", 1.0, read, doubt=0.8)
"""1: of the 26 labelled photos that show clear or dark glasses, counted by eye, eleven have 1.09 to 1.48 (and no face
without glasses has), four 0.84 to 0.94; rimless, blurred and turned ones 0.3 to 0.8. Faces without glasses reach 0.94
(a frown, deep-set eyes; two are warned of). Refusals: precision 11 of 11, recall 11 of 26; with warnings 15 of 17 and
15 of 26."""
