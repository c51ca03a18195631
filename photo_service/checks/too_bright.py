"""The face is washed out by too much light."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the mean luminance, 0 to 1 in linear light, halfway between that of the whole face (OFIQ LuminanceMean,
    raw value, over the oval) and that of the darker cheek.

    A face that is lit from the side has one bright cheek and is no worse for it; one that is washed out has none that
    is not. Light skin that loses its reds alone (the red channel cut off, the luminance far from it) still shows all
    its features, and a phone that exposes a third of a stop more does that to every pale face: it does not count.
    """
    return Reading((float(subject.luminance[subject.face].mean()) + min(_means(subject))) / 2)


def _means(subject: Subject) -> list[float]:
    return [float(subject.luminance[cheek].mean()) for cheek in subject.cheeks if cheek.any()] or [0.0]


TOO_BRIGHT = Check("too_bright", "above", 0.70, read, doubt=0.60)
"""0.70: of the two labelled `bright` photos one is washed out, with 0.72, the other pale with its features whole, 0.62;
the palest faces that must give a photo have 0.55, the same a third of a stop (1.26 times the light) brighter at most
0.68, and three of 35 more than 0.70 where every level is raised by 15 %. OFIQ halves its score at a mean of 0.8. Recall
1 of 2, and 2 of 2 with warnings; false alarms 0 of 35."""
