"""The outline of the person cannot be told from the background."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:
    """Return how decided the matte is, 0 to 1 (see `Matted.confidence`); nothing where the background stays."""
    if spec.background.colour is None:
        return None
    return Reading(subject.matted.confidence)


BACKGROUND_UNCLEAR = Check("background_unclear", "below", 0.75, read, doubt=0.89)
"""0.75: good portraits have 0.90 to 0.98; below 0.75 the labelled photos show an outline that wanders. Between 0.75
and 0.89 the counsellor is told: of 68 portraits labelled good, frontal, glasses, hairears or clutter five lie there,
and all show something of the room (a lamp, a coat, a railing) or a blurred edge; one lies below, 62 above. It does not
tell of what the network is sure of and wrong about, and colours do not mend: letters that touch a scarf."""
