"""What every check looks at: the located and matted face, and the few rasters they share, computed once."""

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from photo_service.checks.bust import Bust, take_bust
from photo_service.colour import luminance_of, to_lab
from photo_service.geometry import Head, Miss
from photo_service.landmarks import FACE_OVAL
from photo_service.models.ports import Alpha, Points, Rgb
from photo_service.photo import CHIP_EYE_Y, CHIP_IED, CHIP_SIDE, Located, Matted

_SOFTEN = 0.6
"""Gaussian sigma in pixels of the halved chip: keeps single-pixel noise from passing for detail."""
_LEAST_SPAN = 30.0
"""Grey levels below which noise would pass for detail."""
INNER_FACE = (70, 63, 105, 66, 9, 296, 334, 293, 300, 352, 411, 291, 17, 61, 187, 123)
"""From the brows to the lower lip: no hair over the forehead, whose contrast would hide that the eyes are sharp."""


@dataclass(frozen=True)  # no slots: what only some checks need is computed when the first asks
class Subject:
    """The face as checks see it.

    All rasters are the chip's, 256 x 256: `luminance` in linear light (OFIQ's Y, 0 to 1), `grey` the luma as encoded
    (0 to 255), `lab` CIE L*a*b*, `face` the mask of the face's oval, `person` the matte. `bust` shows what
    lies around the face.
    `misses` are the rules of the spec that no crop meets. `today` is the day on which the picture is judged; None where
    no finding may depend on the day.
    """

    matted: Matted
    luminance: NDArray[np.float32]
    grey: NDArray[np.float32]
    lab: NDArray[np.float32]
    face: NDArray[np.bool_]
    person: Alpha
    head: Head
    misses: tuple[Miss, ...]
    today: date | None = None

    @property
    def located(self) -> Located:
        return self.matted.located

    @property
    def chip(self) -> Rgb:
        return self.matted.located.chip.picture

    @property
    def points(self) -> Points:
        return self.matted.located.chip.points

    @cached_property
    def bust(self) -> Bust:
        return take_bust(self.matted)

    @cached_property
    def detail(self) -> float:
        """Steepest edges of brows, eyes, nose and mouth over the span of grey levels there (see `blurred`)."""
        half = ndimage.zoom(self.grey, 0.5, order=1)
        inner = polygon(self.points[list(INNER_FACE)], self.grey.shape[0])[::2, ::2]
        edges = np.abs(ndimage.laplace(ndimage.gaussian_filter(half, _SOFTEN)))[inner]
        low, high = np.percentile(half[inner], (2, 98)) if inner.any() else (0.0, 0.0)
        return float(np.percentile(edges, 99)) / max(float(high - low), _LEAST_SPAN) if inner.any() else 0.0

    @cached_property
    def chroma(self) -> float:
        """Median over the face of the largest less the smallest channel, 0 to 255."""
        red, green, blue = (self.chip[..., channel] for channel in range(3))
        chroma = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
        return float(np.median(chroma[self.face]))

    @property
    def eyes_to_chin(self) -> float:
        """OFIQ's T in chip pixels: middle of the eyes to the chin."""
        eyes = (self.points[33, :2] + self.points[133, :2] + self.points[362, :2] + self.points[263, :2]) / 4
        return float(np.hypot(*(self.points[152, :2] - eyes)))

    def gap(self, first: int, second: int) -> float:
        """Return the distance between two landmarks in chip pixels."""
        return float(np.hypot(*(self.points[first, :2] - self.points[second, :2])))


def look(matted: Matted, head: Head, misses: tuple[Miss, ...], *, today: date | None = None) -> Subject:
    """Compute the shared rasters once."""
    chip = matted.located.chip
    grey = np.asarray(Image.fromarray(chip.picture).convert("L"), np.float32)
    return Subject(
        matted=matted,
        luminance=luminance_of(chip.picture),
        grey=grey,
        lab=to_lab(chip.picture),
        face=polygon(chip.points[list(FACE_OVAL)], chip.picture.shape[0]),
        person=_person(matted),
        head=head,
        misses=misses,
        today=today,
    )


def polygon(points: Points, side: int) -> NDArray[np.bool_]:
    canvas = Image.new("1", (side, side))
    ImageDraw.Draw(canvas).polygon([(float(x), float(y)) for x, y in points[:, :2]], fill=1)
    return np.asarray(canvas)


def _person(matted: Matted) -> Alpha:
    """Bring the matte into the chip's frame."""
    anatomy, region = matted.located.anatomy, matted.region
    roll, unit = math.radians(anatomy.roll), anatomy.inter_eye / CHIP_IED
    cos, sin = math.cos(roll) * unit, math.sin(roll) * unit
    half, above = CHIP_SIDE / 2, CHIP_EYE_Y
    x0, y0 = anatomy.eyes[0] - cos * half + sin * above, anatomy.eyes[1] - sin * half - cos * above
    step = matted.step
    plan = (cos / step, -sin / step, (x0 - region.left) / step, sin / step, cos / step, (y0 - region.top) / step)
    chip = Image.fromarray(matted.alpha).transform(
        (CHIP_SIDE, CHIP_SIDE), Image.Transform.AFFINE, plan, Image.Resampling.BILINEAR
    )
    return np.asarray(chip)
