"""The face is out of focus, shaken, or enlarged from too few pixels."""

import numpy as np
from scipy import ndimage

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_SOFTEN = 0.6
"""Gaussian sigma in pixels of the halved chip: keeps single-pixel noise from passing for detail."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the detail of the face: standard deviation of its Laplacian over that of its grey levels.

    Measured where the eyes are 40 pixels apart, which is near the size of the smallest finished photos (an eye distance
    of 45 at 180 x 240): blur that a photo is too small to show is no fault of the photo. Divided by the contrast, so
    that dim light is not taken for blur.
    """
    half = ndimage.zoom(subject.grey, 0.5, order=1)
    face = subject.face[::2, ::2]
    detail = ndimage.laplace(ndimage.gaussian_filter(half, _SOFTEN))[face].std()
    return Reading(float(detail / max(float(subject.grey[subject.face].std()), 8.0)))


BLURRED = Check("blurred", "below", 0.175, read)
"""0.175: nine of the ten labelled `blur` photos that show a face have 0.04 to 0.17 (the tenth, a grainy print, 0.24);
sharp ones 0.195 and more."""
