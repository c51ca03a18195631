"""The picture ends too soon below the chin."""

import math

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.silhouette import level_of
from photo_service.spec import Spec

LEAST = 0.2
"""Room below the chin, in eye-to-chin lengths, with which a neck can be told from a cut: the tightest labelled `accept`
photos have 0.27 and 0.40, the tightest that must give a lenient photo 0.26. OFIQ's margin (1.8 from the eyes, 0.8 here)
is for passports."""


def read(subject: Subject, spec: Spec) -> Reading | None:
    """Return the room below the chin beyond the least, in eye-to-chin lengths; negative when it is too little for a
    neck or for the spec's frame (then by how much of the chin's distance the frame misses)."""
    head = subject.head
    room = (_below(subject, spec) - head.chin) / max(head.chin, 1.0) - LEAST
    missed = max((miss.by_px for miss in subject.misses if miss.rule == "bottom"), default=0.0)
    return Reading(min(room, -missed / 100) if missed else room)


def _below(subject: Subject, spec: Spec) -> float:
    """Return how far down the picture reaches below the face, in the levelled frame: under a head that leans its edge
    is slanted, and what lies beside the face is no neck."""
    level, height = level_of(subject.matted, spec), subject.located.upright.size[1]
    roll = math.radians(level.roll)
    return (height - level.origin[1] - subject.head.face_width / 2 * abs(math.sin(roll))) / math.cos(roll)


NECK_CUT_OFF = Check("neck_cut_off", "below", 0.0, read, doubt=0.05)
"""0: see LEAST. From 0.05 on it warns: no shoulder is seen. The background may be replaced, a body may not be
invented: where the spec's frame reaches further down than the picture, the photo is refused whatever the room."""
