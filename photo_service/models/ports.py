"""What the stages ask of networks, in the stages' own words.

Frame of reference everywhere: pixels of the picture passed in, origin at the top left corner of the
top left pixel, x to the right, y down. "Left" and "right" of a face are the *person's* own.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo_service.geometry import Anatomy

Rgb = NDArray[np.uint8]
"""Height x width x 3, sRGB, 8 bits a channel."""

Alpha = NDArray[np.float32]
"""Height x width, 0 (background) to 1 (person)."""

Points = NDArray[np.float32]
"""n x 2 or n x 3: x, y (and depth z in the scale of x, smaller is nearer the camera), in pixels."""


@dataclass(frozen=True, slots=True)
class DetectedFace:
    """One face as the detector sees it.

    `left`, `top`, `right`, `bottom` in pixels, may reach outside the picture. `score` is 0 to 1.
    `keypoints` is 6 x 2: the person's right eye, left eye, nose tip, mouth centre, right ear, left ear.
    """

    left: float
    top: float
    right: float
    bottom: float
    score: float
    keypoints: Points

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class FaceMesh:
    """468 landmarks in MediaPipe's canonical order and how sure the network is that a face is there.

    `points` is 468 x 3 in pixels of the picture (z in the scale of x). `presence` is 0 to 1.
    """

    points: Points
    presence: float


@dataclass(frozen=True, slots=True)
class Iris:
    """One eye: the iris (centre, then right, top, left, bottom of its rim) and the 71 eye contour points."""

    rim: Points
    contour: Points


@dataclass(frozen=True, slots=True)
class Parsing:
    """What each pixel of the square around a levelled head is, in CelebAMask's order of 19 classes.

    `classes` is S x S: background 0, skin 1, brows 2 and 3, eyes 4 and 5, glasses 6, ears 7 and 8, ear ring 9, nose 10,
    mouth 11, lips 12 and 13, neck 14, necklace 15, cloth 16, hair 17, hat 18. For the square see parsing_square.
    """

    classes: NDArray[np.uint8]


class FaceFinder(Protocol):
    def find(self, picture: Image.Image) -> tuple[DetectedFace, ...]:
        """Find the faces of a picture of any size, surest first; empty when there is none."""


class FaceMesher(Protocol):
    def mesh(self, picture: Image.Image, face: DetectedFace) -> FaceMesh:
        """Place the landmarks of one face."""


class IrisFinder(Protocol):
    def irises(self, picture: Image.Image, mesh: FaceMesh) -> tuple[Iris, Iris]:
        """Place both irises: the person's right eye first, then the left."""


class HandFinder(Protocol):
    def sureness(self, picture: Image.Image, *, eyes: tuple[float, float], eyes_to_chin: float) -> float:
        """Say how sure a hand is near a face, 0 to 1."""


class FaceParser(Protocol):
    def parse(self, picture: Image.Image, anatomy: Anatomy) -> Parsing:
        """Say what each pixel around one face is."""


class Segmenter(Protocol):
    @property
    def name(self) -> str:
        """The engine's name as `--engine` takes it."""

    def segment(self, picture: Rgb) -> Alpha:
        """Separate the person from the background, at the picture's own size."""
