"""One selfie on its way to a photo: one frozen type per state, so that a forgotten stage is a type error.

bytes ▸ Upright ▸ Located ▸ Matted ▸ Assessed ▸ Framed ▸ Composed ▸ Encoded ▸ (Output, photo bytes)

Frame of reference: pixels of `Upright.picture`, origin top left, x right, y down, until `Framed`, which is in pixels
of the finished photo. "Left" and "right" are the person's own.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from photo_service.contract import Finding
from photo_service.geometry import Anatomy, Plan, Pose
from photo_service.models.ports import Alpha, DetectedFace, FaceMesh, Iris, Rgb


class Box(NamedTuple):
    """A rectangle of whole pixels: `left <= x < right`, `top <= y < bottom`."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Upright:
    """The decoded selfie, turned as the camera was held (EXIF orientation applied), in sRGB.

    `reduction` is how many pixels of the file one pixel of `picture` stands for along one side (1, 2, 4 or 8):
    a large JPEG is decoded smaller. `jpeg_quality` is estimated from the quantisation tables, None where the file
    is not a JPEG. `colourless` is true where the file itself has one channel. `taken_at` is the EXIF date, without zone.
    """

    picture: Rgb
    file_width: int
    file_height: int
    reduction: float
    format: str
    jpeg_quality: int | None
    colourless: bool
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Located:
    """Whose face it is and where. `faces` holds every face found, the student's first."""

    upright: Upright
    faces: tuple[DetectedFace, ...]
    mesh: FaceMesh
    irises: tuple[Iris, Iris]
    anatomy: Anatomy
    pose: Pose


@dataclass(frozen=True, slots=True)
class Matted:
    """The person cut out of the region around head and shoulders.

    `alpha` covers `region` of the picture, at the picture's own scale divided by `alpha_step`.
    `confidence` is 0 to 1: how decided the network was along the outline.
    """

    located: Located
    region: Box
    alpha: Alpha
    confidence: float
    crown_y: float
    """Top of the hair (or hat), in picture pixels, along the levelled head axis (see geometry.Anatomy)."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """Everything the checks found, and the plan for the photo (None where no plan exists)."""

    matted: Matted
    findings: tuple[Finding, ...]
    measurements: dict[str, float]
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Framed:
    """Head and shoulders at the finished photo's size: the person's own colours and the alpha they go with."""

    foreground: NDArray[np.float32]
    alpha: Alpha
    original: Rgb


@dataclass(frozen=True, slots=True)
class Composed:
    """The finished picture before encoding."""

    picture: Rgb


@dataclass(frozen=True, slots=True)
class Encoded:
    """The finished file. `quality` is the JPEG quality that was used."""

    data: bytes
    quality: int
