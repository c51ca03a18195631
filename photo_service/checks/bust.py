"""Head and shoulders in one levelled frame, small and all of one scale: what lies around the face."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo_service.colour import to_lab
from photo_service.models.ports import Alpha, Points, Rgb
from photo_service.photo import Matted

SIDE: Final = 128
UNIT: Final = 24.0
"""Eye distance in pixels: the frame is 5.3 eye distances wide, enough for the widest brim."""
EYE_Y: Final = 73.0
_CHINS = 1.35
"""Eyes to chin in eye distances of a frontal face. A turned face has its eyes close together; its height stays."""


@dataclass(frozen=True, slots=True)
class Bust:
    """`lab` and `person` (the matte) are SIDE x SIDE; the eyes lie level, their middle at (SIDE / 2, EYE_Y)."""

    lab: NDArray[np.float32]
    person: Alpha
    points: Points

    @property
    def sides(self) -> tuple[float, float]:
        """Where the face begins and ends, from the person's right to the left."""
        return float(self.points[[127, 234], 0].min()), float(self.points[[356, 454], 0].max())


def take_bust(matted: Matted) -> Bust:
    """Cut head and shoulders out of the region that the matte was made on."""
    anatomy = matted.located.anatomy
    roll = math.radians(anatomy.roll)
    unit = max(anatomy.inter_eye, math.dist(anatomy.eyes, anatomy.chin) / _CHINS) / UNIT
    factor = max(1, int(unit / matted.step))
    cos, sin = math.cos(roll) * unit, math.sin(roll) * unit
    left = anatomy.eyes[0] - cos * SIDE / 2 + sin * EYE_Y - matted.region.left
    top = anatomy.eyes[1] - sin * SIDE / 2 - cos * EYE_Y - matted.region.top
    plan = tuple(value / matted.step / factor for value in (cos, -sin, left, sin, cos, top))
    offset = matted.located.mesh.points[:, :2] - anatomy.eyes
    turn = np.array([[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]])
    points = (offset @ turn.T / unit + (SIDE / 2, EYE_Y)).astype(np.float32)
    picture = np.asarray(_turned(matted.cutout, plan, factor), np.uint8)
    return Bust(to_lab(picture), np.asarray(_turned(matted.alpha, plan, factor), np.float32), points)


def _turned(raster: Rgb | Alpha, plan: tuple[float, ...], factor: int) -> Image.Image:
    image = Image.fromarray(raster)
    shrunk = image.reduce(factor) if factor > 1 else image
    return shrunk.transform((SIDE, SIDE), Image.Transform.AFFINE, plan, Image.Resampling.BILINEAR)
