"""A lamp or a window shines in the glasses."""

import numpy as np

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec
from scipy import ndimage

_AS_WHITE_AS, _LIGHTER = 88.0, 12.0
"""L* of a reflection: all but white, and lighter than the cheeks."""
_COLOURLESS = 14.0
_WIDE, _HIGH = 1.5, 1.3
"""Half axes of the place where lenses are, in half eye widths."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the share of the place around an eye that is white and without colour, the worse eye counting.

    The lights in the eye itself and the white of the eye are smaller than what is looked for (one opening takes single
    lines of pixels away). Whether there are glasses is not known: hard sun on the lids looks the same, so most of what
    is found is only a warning.
    """
    cheeks = skin.typical(subject.lab, subject.points, (205, 425, 50, 280), reach=5)
    chroma = np.hypot(subject.lab[..., 1], subject.lab[..., 2])
    white = (subject.lab[..., 0] > max(_AS_WHITE_AS, float(cheeks[0]) + _LIGHTER)) & (chroma < _COLOURLESS)
    opened = ndimage.binary_opening(white)
    ys, xs = np.indices(subject.grey.shape)
    shares = []
    for eye in (skin.RIGHT_EYE, skin.LEFT_EYE):
        corners = subject.points[list(eye), :2]
        (x, y), half = corners.mean(axis=0), max(float(np.ptp(corners[:, 0])) / 2, 2.0)
        lens = np.hypot((xs - x) / (_WIDE * half), (ys - y) / (_HIGH * half)) < 1
        shares.append(float(opened[lens].mean()))
    return Reading(max(shares), {"side": "right" if shares[0] > shares[1] else "left"})


GLASSES_GLARE = Check("glasses_glare", "above", 0.30, read, doubt=0.12)
