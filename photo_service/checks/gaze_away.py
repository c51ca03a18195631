"""The eyes look past the camera."""

import numpy as np

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.models.ports import Iris
from photo_service.spec import Spec

_OUTER_CORNER, _INNER_CORNER = 0, 8
_PER_DEGREE = 0.006
"""Eye widths by which the irises of a head turned by one degree move back to keep the camera in sight: the slope over
the labelled photos that look into it (yaw -20° to 13°, iris 0.10 to -0.07)."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return how far the irises stand from where they would look into the camera, sideways, in eye widths.

    Each iris's place is its distance from the middle of its eye, corner to corner; the mean over both eyes leaves out
    what is alike in both (irises stand a little towards the nose); the part that a turned head explains is taken off.
    Up and down is not judged: lids follow the eyes, and the lids are all there is to measure it by.
    """
    right, left = subject.located.irises
    sideways = (_place(right) - _place(left)) / 2
    away = sideways + _PER_DEGREE * subject.located.pose.yaw
    return Reading(abs(away), {"side": "left" if away > 0 else "right"})


def _place(eye: Iris) -> float:
    """Return the iris's place between the corners: -0.5 at the outer, 0.5 at the inner."""
    outer, inner = eye.contour[_OUTER_CORNER, :2], eye.contour[_INNER_CORNER, :2]
    across = (inner - outer).astype(np.float64)
    length = float(across @ across)
    return float((eye.rim[0, :2] - outer) @ across) / length - 0.5 if length > 1e-9 else 0.0


GAZE_AWAY = Check("gaze_away", "above", 0.12, read, doubt=0.09)
"""0.12: the 35 labelled photos that must give a photo have 0.00 to 0.04, the labelled `gaze` photos 0.19, 0.20 and
0.42 (and 0.03: eyes turned up, which is not judged). Recall 3 of 4, false alarms 0 of 35."""
