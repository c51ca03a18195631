"""What every check looks at: the located and matted face, and the few rasters they share, computed once."""

import math
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from photo_service.checks import skin
from photo_service.checks.bust import Bust, take_bust
from photo_service.checks.glasses_odds import glasses_odds
from photo_service.colour import luminance_of, to_lab
from photo_service.geometry import Head, Miss
from photo_service.landmarks import FACE_OVAL
from photo_service.models.ports import Alpha, Points, Rgb
from photo_service.ofiq.colour import natural_colour
from photo_service.photo import CHIP_EYE_Y, CHIP_IED, CHIP_SIDE, Located, Matted

_SOFTEN = 0.6
"""Gaussian sigma in pixels of the halved chip: keeps single-pixel noise from passing for detail."""
_FILTERED = 3
"""How far that Gaussian (2 pixels) and the Laplacian after it (1) look."""
_LEAST_SPAN = 30.0
"""Grey levels below which noise would pass for detail."""
_PATCHES = (205, 425, 4, 151, 50, 280, 199, 9)
_PER_RED = 3.0
"""Chroma levels that one unit of a* is worth: brings both limits of `colourfulness` to one number."""
_RED_ENOUGH, _PER_LIPS = 5.0, 1.55
"""a* from which skin is red whatever the light, and units of a* that one unit is worth by which lips are redder than
skin as light: 3.4 and more in living faces whose skin a greenish lamp leaves no red, 2.6 and less in pictures of one
tone."""
_AS_LIGHT, _FEWEST_AS_LIGHT = 5.0, 50
"""L* by which skin as light as the lips may differ from them, and how many pixels of it there must be."""
INNER_FACE = (70, 63, 105, 66, 9, 296, 334, 293, 300, 352, 411, 291, 17, 61, 187, 123)
"""From the brows to the lower lip: no hair over the forehead, whose contrast would hide that the eyes are sharp."""


@dataclass(frozen=True)  # no slots: what only some checks need is computed when the first asks
class Subject:
    """The face as checks see it.

    All rasters are the chip's, 256 x 256: `luminance` in linear light (OFIQ's Y, 0 to 1), `grey` the luma as encoded
    (0 to 255), `lab` CIE L*a*b*, `face` the mask of the face's oval. `bust` shows what lies around the face.
    `misses` are the rules of the spec that no crop meets. `today` is the day on which the picture is judged; None where
    no finding may depend on the day.
    """

    matted: Matted
    luminance: NDArray[np.float32]
    grey: NDArray[np.float32]
    lab: NDArray[np.float32]
    face: NDArray[np.bool_]
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

    def person(self, rows: slice, columns: slice) -> Alpha:
        """Return the matte in a part of the chip."""
        anatomy, region, step = self.located.anatomy, self.matted.region, self.matted.step
        roll, unit = math.radians(anatomy.roll), anatomy.inter_eye / CHIP_IED
        cos, sin = math.cos(roll) * unit, math.sin(roll) * unit
        half, above = CHIP_SIDE / 2 - columns.start, CHIP_EYE_Y - rows.start
        x0, y0 = anatomy.eyes[0] - cos * half + sin * above, anatomy.eyes[1] - sin * half - cos * above
        plan = (cos / step, -sin / step, (x0 - region.left) / step, sin / step, cos / step, (y0 - region.top) / step)
        size = columns.stop - columns.start, rows.stop - rows.start
        part = self._matte.transform(size, Image.Transform.AFFINE, plan, Image.Resampling.BILINEAR)
        return np.asarray(part)

    @cached_property
    def _matte(self) -> Image.Image:
        return Image.fromarray(self.matted.alpha)

    @cached_property
    def detail(self) -> float:
        """Steepest edges of brows, eyes, nose and mouth over the span of grey levels there (see `blurred`)."""
        inner = polygon(self.points[list(INNER_FACE)], self.grey.shape[0])[::2, ::2]
        if not inner.any():
            return 0.0
        box = _box(inner, margin=_FILTERED)
        half, inner = halved(self.grey, *box), inner[box]
        edges = np.abs(ndimage.laplace(ndimage.gaussian_filter(half, _SOFTEN)))[inner]
        (steepest,), (low, high) = skin.percentiles(edges, 99), skin.percentiles(half[inner], 2, 98)
        return steepest / max(high - low, _LEAST_SPAN)

    @cached_property
    def chroma(self) -> float:
        """Median over the face of the largest less the smallest channel, 0 to 255."""
        red, green, blue = (self.chip[::2, ::2, band] for band in range(3))
        chroma = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
        return float(np.median(chroma[self.face[::2, ::2]]))

    @cached_property
    def cheeks(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """The masks of the flats of the right and of the left cheek."""
        right, left = (
            skin.inside(self.points, marks, self.grey.shape) for marks in (skin.RIGHT_CHEEK, skin.LEFT_CHEEK)
        )
        return right, left

    @cached_property
    def glasses_odds(self) -> float:
        """Log odds that glasses are worn, clear or dark."""
        return glasses_odds(self.lab[..., 0], self.points)

    @cached_property
    def off_skin(self) -> float:
        """OFIQ's NaturalColour, raw value: how far the cheeks' mean lies outside the colours of skin."""
        return natural_colour(self.chip, self.points)

    @cached_property
    def colourfulness(self) -> float:
        """The smaller of the median chroma and three times the reddest patch's a*; 0 for a one-channel file.

        Chroma alone takes a sepia or hand-tinted print for colour; living skin is red somewhere. OFIQ's NaturalColour
        gives greyscale pictures full marks; hence a measure of its own.
        """
        if self.located.upright.colourless:
            return 0.0
        return min(self.chroma, _PER_RED * max(self._redness, 0.0))

    @property
    def _redness(self) -> float:
        """The largest a* of forehead, nose, cheeks and chin: blood shows in one of them, whatever the rest.

        In light that leaves none of them red (blue sky, fluorescent tubes), how much redder lips are than skin as light
        as they are: in a picture of one tone they are not, however that tone changes from shadow to light.
        """
        patches = [skin.around(self.lab, self.points, mark, reach=5) for mark in _PATCHES]
        reddest = float(skin.middle(np.stack(patches, axis=1))[:, 1].max())
        return reddest if reddest > _RED_ENOUGH else max(reddest, _PER_LIPS * self._lips_redder)

    @property
    def _lips_redder(self) -> float:
        """By how much a* of the lips is above that of the face's pixels as light as they are; 0 where there are few."""
        lips, face = skin.typical(self.lab, self.points, skin.LIPS, reach=2), self.lab[self.face]
        alike = face[np.abs(face[:, 0] - lips[0]) < _AS_LIGHT, 1]
        return float(lips[1] - skin.middle(alike)) if len(alike) >= _FEWEST_AS_LIGHT else 0.0

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
        head=head,
        misses=misses,
        today=today,
    )


def halved(raster: NDArray[np.float32], rows: slice, columns: slice) -> NDArray[np.float32]:
    """Return some rows and columns of a square raster at half its size, its corners kept, between pixels by straight
    lines (as ndimage.zoom)."""
    places = np.linspace(0, raster.shape[0] - 1, raster.shape[0] // 2)
    first = np.minimum(places.astype(np.int64), raster.shape[0] - 2)
    share = (places - first).astype(np.float32)
    above, down, left, right = first[rows], share[rows, None], first[columns], share[columns]
    lines = raster[above] * (1 - down) + raster[above + 1] * down
    half: NDArray[np.float32] = lines[:, left] * (1 - right) + lines[:, left + 1] * right
    return half


def polygon(points: Points, side: int) -> NDArray[np.bool_]:
    canvas = Image.new("1", (side, side))
    ImageDraw.Draw(canvas).polygon([(float(x), float(y)) for x, y in points[:, :2]], fill=1)
    return np.asarray(canvas)


def _box(mask: NDArray[np.bool_], *, margin: int) -> tuple[slice, slice]:
    """Return rows and columns of the rectangle around what is in a mask, so much larger on each side."""
    filled = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    rows, columns = (slice(max(0, int(places[0]) - margin), int(places[-1]) + 1 + margin) for places in filled)
    return rows, columns
