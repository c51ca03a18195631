"""The face is too dark."""

from typing import Final

import numpy as np

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.colour import luminance_of
from photo_service.spec import Spec

NOTHING_LIGHT: Final = 0.25
"""Where 95 % of head, shoulders and background are below this luminance the picture is dark, and not the skin."""
_LOW_KEY: Final = 0.05
_EVERY: Final = 4
"""One pixel in sixteen tells how light a picture is."""
_GLEAM: Final = 0.98
_OF_GLEAM: Final = 0.5
"""A face in flat light gleams with twice its mean: there the gleam changes nothing."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the mean of the face's mean luminance (OFIQ LuminanceMean, raw value, over the oval) and of half its 98th
    percentile; in linear light, 0 to 1.

    Dark skin in good light gleams on forehead and nose, two and a half times and more as light as the whole face; in
    bad light nothing does. Less 0.05 where nothing in the picture is light: dark skin in good light stands beside a
    collar, teeth or a wall that show the light, and must not be told to find a lamp.
    """
    face = subject.luminance[subject.face]
    if not face.size:
        return None
    place = int(_GLEAM * (len(face) - 1))
    value = (float(face.mean()) + _OF_GLEAM * float(np.partition(face, place)[place])) / 2
    light = skin.percentile(luminance_of(subject.matted.cutout[::_EVERY, ::_EVERY]).ravel(), 95)
    return Reading(value - _LOW_KEY if light < NOTHING_LIGHT else value)


TOO_DARK = Check("too_dark", "below", 0.11, read, doubt=0.122)
"""0.11: four of the six labelled `dark` photos have 0.07 to 0.102; the other two are bright faces in black (0.26,
0.48). The darkest skin among the 35 that must give a photo has 0.148, and 0.117 where it is exposed a third of a stop
less. Recall 4 of 6, false alarms 0 of 35."""
