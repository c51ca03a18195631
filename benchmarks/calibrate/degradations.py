"""Which degradation is meant for which check, in which steps, and from where on people would refuse the picture."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.calibrate import beauty, painting, recapture
from photo_service.models.ports import Rgb
from photo_service.photo import Located, Matted

Apply = Callable[[Rgb, Matted, float], Rgb]


@dataclass(frozen=True, slots=True)
class Degradation:
    """`bad` are the amounts that must be refused, `fine` those that must not; between them nobody is asked.

    Both are judgements, made on what the pictures look like at the size of a finished photo.
    """

    code: str
    name: str
    unit: str
    fine: tuple[float, ...]
    between: tuple[float, ...]
    bad: tuple[float, ...]
    apply: Apply

    @property
    def amounts(self) -> tuple[float, ...]:
        return (*self.fine, *self.between, *self.bad)


def _at_face(paint: Callable[[Rgb, Located, float], Rgb]) -> Apply:
    return lambda picture, matted, amount: paint(picture, matted.located, amount)


def _all_over(paint: Callable[[Rgb, float], Rgb]) -> Apply:
    return lambda picture, matted, amount: paint(picture, amount)  # noqa: ARG005 - one signature for all


def _cut_above(picture: Rgb, matted: Matted, share: float) -> Rgb:
    """Cut off a share of the way from the crown to the eyes."""
    eyes = matted.located.anatomy.eyes[1]
    crown = eyes + matted.crown_v
    return picture[max(0, int(crown + share * (eyes - crown))) :]


def _cut_below(picture: Rgb, matted: Matted, share: float) -> Rgb:
    """Leave so many lengths from the eyes to the chin below the chin."""
    chin, eyes = matted.located.anatomy.chin[1], matted.located.anatomy.eyes[1]
    return picture[: int(chin + share * (chin - eyes))]


def _compressed(picture: Rgb, matted: Matted, quality: float) -> Rgb:  # noqa: ARG001 - one signature for all
    return painting.compressed(picture, round(quality))


_OF_EYES: Final = "of the eye distance"

DEGRADATIONS: Final = (
    Degradation(
        "blurred",
        "Gaussian blur",
        "of the eye distance",
        (0.01,),
        (0.02, 0.035),
        (0.06, 0.09),
        _at_face(painting.blurred),
    ),
    Degradation("too_dark", "less light", "of the light", (0.6,), (0.4, 0.25), (0.12, 0.06), _all_over(painting.lit)),
    Degradation(
        "too_bright", "more light", "times the light", (1.15, 1.3), (2.0, 3.0), (5.0, 8.0), _all_over(painting.lit)
    ),
    Degradation(
        "low_contrast", "fog", "of the contrast left", (0.7,), (0.45, 0.35), (0.2, 0.12), _all_over(painting.fogged)
    ),
    Degradation(
        "uneven_light",
        "shadow on the left half",
        "of the light",
        (0.8,),
        (0.5, 0.35),
        (0.2, 0.1),
        _at_face(painting.shaded),
    ),
    Degradation("compression_artifacts", "JPEG", "quality", (90.0, 75.0), (50.0,), (25.0, 10.0), _compressed),
    Degradation(
        "not_colour", "less colour", "of the colour gone", (0.3,), (0.7, 0.9), (1.0,), _all_over(painting.drained)
    ),
    Degradation("not_colour", "less light", "of the light", (0.12, 0.06), (0.03,), (), _all_over(painting.lit)),
    Degradation(
        "unnatural_colour",
        "warm light",
        "of the blue gone",
        (0.05,),
        (0.3, 0.5),
        (0.8, 0.95),
        _all_over(painting.warmed),
    ),
    Degradation("over_smoothed", "surface blur", _OF_EYES, (0.0,), (0.005,), (0.02,), _at_face(beauty.surface_blur)),
    Degradation("over_smoothed", "guided filter", _OF_EYES, (0.0,), (0.005,), (0.02,), _at_face(beauty.guided_filter)),
    Degradation(
        "over_smoothed",
        "surface blur and lightening",
        _OF_EYES,
        (0.0,),
        (0.005,),
        (0.02,),
        _at_face(beauty.beautified),
    ),
    Degradation(
        "not_a_photo",
        "off a screen",
        "camera pixels a screen pixel",
        (),
        (0.8,),
        (1.3, 2.0, 3.5),
        _at_face(recapture.off_a_screen),
    ),
    Degradation(
        "not_a_photo",
        "off a printed page",
        "camera pixels a dot",
        (),
        (14.0,),
        (2.5, 4.5, 8.0),
        _at_face(recapture.off_a_page),
    ),
    Degradation(
        "not_a_photo", "print on a table", "degrees", (), (), (0.0, 10.0), _at_face(recapture.print_on_a_table)
    ),
    Degradation("not_a_photo", "drawn", "levels of each colour", (), (6.0,), (), _at_face(recapture.cartoon)),
    Degradation(
        "head_tilted",
        "roll",
        "degrees",
        tuple(map(float, range(1, 10))),
        tuple(map(float, range(10, 15))),
        (15.0, 16.0, 17.0, 18.0, 19.0, 20.0),
        _at_face(painting.turned),
    ),
    Degradation("head_cut_off", "cut above", "from crown to eyes", (-0.3,), (0.1, 0.2), (0.4, 0.6), _cut_above),
    Degradation("neck_cut_off", "cut below", "eye-to-chin lengths left", (1.0,), (0.4, 0.25), (0.1, 0.0), _cut_below),
    Degradation(
        "low_resolution",
        "shrunk",
        "pixels between the eyes",
        (60.0,),
        (45.0, 35.0),
        (20.0, 14.0),
        _at_face(painting.shrunk),
    ),
    Degradation(
        "face_too_small",
        "farther away",
        "of the longer side",
        (0.25,),
        (0.18,),
        (0.13, 0.09),
        _at_face(painting.far_away),
    ),
    Degradation(
        "multiple_faces",
        "a second person",
        "of the first one's size",
        (),
        (0.35,),
        (0.7, 1.0),
        _all_over(painting.with_company),
    ),
    Degradation(
        "glasses_glare",
        "white spot on an eye",
        "half eye widths",
        (0.2,),
        (0.5, 0.8),
        (1.2, 1.5),
        _at_face(painting.with_glare),
    ),
    Degradation(
        "face_occluded",
        "mask from the chin up",
        "of the lower face",
        (0.2,),
        (0.5, 0.8),
        (1.0,),
        _at_face(painting.with_mask),
    ),
    Degradation(
        "eyes_hidden", "dark lenses", "opacity", (0.2,), (0.5, 0.7), (0.9, 1.0), _at_face(painting.with_lenses)
    ),
    Degradation(
        "glasses_worn", "dark frames", "of the eye distance", (), (0.02,), (0.05, 0.08), _at_face(painting.with_frames)
    ),
)
