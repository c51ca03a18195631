"""An eye is shut, or all but shut."""

import numpy as np

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.models.ports import Iris
from photo_service.spec import Spec

_LIDS = slice(0, 16)
_OUTER_CORNER, _INNER_CORNER = 0, 8


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the opening of the narrower eye: lid to lid, as a share of its width between the corners."""
    return Reading(min(_opening(eye) for eye in subject.located.irises))


def _opening(eye: Iris) -> float:
    contour = eye.contour[_LIDS, :2].astype(np.float64)
    across = contour[_OUTER_CORNER] - contour[_INNER_CORNER]
    width = float(np.hypot(*across))
    if width < 1e-6:
        return 0.0
    normal = np.array([-across[1], across[0]]) / width
    heights = (contour - contour[_INNER_CORNER]) @ normal
    return float(np.ptp(heights)) / width


EYES_CLOSED = Check("eyes_closed", "below", 0.21, read)
"""0.21: open eyes of the labelled photos, East Asian ones among them, have 0.24 to 0.45, shut ones 0.04 to 0.20; wide
smiles come down to 0.22. The iris network's lids are used because the face mesh draws shut lids half open."""
