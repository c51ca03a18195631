"""The face is too dark."""

import numpy as np

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.colour import luminance_of
from photo_service.spec import Spec

NOTHING_LIGHT = 0.25
"""Where 95 % of head, shoulders and background are below this luminance the picture is dark, and not the skin."""
_LOW_KEY = 0.04
_EVERY = 4
"""One pixel in sixteen tells how light a picture is."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the face's mean luminance in linear light, 0 to 1 (OFIQ LuminanceMean, raw value, over the face's oval).

    Less 0.04 where nothing in the picture is light: dark skin in good light stands beside a collar, teeth or a wall
    that show the light, and must not be told to find a lamp.
    """
    mean = float(subject.luminance[subject.face].mean())
    light = np.percentile(luminance_of(subject.matted.cutout[::_EVERY, ::_EVERY]), 95)
    return Reading(mean - _LOW_KEY if light < NOTHING_LIGHT else mean)


TOO_DARK = Check("too_dark", "below", 0.115, read, doubt=0.125)
"""0.115: four of the six labelled `dark` photos have 0.04 to 0.10; the other two are bright faces in black (0.22,
0.51). The darkest skin among the 35 that must give a photo has 0.13. Recall 4 of 6, false alarms 0 of 35."""
