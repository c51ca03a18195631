"""The picture ends too soon below the chin."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

LEAST = 0.25
"""Room below the chin, in eye-to-chin lengths, with which a neck can be told from a cut: the labelled `cropped` photos
have 0.2 and less, the tightest labelled `accept` 0.3. OFIQ's margin (1.8 from the eyes, 0.8 here) is for passports."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the room below the chin beyond the least, in eye-to-chin lengths; negative when it is too little for a
    neck or for the spec's frame (then by how much of the chin's distance the frame misses)."""
    head = subject.head
    room = (head.bottom - head.chin) / max(head.chin, 1.0) - LEAST
    missed = max((miss.by_px for miss in subject.misses if miss.rule == "bottom"), default=0.0)
    return Reading(min(room, -missed / 100) if missed else room)


NECK_CUT_OFF = Check("neck_cut_off", "below", 0.0, read)
"""0: see LEAST. The background may be replaced, a body may not be invented."""
