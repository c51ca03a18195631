"""Open the finished bytes again and hold every number against the spec: nothing is promised that was not read back."""

from dataclasses import replace

from PIL import Image

from photo_service.backdrop import Backdrop, paint
from photo_service.compliance import (
    COLOUR_TOLERANCE,
    Fault,
    FileFacts,
    NotCompliant,
    background_distance,
    corners_of,
    faults_of,
    measure,
)
from photo_service.contract import Output, SelfieError
from photo_service.photo import Encoded
from photo_service.spec import Spec

_WHITE = (255, 255, 255)


def verify(encoded: Encoded, spec: Spec, backdrop: Backdrop | None = None) -> Output:
    """Measure the file as any other program would and return what was measured.

    Stricter than `idphoto check`: a white background must be exactly white in both upper corners, and nothing but the
    JFIF header may stand beside the picture. `backdrop` is what was painted: the corners must show it, and nothing
    else that the spec would take. Raises NotCompliant with every fault: a defect of this program.
    """
    try:
        facts = measure(encoded.data)
    except SelfieError as error:
        raise NotCompliant(faults=(Fault("wrong_format", None, None),)) from error
    faults = faults_of(facts, spec) + _beside_the_picture(facts)
    faults += _nearly_white(facts, spec) if backdrop is None else _not_as_painted(facts, backdrop)
    if faults:
        raise NotCompliant(faults=tuple(faults))
    return replace(facts.output, quality=encoded.quality, background=str(backdrop) if backdrop else None)


def _beside_the_picture(facts: FileFacts) -> list[Fault]:
    return [Fault("metadata", len(facts.metadata), 0)] if facts.metadata else []


def _nearly_white(facts: FileFacts, spec: Spec) -> list[Fault]:
    """Hold white to be white, where the spec has its background painted and nobody says with what."""
    painted = spec.background.replacement_allowed and spec.background.colour is not None
    off = background_distance(facts.corners, _WHITE) if painted and _nearest_choice(facts, spec) == _WHITE else 0
    beyond_the_spec = off > COLOUR_TOLERANCE  # found already
    return [Fault("wrong_background", off, 0)] if off > 0 and not beyond_the_spec else []


def _not_as_painted(facts: FileFacts, backdrop: Backdrop) -> list[Fault]:
    """Hold both upper corners against what was painted there, pixel by pixel."""
    due = corners_of(Image.fromarray(paint(backdrop, width=facts.output.width, height=facts.output.height)))
    off, tolerance = background_distance(facts.corners, due), 0 if (due == _WHITE).all() else COLOUR_TOLERANCE
    return [Fault("wrong_background", off, tolerance)] if off > tolerance else []


def _nearest_choice(facts: FileFacts, spec: Spec) -> tuple[int, int, int]:
    return min(spec.background.choices, key=lambda colour: background_distance(facts.corners, colour))
