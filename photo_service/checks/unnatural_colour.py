"""The skin has a colour that no skin has: a coloured lamp, a filter, a wrong white balance."""

from photo_service.checks import not_colour
from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return OFIQ's NaturalColour, raw value: how far the cheeks' mean lies outside a* 5 to 25, b* 5 to 35 (D50).

    Nothing for a black-and-white picture, which has a check of its own and to which OFIQ gives full marks.
    """
    if subject.colourfulness < not_colour.NOT_COLOUR.limit:
        return None
    return Reading(subject.off_skin)


UNNATURAL_COLOUR = Check("unnatural_colour", "above", 12.0, read, doubt=8.0)
"""12 (OFIQ score 46): coloured stage light, fire and colour-graded pictures have 12 to 100, and so have masks over
the cheeks; the 35 labelled photos that must give a photo have 0.0. Ten findings on the labelled photos, all but the
three masks of that kind by eye."""
