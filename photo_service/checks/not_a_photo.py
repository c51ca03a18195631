"""A statue, a figure or a faded print in place of a person: the eyes have no colour of their own."""

import numpy as np
from scipy import ndimage

from photo_service.checks import blurred, not_colour, skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_SAME_HUE = 9.5
"""Distance in a*b* from the cheeks within which nine tenths of a carved eye lie; an iris, red corners and the grey of the
white reach 11 to 40."""
_AS_COLOURFUL = 0.75
"""Chroma of the palest part of an eye over the cheeks': the white of a living eye has 0 to 0.7."""
_FEWEST_PIXELS = 1.6
"""Enlarged further than this, or blurred, every eye takes on the colour of the skin around it."""


def read(subject: Subject, spec: Spec) -> Reading | None:
    """Return how much both eyes are of the skin's own colour, 1 at the limit; nothing where the face is not sharp or not
    in colour.

    The smaller of: chroma of the palest sixth of an eye over the cheeks' chroma, over 0.75; and 9.5 over the distance in
    a*b* between cheeks and the most colourful tenth of an eye. Stone without any red is told by `not_colour`.
    Paintings, rendered figures and photos of a screen keep the colours of eyes and pass: nothing here tells them apart.
    """
    sharp = blurred.read(subject, spec)
    colour = not_colour.read(subject, spec)
    coarse = subject.located.chip.enlarged > _FEWEST_PIXELS
    if coarse or sharp is None or sharp.value < blurred.BLURRED.limit:
        return None
    if colour is None or colour.value < not_colour.NOT_COLOUR.limit:
        return None
    cheeks = np.median(subject.lab[_cheeks(subject)], axis=0)
    chroma = max(float(np.hypot(cheeks[1], cheeks[2])), 1.0)
    return Reading(min(_like_skin(subject, eye, cheeks, chroma) for eye in (skin.RIGHT_EYE, skin.LEFT_EYE)))


def _cheeks(subject: Subject) -> np.ndarray:
    shape = subject.grey.shape
    right, left = (skin.inside(subject.points, marks, shape) for marks in (skin.RIGHT_CHEEK, skin.LEFT_CHEEK))
    return right | left | skin.inside(subject.points, (4, 205, 425), shape)


def _like_skin(subject: Subject, marks: tuple[int, ...], cheeks: np.ndarray, chroma: float) -> float:
    eye = subject.lab[ndimage.binary_dilation(skin.inside(subject.points, marks, subject.grey.shape))]
    palest = float(np.percentile(np.hypot(eye[:, 1], eye[:, 2]), 15)) / chroma
    hue = float(np.percentile(skin.hue_apart(eye, cheeks), 90))
    return min(palest / _AS_COLOURFUL, _SAME_HUE / max(hue, 0.1))


NOT_A_PHOTO = Check("not_a_photo", "above", 1.0, read, doubt=0.85)
