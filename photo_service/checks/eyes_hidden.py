"""Dark or coloured glasses hide the eyes."""

import numpy as np
from numpy.typing import NDArray

from photo_service.checks import skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.face_occluded import foreign_lower_face
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_FACE, _ABOVE_A_MASK = (205, 425, 4, 50, 280, 151), (151, 9, 8, 108, 337)
"""Cheeks, nose and forehead; the forehead alone where the others are cloth, beside which all skin would be a lens."""
_DARKER, _OTHER_HUE = 27.0, 18.0
"""L* and a*b* by which a lens differs from the face around it."""
_CLEAR, _PER_CONTRAST = 18.0, 5.0
"""Standard deviation of L* in an open eye (iris, white and lid), and how far below it a lens brings it."""
_ODDS, _COUNTS = (-2.0, 1.5), (0.9, 1.2)
"""Log odds of glasses from which, and up to which, the share rises that a dark place counts: 7 of 196 bare labelled
faces have more than the first, all in dark glasses but a profile more than the second."""
_OF_A_RIM = 0.25
"""Share of the place looked at, the darkest, that may be the rim of clear glasses."""
_FAR_BELOW = 0.6
"""Up to here nobody looks for frames: they would not bring it to a doubt."""
_UNDER = (0.35, 0.95, 1.5)
"""The place looked at, in half eye widths from the eye's middle: below 0.35, between 0.95 and 1.5 away."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return how much the skin under the eyes looks like a lens, 1 at the limit: the less hidden eye counts.

    Under the lower lid is skin, behind clear glasses too, but for their rim, which is left aside. Its difference from
    the face (above a mask, from the forehead), in L* over 27 or in a*b* over 18, counts less, down to half, the more
    contrast the eyes themselves show: dark rings and deep shadows are no lenses. It counts a fifth more where frames
    are seen as well, and a tenth less where none are.
    """
    like_a_lens = _like_a_lens(subject, _FACE)
    if like_a_lens > _FAR_BELOW and foreign_lower_face(subject) > 1:
        like_a_lens = _like_a_lens(subject, _ABOVE_A_MASK)
    if like_a_lens > _FAR_BELOW:
        like_a_lens *= float(np.interp(subject.glasses_odds, _ODDS, _COUNTS))
    return Reading(like_a_lens)


def _like_a_lens(subject: Subject, around: tuple[int, ...]) -> float:
    """Return how far the places under the eyes are from the face at some landmarks, and how little the eyes show."""
    face = skin.typical(subject.lab, subject.points, around, reach=5)
    eyes = [_look(subject, eye, face) for eye in (skin.RIGHT_EYE, skin.LEFT_EYE)]
    contrast = sum(seen for _, seen in eyes) / 2
    seen_through = min(max((_CLEAR - contrast) / _PER_CONTRAST, 0.5), 1.0)
    return min(differs for differs, _ in eyes) * seen_through


def _look(subject: Subject, eye: tuple[int, ...], face: NDArray[np.float32]) -> tuple[float, float]:
    """Return how the place under one eye differs from the face, and the contrast in the eye."""
    below, near, far = _UNDER
    rows, columns = skin.eye_window(subject.points, eye, reach=far)
    lab = subject.lab[rows, columns]
    across, down = (
        part[: lab.shape[0], : lab.shape[1]] for part in skin.eye_offsets(subject.points, eye, rows, columns)
    )
    away = np.hypot(across, down / 0.75)
    under, inner = lab[(away > near) & (away < far) & (down > below)], away < 1
    if not len(under) or not inner.any():
        return 0.0, _CLEAR
    lens = skin.middle(under[np.argsort(under[:, 0])[int(_OF_A_RIM * len(under)) :]])
    hue = float(np.hypot(*(lens[1:] - face[1:])))
    differs = max(float(face[0] - lens[0]) / _DARKER, hue / _OTHER_HUE)
    return differs, float(lab[..., 0][inner].std())


EYES_HIDDEN = Check("eyes_hidden", "above", 1.0, read, doubt=0.9)
"""1: the three labelled `sunglasses` photos have 1.14 to 1.8, four more with dark glasses 1.3 to 2.3; the 35 that must
give a photo, clear glasses among them, at most 0.57, all others at most 0.73. Seven findings on all labelled photos,
all of them dark glasses: precision 1.0, recall 3 of 3 and 7 of 8 by eye (a profile is missed). Hair over one eye is not
found: the less hidden eye counts."""
