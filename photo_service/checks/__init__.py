"""One file a check. To add one: write `checks/CODE.py`, list it here, give it words in `messages/*.toml`."""

from photo_service.checks.background_unclear import BACKGROUND_UNCLEAR
from photo_service.checks.blurred import BLURRED
from photo_service.checks.check import Check
from photo_service.checks.compression_artifacts import COMPRESSION_ARTIFACTS
from photo_service.checks.ears_covered import EARS_COVERED
from photo_service.checks.expression import EXPRESSION
from photo_service.checks.eyes_closed import EYES_CLOSED
from photo_service.checks.eyes_hidden import EYES_HIDDEN
from photo_service.checks.face_occluded import FACE_OCCLUDED
from photo_service.checks.face_too_large import FACE_TOO_LARGE
from photo_service.checks.face_too_small import FACE_TOO_SMALL
from photo_service.checks.gaze_away import GAZE_AWAY
from photo_service.checks.glasses_glare import GLASSES_GLARE
from photo_service.checks.glasses_worn import GLASSES_WORN
from photo_service.checks.head_covered import HEAD_COVERED
from photo_service.checks.head_cut_off import HEAD_CUT_OFF
from photo_service.checks.head_pitched import HEAD_PITCHED
from photo_service.checks.head_tilted import HEAD_TILTED
from photo_service.checks.head_turned import HEAD_TURNED
from photo_service.checks.low_contrast import LOW_CONTRAST
from photo_service.checks.low_resolution import LOW_RESOLUTION
from photo_service.checks.mouth_open import MOUTH_OPEN
from photo_service.checks.multiple_faces import MULTIPLE_FACES
from photo_service.checks.neck_cut_off import NECK_CUT_OFF
from photo_service.checks.not_a_photo import NOT_A_PHOTO
from photo_service.checks.not_colour import NOT_COLOUR
from photo_service.checks.over_smoothed import OVER_SMOOTHED
from photo_service.checks.photo_too_old import PHOTO_TOO_OLD
from photo_service.checks.too_bright import TOO_BRIGHT
from photo_service.checks.too_dark import TOO_DARK
from photo_service.checks.uneven_light import UNEVEN_LIGHT
from photo_service.checks.unnatural_colour import UNNATURAL_COLOUR
from photo_service.checks.wrong_background import WRONG_BACKGROUND

CHECKS: tuple[Check, ...] = (
    MULTIPLE_FACES,
    NOT_A_PHOTO,
    PHOTO_TOO_OLD,
    HEAD_CUT_OFF,
    NECK_CUT_OFF,
    FACE_TOO_SMALL,
    FACE_TOO_LARGE,
    LOW_RESOLUTION,
    BLURRED,
    TOO_DARK,
    TOO_BRIGHT,
    NOT_COLOUR,
    HEAD_COVERED,
    FACE_OCCLUDED,
    EYES_HIDDEN,
    HEAD_TURNED,
    HEAD_PITCHED,
    HEAD_TILTED,
    EARS_COVERED,
    EYES_CLOSED,
    GAZE_AWAY,
    MOUTH_OPEN,
    GLASSES_WORN,
    GLASSES_GLARE,
    UNEVEN_LIGHT,
    UNNATURAL_COLOUR,
    LOW_CONTRAST,
    OVER_SMOOTHED,
    COMPRESSION_ARTIFACTS,
    EXPRESSION,
    BACKGROUND_UNCLEAR,
    WRONG_BACKGROUND,
)
"""In the order in which a student is told: what to change first comes first. Who and what is in the picture, how much
of it, whether it is sharp and light enough to see the rest, and in colour; what is worn; how the head is held, before
what follows from it (a turned head hides an ear); then the face, and at last the light and the file."""
