"""The face is out of focus, shaken, or enlarged from too few pixels."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import INNER_FACE, Subject, polygon
from photo_service.spec import Spec

_HELD: Final = 1.6
"""Enlarged further than this the chip holds no finer detail than its half: a face with less than 50 pixels between the
eyes has none to lose, and sharp ones that were shrunk so far fall from 0.67 to 0.52."""
_MARGIN: Final = 6
"""Pixels around the inner face that its filters look at."""
_FINEST: Final = 0.98
_PER_FINENESS: Final = 0.6
"""Brings both measures to one limit: 0.31 of fineness, 0.186 of detail."""
_FEW_PIXELS: Final = 2.0
"""Enlarged further, the halved chip too is larger than the file's own face."""
_LOST: Final = 0.75
"""Exponent by which sharp faces lose detail with the pixels that are missing: shrunk from 40 pixels between the eyes to
30 and 25 they fall from 0.28 to 0.24 and 0.20."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the smaller of two measures of the edges of brows, eyes, nose and mouth.

    Detail: the 99th percentile of the Laplacian's size over the span of grey levels (2nd to 98th percentile), where the
    eyes are 40 pixels apart, which is near the size of the smallest finished photos (an eye distance of 45 at 180 x
    240). As a share of the span, so that dim light is not taken for blur; a percentile, since most of a face is smooth
    and sharp all the same. A file that has fewer pixels is forgiven what they cannot show: it has a check of its own.

    Fineness: see `fineness`; for files that have the pixels, whatever fills them.
    """
    enlarged = subject.located.chip.enlarged
    detail = subject.detail * max(1.0, enlarged / _FEW_PIXELS) ** _LOST
    return Reading(min(detail, _PER_FINENESS * fineness(subject)) if enlarged < _HELD else detail)


def fineness(subject: Subject) -> float:
    """Return how strong edges one pixel wide are over edges three pixels wide, where the eyes are 80 pixels apart.

    The 98th percentile of what a Gaussian of 1 pixel takes away, over that of what lies between Gaussians of 2 and 4.
    A ratio of the face to itself: neither light nor fog nor skin nor JPEG moves it, while a blur of a fiftieth of the
    eye distance brings 0.67 down to 0.22.
    """
    corners = subject.points[list(INNER_FACE), :2]
    side = subject.grey.shape[0]
    left, top = np.maximum(corners.min(axis=0).astype(int) - _MARGIN, 0)
    right, bottom = np.minimum(corners.max(axis=0).astype(int) + _MARGIN + 1, side)
    grey = subject.grey[top:bottom, left:right]
    inner = polygon(corners - np.array((left, top), np.float32), side)[: grey.shape[0], : grey.shape[1]]
    if not inner[::2, ::2].any():
        return 0.0
    smooth = _blurred(grey, 1.0)
    half = smooth[::2, ::2]  # 1 pixel is blurred away already: 0.87 of the halved make 2, 1.94 make 4
    coarse = _strongest(_blurred(half, 0.87) - _blurred(half, 1.94), inner[::2, ::2])
    return _strongest(grey - smooth, inner) / max(coarse, 1e-3)


def _blurred(raster: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    blurred: NDArray[np.float32] = ndimage.gaussian_filter(raster, sigma, truncate=2.5)
    return blurred


def _strongest(edges: NDArray[np.float32], where: NDArray[np.bool_]) -> float:
    sizes = np.abs(edges[where])
    place = int(_FINEST * len(sizes))
    return float(np.partition(sizes, place)[place])


BLURRED = Check("blurred", "below", 0.186, read, doubt=0.20)
"""0.186: nine of the ten labelled `blur` photos that show a face have 0.03 to 0.18 (the tenth, a grainy print, 0.27),
the 35 that must give a photo 0.24 and more, and so have faces in hard light and between dark hair. Good photos blurred
by a hundredth of the eye distance, which nobody sees, have 0.21 and more, by a fiftieth 0.12 to 0.15. Recall 9 of 10,
and 10 of 11 with `unconfirmed`; false alarms 0 of 35."""
