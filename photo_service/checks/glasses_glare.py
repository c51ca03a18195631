"""A lamp or a window shines in the glasses."""

import numpy as np
from scipy import ndimage

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

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
    lighter = max(_AS_WHITE_AS, float(cheeks[0]) + _LIGHTER)
    right, left = (_white_share(subject, eye, lighter) for eye in (skin.RIGHT_EYE, skin.LEFT_EYE))
    return Reading(max(right, left), {"side": "right" if right > left else "left"})


def _white_share(subject: Subject, eye: tuple[int, ...], lightness: float) -> float:
    rows, columns = skin.eye_window(subject.points, eye, reach=_WIDE)
    lab = subject.lab[rows, columns]
    white = lab[..., 0] > lightness
    if not white.any():
        return 0.0
    white &= np.hypot(lab[..., 1], lab[..., 2]) < _COLOURLESS
    across, down = (
        part[: lab.shape[0], : lab.shape[1]] for part in skin.eye_offsets(subject.points, eye, rows, columns)
    )
    lens = np.hypot(across / _WIDE, down / _HIGH) < 1
    return float(ndimage.binary_opening(white)[lens].mean()) if lens.any() else 0.0


GLASSES_GLARE = Check("glasses_glare", "above", 0.30, read, doubt=0.12)
"""0.30: a judgement, a third of the lens. No labelled photo shows a real glare: the most is 0.19, hard sun on lids
and cheeks, and 0.10 among the 35 that must give a photo. Recall unknown, false alarms 0 of 35."""
