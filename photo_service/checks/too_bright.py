"""The face is washed out by too much light."""

from typing import Final

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_CUT_OFF: Final = 252
"""Level of the strongest channel from which light was cut off: what was lighter is lost."""
_PER_CUT_OFF: Final = 0.25


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the face's mean luminance in linear light, 0 to 1 (OFIQ LuminanceMean, raw value, over the oval), plus a
    quarter of the share of it where a channel is cut off.

    A pale face in good light and one that is washed out are equally light on the mean; the second has lost its reds.
    """
    red, green, blue = (subject.chip[..., channel] >= _CUT_OFF for channel in range(3))
    cut_off = float((red | green | blue)[subject.face].mean())
    return Reading(float(subject.luminance[subject.face].mean()) + _PER_CUT_OFF * cut_off)


TOO_BRIGHT = Check("too_bright", "above", 0.61, read)
"""0.61: the labelled `bright` photos have 0.65 and 0.75, the palest faces that must give a photo 0.52 to 0.58 (by the
mean alone 0.52 to 0.55, where the `bright` ones have 0.56 and 0.66). Recall 2 of 2, false alarms 0 of 35."""
