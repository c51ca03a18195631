"""One selfie on its way to a photo: one frozen type per state, so that a forgotten stage is a type error.

bytes ▸ Upright ▸ Located ▸ Matted ▸ Assessed ▸ Framed ▸ Composed ▸ Encoded ▸ (Output, photo bytes)

Frame of reference: pixels of `Upright.picture`, origin top left, x right, y down, until `Framed`, which is in pixels
of the finished photo. "Left" and "right" are the person's own.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo_service.contract import Finding
from photo_service.geometry import Anatomy, Plan, Pose
from photo_service.models.ports import Alpha, DetectedFace, FaceMesh, Iris, Parsing, Rgb


class Box(NamedTuple):
    """A rectangle of whole pixels: `left <= x < right`, `top <= y < bottom`."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


OVERVIEW_PX = 500
"""Least longer side of an overview: a face that counts still has the pixels that finding it takes."""
LARGE_PX = 1400
"""Longer side from which an overview pays: looking through all the pixels again and again takes longer."""


@dataclass(frozen=True)  # no slots: what only some need is made when the first asks
class Upright:
    """The decoded selfie, turned as the camera was held (EXIF orientation applied), in sRGB.

    `image` holds the pixels as the decoder made them: whoever needs a part, or less than every pixel, cuts or shrinks
    it there, and only who needs all of them asks for `picture`, which takes them all in hand.
    `reduction` is how many pixels of the file one pixel of `picture` stands for along one side (1, 2, 4 or 8):
    a large JPEG is decoded smaller. `jpeg_quality` is estimated from the quantisation tables, None where the file
    is not a JPEG. `colourless` is true where the file itself has one channel. `taken_at` is the EXIF date, zoneless.
    """

    image: Image.Image
    file_width: int
    file_height: int
    reduction: float
    format: str
    jpeg_quality: int | None
    colourless: bool
    taken_at: datetime | None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of `picture`."""
        return self.image.size

    @cached_property
    def picture(self) -> Rgb:
        """Every pixel."""
        return np.asarray(self.image)

    @cached_property
    def overview(self) -> tuple[Image.Image, int]:
        """The picture to look for things in, and how many pixels of `picture` one of its pixels is along one side."""
        longer = max(self.size)
        if longer < LARGE_PX:
            return self.image, 1
        return self.image.reduce(longer // OVERVIEW_PX), longer // OVERVIEW_PX

    def part(self, box: Box) -> Rgb:
        """Return the pixels of one rectangle of the picture; black beyond its edges."""
        return np.asarray(self.image.crop(box))


@dataclass(frozen=True, slots=True)
class Chip:
    """The face alone, levelled and brought to one scale, for every check that looks at skin, light or sharpness.

    `picture` is CHIP_SIDE x CHIP_SIDE; the eyes lie level, CHIP_IED apart, their middle at (CHIP_SIDE / 2, CHIP_EYE_Y).
    `points` are the 468 landmarks in its pixels. `enlarged` is chip pixels per file pixel: above 1 the face had fewer
    pixels than the chip.
    """

    picture: Rgb
    points: NDArray[np.float32]
    enlarged: float


CHIP_SIDE = 256
CHIP_IED = 80.0
CHIP_EYE_Y = 104.0


@dataclass(frozen=True, slots=True)
class Located:
    """Whose face it is and where. `faces` holds every face found, the student's first.

    `hand` is how sure it is, 0 to 1, that a hand is near the face.
    `quarter_turns` is by how many times 90° clockwise the picture had to be turned before a face stood upright in it.
    `parsing` is what a parsing network saw, None where none is installed.
    """

    upright: Upright
    faces: tuple[DetectedFace, ...]
    mesh: FaceMesh
    irises: tuple[Iris, Iris]
    anatomy: Anatomy
    pose: Pose
    chip: Chip
    quarter_turns: int
    hand: float
    parsing: Parsing | None = None


@dataclass(frozen=True, slots=True)
class Matted:
    """The person cut out of the region around head and shoulders.

    `cutout` is that region of the picture, resampled to `alpha`'s size: one of its pixels is `step` picture pixels.
    `region` is where it lies in the picture (it never reaches outside). `alpha` holds only what is connected to
    the face. `confidence` is 0 to 1: how decided the network was along the outline. `crown_v` is the top of hair or
    hat in the levelled frame (see geometry), negative, in picture pixels.
    """

    located: Located
    region: Box
    cutout: Rgb
    alpha: Alpha
    step: float
    confidence: float
    crown_v: float


@dataclass(frozen=True, slots=True)
class Assessed:
    """Everything the checks found, and the plan for the photo (None where no crop meets the spec)."""

    matted: Matted
    findings: tuple[Finding, ...]
    measurements: dict[str, float]
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Framed:
    """Head and shoulders at the finished photo's size: the picture as it was, and roughly how much of it is person.

    `softness` is how many of its pixels one pixel of the network's mask is. `face` is the face's oval, point after
    point (n x 2); None where nobody looked for one.
    """

    picture: Rgb
    alpha: Alpha
    softness: float = 1.0
    face: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """The finished picture before encoding. `face` as in Framed."""

    picture: Rgb
    face: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Encoded:
    """The finished file. `quality` is the JPEG quality than whose tables its own are nowhere coarser; the face may be
    finer, and where bytes are scarce more is left out around it."""

    data: bytes
    quality: int
