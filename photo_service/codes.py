"""Every finding code and every error code there is: spec files, checks, messages and reports use no others."""

from enum import StrEnum
from typing import Final


class FindingCode(StrEnum):
    """What a check can find. A spec may require each, ask for advice only, or leave it off."""

    NO_FACE = "no_face"  # nobody in the picture
    MULTIPLE_FACES = "multiple_faces"  # somebody else is in the picture too
    NOT_A_PHOTO = "not_a_photo"  # a drawing, a statue, a screen, a photo of a photo
    FACE_TOO_SMALL = "face_too_small"  # too few pixels on the face
    FACE_TOO_LARGE = "face_too_large"  # more pixels on the face than the spec takes
    LOW_RESOLUTION = "low_resolution"  # the finished photo would have to be scaled up
    HEAD_CUT_OFF = "head_cut_off"  # hair, ear or chin leaves the picture
    NECK_CUT_OFF = "neck_cut_off"  # the picture ends above the lower end of the neck
    HEAD_TURNED = "head_turned"  # yaw
    HEAD_PITCHED = "head_pitched"  # pitch
    HEAD_TILTED = "head_tilted"  # roll beyond what levelling may correct
    EYES_CLOSED = "eyes_closed"  # one eye or both
    GAZE_AWAY = "gaze_away"  # not looking into the camera
    EYES_HIDDEN = "eyes_hidden"  # sunglasses, hair, a frame across the eye
    GLASSES_WORN = "glasses_worn"  # glasses where the spec forbids them
    GLASSES_GLARE = "glasses_glare"  # light reflected in the lenses
    MOUTH_OPEN = "mouth_open"  # lips apart
    EXPRESSION = "expression"  # a smile or a grimace where the spec wants none
    EARS_COVERED = "ears_covered"  # hair or scarf over an ear
    HEAD_COVERED = "head_covered"  # hat, hood, scarf
    FACE_OCCLUDED = "face_occluded"  # mask, hand, hair, phone
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    UNEVEN_LIGHT = "uneven_light"  # one half of the face in shadow
    LOW_CONTRAST = "low_contrast"  # as through fog
    UNNATURAL_COLOUR = "unnatural_colour"  # a colour cast on the skin
    NOT_COLOUR = "not_colour"  # black and white
    BLURRED = "blurred"  # out of focus or shaken
    COMPRESSION_ARTIFACTS = "compression_artifacts"  # blocks of strong compression
    OVER_SMOOTHED = "over_smoothed"  # skin smoothed by a beauty filter
    PHOTO_TOO_OLD = "photo_too_old"  # taken longer ago than the spec allows
    BACKGROUND_UNCLEAR = "background_unclear"  # person and background cannot be told apart
    FILE_TOO_SMALL = "file_too_small"  # fewer bytes than the window
    FILE_TOO_LARGE = "file_too_large"  # more bytes than the window
    WRONG_SIZE = "wrong_size"  # pixels
    WRONG_DPI = "wrong_dpi"  # density in the JFIF header
    WRONG_FORMAT = "wrong_format"  # not a colour JPEG
    WRONG_BACKGROUND = "wrong_background"  # not the spec's colour


class ErrorCode(StrEnum):
    """Why a picture could not be judged at all. These are never findings."""

    UNREADABLE_IMAGE = "unreadable_image"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TOO_MANY_PIXELS = "too_many_pixels"
    UPLOAD_TOO_LARGE = "upload_too_large"
    UNKNOWN_SPEC = "unknown_spec"
    SPEC_UNATTAINABLE = "spec_unattainable"
    BACKGROUND_REFUSED = "background_refused"
    INTERNAL_ERROR = "internal_error"  # a defect of this program; the file may be perfectly good


FILE_CODES: Final = (
    FindingCode.FILE_TOO_SMALL,
    FindingCode.FILE_TOO_LARGE,
    FindingCode.WRONG_SIZE,
    FindingCode.WRONG_DPI,
    FindingCode.WRONG_FORMAT,
    FindingCode.WRONG_BACKGROUND,
)
"""The codes of a finished file, measured on its bytes: what `idphoto check` reports without looking at the face."""
