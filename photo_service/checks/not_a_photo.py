"""A statue, a rendered figure or a faded print in place of a person: eyes no living face has."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from photo_service.checks import not_colour, skin
from photo_service.checks.blurred import BLURRED
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.models.ports import Iris
from photo_service.spec import Spec

_SAME_HUE = 9.5
"""Distance in a*b* from the cheeks within which nine tenths of a carved eye lie; an iris, red corners and the grey of
the white reach 11 to 40."""
_AS_COLOURFUL = 0.75
"""Chroma of the palest part of an eye over the cheeks': the white of a living eye has 0 to 0.7."""
_FEWEST_PIXELS = 1.6
"""Enlarged further than this, or blurred, every eye takes on the colour of the skin around it."""
_LIVING, _DRAWN = 0.090, 0.104
"""Width of an iris over the width of the face. An iris is 11.7 mm wide in every adult, a face 120 to 150 mm: 0.06 to
0.10 as the mesh draws them; figures are drawn with 0.105 and more."""
_FRONTAL_DEG = 20.0
"""Turned further, the face is drawn too narrow for its irises."""
_RIM_RIGHT, _RIM_LEFT = 1, 3


def read(subject: Subject, spec: Spec) -> Reading | None:
    """Return the stronger of two signs, each 1 where it alone would do; nothing for a picture without colour.

    Drawn: irises too wide for the face. Carved: both eyes of the skin's own colour, where the face is sharp enough to
    show any other; that is the smaller of the chroma of an eye's palest sixth over the cheeks' chroma, over 0.75, and
    of 9.5 over the distance in a*b* between the cheeks and an eye's most colourful tenth. Stone without any red is told
    by `not_colour`. Paintings and photos of a screen have living eyes and pass: nothing here tells them apart.
    """
    colour = not_colour.read(subject, spec)
    if colour is None or colour.value < not_colour.NOT_COLOUR.limit:
        return None
    shows_eyes = subject.detail > BLURRED.limit and subject.located.chip.enlarged < _FEWEST_PIXELS
    return Reading(max(_drawn(subject), _carved(subject) if shows_eyes else 0.0))


def _drawn(subject: Subject) -> float:
    located = subject.located
    if abs(located.pose.yaw) > _FRONTAL_DEG:
        return 0.0
    width = sum(_iris_width(eye) for eye in located.irises) / 2 / max(located.anatomy.face_width, 1.0)
    return max(0.0, (width - _LIVING) / (_DRAWN - _LIVING))


def _iris_width(eye: Iris) -> float:
    return math.dist(eye.rim[_RIM_RIGHT, :2], eye.rim[_RIM_LEFT, :2])


def _carved(subject: Subject) -> float:
    cheeks = np.median(subject.lab[::2, ::2][_cheeks(subject)[::2, ::2]], axis=0)
    chroma = max(float(np.hypot(cheeks[1], cheeks[2])), 1.0)
    return min(_like_skin(subject, eye, cheeks, chroma) for eye in (skin.RIGHT_EYE, skin.LEFT_EYE))


def _cheeks(subject: Subject) -> NDArray[np.bool_]:
    shape = subject.grey.shape
    right, left = (skin.inside(subject.points, marks, shape) for marks in (skin.RIGHT_CHEEK, skin.LEFT_CHEEK))
    return right | left | skin.inside(subject.points, (4, 205, 425), shape)


def _like_skin(subject: Subject, marks: tuple[int, ...], cheeks: NDArray[np.float32], chroma: float) -> float:
    rows, columns = skin.eye_window(subject.points, marks, reach=1.4)
    mask = skin.inside(subject.points, marks, subject.grey.shape)[rows, columns]
    eye = subject.lab[rows, columns][ndimage.binary_dilation(mask)]
    if not len(eye):
        return 0.0
    palest = float(np.percentile(np.hypot(eye[:, 1], eye[:, 2]), 15)) / chroma
    hue = float(np.percentile(skin.hue_apart(eye, cheeks), 90))
    return min(palest / _AS_COLOURFUL, _SAME_HUE / max(hue, 0.1))


NOT_A_PHOTO = Check("not_a_photo", "above", 1.0, read, doubt=0.95)
"""1: both labelled `cartoon` figures have 1.06 and 1.44, a terracotta head 1.15; the 35 that must give a photo at
most 0.67, a small child 0.88. Recall on `cartoon`, `statue` and `painting` 3 of 6 (a marble head is `not_colour`, two
paintings pass), false alarms 0 of 249. Few examples: what lies between 0.9 and 1.1 is not known."""
