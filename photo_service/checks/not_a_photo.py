"""A screen, a print, a drawing or a statue in place of a person."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from photo_service.checks import not_colour, skin
from photo_service.checks.blurred import BLURRED
from photo_service.checks.check import Check, Reading
from photo_service.checks.paper_frame import paper_frame
from photo_service.checks.screen_grid import screen_grid
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
_CHEEKS = (50, 280, 205, 425, 4)
_FEWEST_GREYS, _BLACK, _WHITE, _STANDS_OUT = 1500, 6, 246, 0.55
_A_DOUBT = 0.98
"""Few colours alone are not enough to refuse: a photo may have been saved with a palette."""
_RIM_RIGHT, _RIM_LEFT = 1, 3


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the strongest of five signs, each 1 where it alone would do.

    A screen or a printed page: a regular grid over the face (see `screen_grid`). A print or a tablet: a rectangle
    around head and shoulders (see `paper_frame`). A drawing: few colours, for which it only warns. And in a picture
    that has colour: irises drawn too wide for the face; both eyes carved, of the skin's own colour, where the face is
    sharp enough to show any other. Stone without any red is told by `not_colour`.

    Not told: photos of a screen that the camera cannot resolve and that fills the picture, prints on photo paper
    without their edges, and paintings.
    """
    signs = [screen_grid(subject), paper_frame(subject), _few_colours(subject)]
    if subject.colourfulness >= not_colour.NOT_COLOUR.limit:
        shows_eyes = subject.detail > BLURRED.limit and subject.located.chip.enlarged < _FEWEST_PIXELS
        signs += [_drawn(subject), _carved(subject) if shows_eyes else 0.0]
    return Reading(max(signs))


def _few_colours(subject: Subject) -> float:
    """Return how far a few grey levels stand out of the others on skin, 1 at the limit.

    The squared distance of the cheeks' histogram from the same smoothed over 2.5 levels, less what counting so few
    pixels makes by chance, over the square of the smoothed: light
    falls off gradually over living skin, and a camera sees every level on the way, but for light and shadow cut off.
    """
    cheeks = [_own_pixels(subject, marks) for marks in (skin.RIGHT_CHEEK, skin.LEFT_CHEEK)]
    counts = np.bincount(np.concatenate(cheeks), minlength=256).astype(np.float64)
    counts[:_BLACK], counts[_WHITE:] = 0.0, 0.0
    if counts.sum() < _FEWEST_GREYS:
        return 0.0
    smooth = ndimage.gaussian_filter1d(counts, 2.5)
    by_chance = 2 * counts.sum()
    spread = float((((counts - smooth) ** 2).sum() - by_chance) / (smooth**2).sum())
    return min(spread / _STANDS_OUT, _A_DOUBT)


def _own_pixels(subject: Subject, marks: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return the grey levels of the picture, at its own scale, in the box around one cheek."""
    points, picture = subject.located.mesh.points[list(marks), :2], subject.located.upright.image
    left, top = np.maximum(points.min(axis=0), 0).astype(int).tolist()
    right, bottom = np.minimum(points.max(axis=0).astype(int) + 1, picture.size).tolist()
    if right <= left or bottom <= top:
        return np.zeros(0, np.uint8)
    return np.asarray(picture.crop((left, top, right, bottom)).convert("L")).ravel()


def _drawn(subject: Subject) -> float:
    located = subject.located
    if abs(located.pose.yaw) > _FRONTAL_DEG:
        return 0.0
    width = sum(_iris_width(eye) for eye in located.irises) / 2 / max(located.anatomy.face_width, 1.0)
    return max(0.0, (width - _LIVING) / (_DRAWN - _LIVING))


def _iris_width(eye: Iris) -> float:
    return math.dist(eye.rim[_RIM_RIGHT, :2], eye.rim[_RIM_LEFT, :2])


def _carved(subject: Subject) -> float:
    cheeks = skin.typical(subject.lab, subject.points, _CHEEKS, reach=7)
    chroma = max(float(np.hypot(cheeks[1], cheeks[2])), 1.0)
    return min(_like_skin(subject, eye, cheeks, chroma) for eye in (skin.RIGHT_EYE, skin.LEFT_EYE))


def _like_skin(subject: Subject, marks: tuple[int, ...], cheeks: NDArray[np.float32], chroma: float) -> float:
    rows, columns = skin.eye_window(subject.points, marks, reach=1.4)
    mask = skin.inside(subject.points, marks, subject.grey.shape)[rows, columns]
    eye = subject.lab[rows, columns][ndimage.binary_dilation(mask)]
    if not len(eye):
        return 0.0
    (palest,) = skin.percentiles(np.hypot(eye[:, 1], eye[:, 2]), 15)
    (hue,) = skin.percentiles(skin.hue_apart(eye, cheeks), 90)
    return min(palest / chroma / _AS_COLOURFUL, _SAME_HUE / max(hue, 0.1))


NOT_A_PHOTO = Check("not_a_photo", "above", 1.0, read, doubt=0.95)
"""1: of the labelled photos, a halftone print has 1.9 by its grid (all others at most 0.7, also mirrored, turned and
resized), a print on a cloth 1.2 by its edges (a picture held up in a picture 0.9, all others at most 0.9), both
`cartoon` figures 1.06 and 1.44, a terracotta head 1.15; the 35 that must give a photo at most 0.68, a small child 0.88.
Good photos made into photos of a screen (1.2 to 4.7 camera pixels a screen pixel, the camera a little turned) have 1.4
to 3.4, into printed pages (2.3 to 11 camera pixels a dot) 1.0 to 2.7, into photos of a screen that is finer than the
camera's pixels 0.3 to 0.6. Recall on `cartoon`, `statue` and `painting` 3 of 6 (a marble head is `not_colour`, two
paintings pass), on `recapture` 1 of 3 (a print that fills the picture and a tablet whose edges a hand hides pass);
precision, by eye, 5 of 5, false alarms 0 of 35. Two real photos with few colours left are warned of. Few examples: what
lies between 0.9 and 1.1 is not known."""
