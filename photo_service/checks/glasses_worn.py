"""Glasses are worn, where the spec forbids them."""

from typing import Final

from photo_service.checks import parsed
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

LIMIT: Final = 0.5
"""Log odds of glasses from which they are worn (see GLASSES_WORN)."""
_SPAN: Final = 6.5
"""Log odds from a reading of 0, below which hardly a bare face lies, to 1."""


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return how surely glasses are worn, 1 at the limit: the log odds (see `glasses_odds`), 6.5 below it being 0.

    Where a parsing network is installed, the area of its class for glasses instead.
    """
    if subject.located.parsing:
        return Reading(parsed.glasses_worn(subject.located.parsing))
    return Reading(max(1 + (subject.glasses_odds - LIMIT) / _SPAN, 0.0))


GLASSES_WORN: Final = Check("glasses_worn", "above", 1.0, read, doubt=0.8)
"""1: log odds of 0.5. Of the 28 labelled photos whose label names glasses, clear or dark, 21 have 0.8 to 15.5: all but
four faces blurred beyond recognition, one behind a mask, one in profile, and one that wears none (the other of its two
does). None was learned from. By weights learned without them, one of 159 bare faces has more (1.6: freckled and turned
by 25 degrees), the next two -0.1 and -0.6, the 30 of them that must give a photo -1.7 and less; of 1,848 faces with
drawn glasses 86 in 100 have more, all but the thinnest and the rimless. Warned of from -0.8. Figures of
`benchmarks.calibrate.learn_glasses`, which wrote the weights."""
