"""A hand is at the face, or something that is not the face lies over nose and mouth: a mask, a scarf, a cup."""

import numpy as np

from photo_service.checks import parsed, skin
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_UPPER = (9, 8, 168, 6, 108, 337, 151)
"""Forehead, between the brows and the bridge of the nose: what a mask leaves bare."""
_LOWER = (4, 164, 205, 425, 199)
"""Tip of the nose, upper lip, both cheeks, chin. A beard covers two of them, a shadow two or three, a mask all or all
but the nose."""
_OTHER_HUE = 13.0
_DARKER = 30.0
_PALE_LIPS = 2.5
"""a* by which lips are redder than the cheeks, at most, where no lips are seen."""


_A_HAND = 0.82
"""Sureness of the hand network from which there is a hand."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the stronger of two signs, each 1 where it alone would do: a hand near the face, a foreign lower face.

    `what` is `hand` where that is the stronger. Where a parsing network is installed, what it sees over the face counts
    instead of the second.
    """
    located = subject.located
    foreign = parsed.face_covered(located.parsing, located) if located.parsing else foreign_lower_face(subject)
    hand = located.hand / _A_HAND
    return Reading(hand, {"what": "hand"}) if hand > foreign else Reading(foreign)


def foreign_lower_face(subject: Subject) -> float:
    """Return how foreign the lower face is to the upper face, 1 at the limit.

    For each of five places of the lower face: its distance from the upper face's skin, the larger of a*b* apart over 13
    and L* darker over 30. The smallest of the five counts; where nothing as red as lips is seen, the second smallest
    (a mask worn below the nose).
    """
    lab, points = subject.lab, subject.points
    upper = skin.typical(lab, points, _UPPER, reach=5)
    places = np.stack([skin.typical(lab, points, (mark,), reach=5) for mark in _LOWER])
    foreign = np.sort(np.maximum(skin.hue_apart(places, upper) / _OTHER_HUE, (upper[0] - places[:, 0]) / _DARKER))
    lips = skin.typical(lab, points, skin.LIPS, reach=2)[1] - np.median(places[2:, 1])
    return float(foreign[1] if lips < _PALE_LIPS else foreign[0])


FACE_OCCLUDED = Check("face_occluded", "above", 1.0, read, doubt=0.9)
"""1: hands. Ten of the eleven labelled `occluded` photos that show a hand and a found face have 1.008 to 1.18, the
eleventh 0.88. Masks: 1.2 to 2.0 on all three whose face is found; faces that are not are told by `unconfirmed`. The
35 labelled photos that must give a photo have at most 0.79, and at most 0.995 made lighter, harder, sharper or tinted
as phones do. Twenty-one findings on all labelled photos, twenty of them a hand, a mask or fire by eye: precision 0.95,
recall 14 of 17, and 16 of 17 with `unconfirmed`. Hair over one eye is not found."""
