"""Cut the person out of the region around head and shoulders."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from photo_service.geometry import Level
from photo_service.landmarks import FACE_OVAL
from photo_service.models.ports import Alpha, Rgb, Segmenter
from photo_service.outline import refine
from photo_service.photo import Box, Located, Matted

REGION_HEADS = 6.4
"""Side of the region in lengths from the eyes to the chin. The photo that shows most around a head (head 0.4 of its
height) reaches 3.4 such lengths below the eyes and 2.4 above. On ../shared/matting regions of 5 to 8 lengths and the
whole picture all gave a mean IoU of 0.968: nothing is lost, and a face far away gains pixels."""
ABOVE = 0.42
"""Share of the region above the eyes: high buns need it."""
MOST_PX = 512
"""Longest side of the cutout: twice what the embedded network sees, three times the largest head at 180 x 240."""
HOLE_SHARE = 0.02
"""Holes smaller than this share of the person are the network's; larger ones are gaps between arm and body."""


def matte(located: Located, *, segmenter: Segmenter) -> Matted:
    """Separate the student from everything else, other people included."""
    region = _region(located)
    cutout, step = _cutout(located.upright.picture, region)
    raw = segmenter.segment(cutout)
    refined = refine(raw, cutout)
    face = _face_mask(located, region, step, raw.shape)
    alpha = _only_the_student(refined, face)
    return Matted(
        located=located,
        region=region,
        cutout=cutout,
        alpha=alpha,
        step=step,
        confidence=_confidence(raw, alpha),
        crown_v=crown(located, region, alpha, step),
    )


def _region(located: Located) -> Box:
    """Return the square around head and shoulders, clipped to the picture."""
    height, width = located.upright.picture.shape[:2]
    (x, y), chin = located.anatomy.eyes, located.anatomy.chin
    side = REGION_HEADS * math.dist((x, y), chin)
    return Box(
        max(0, math.floor(x - side / 2)),
        max(0, math.floor(y - side * ABOVE)),
        min(width, math.ceil(x + side / 2)),
        min(height, math.ceil(y + side * (1 - ABOVE))),
    )


def _cutout(picture: Rgb, region: Box) -> tuple[Rgb, float]:
    """Return the region at no more than MOST_PX, and how many picture pixels one of its pixels is."""
    part = picture[region.top : region.bottom, region.left : region.right]
    step = max(1.0, max(region.width, region.height) / MOST_PX)
    if step == 1.0:
        return np.ascontiguousarray(part), step
    size = max(1, round(region.width / step)), max(1, round(region.height / step))
    shrunk = Image.fromarray(part).resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(shrunk), step


def _face_mask(located: Located, region: Box, step: float, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return the face's oval, drawn in by a tenth so that nothing but skin is in it."""
    points = (located.mesh.points[list(FACE_OVAL), :2] - (region.left, region.top)) / step
    centre = points.mean(axis=0)
    polygon = (points - centre) * 0.9 + centre
    canvas = Image.new("1", (shape[1], shape[0]))
    ImageDraw.Draw(canvas).polygon([(float(x), float(y)) for x, y in polygon], fill=1)
    return np.asarray(canvas)


def _only_the_student(alpha: Alpha, face: NDArray[np.bool_]) -> Alpha:
    """Keep what is connected to the face, and close the holes that a network leaves in collars, teeth and glasses."""
    labels, _ = ndimage.label((alpha > 0.5) | face)
    wanted = np.unique(labels[face])
    body = np.isin(labels, wanted[wanted > 0])
    holes = ndimage.binary_fill_holes(body) & ~body
    small = _small_parts(holes, HOLE_SHARE * float(body.sum()))
    near = ndimage.binary_dilation(body, iterations=4)
    kept = np.where(near, alpha, 0.0)
    return np.where(face | small, 1.0, kept).astype(np.float32)


def _small_parts(mask: NDArray[np.bool_], largest: float) -> NDArray[np.bool_]:
    labels, count = ndimage.label(mask)
    if count == 0:
        return mask
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    small: NDArray[np.bool_] = np.isin(labels, np.flatnonzero((areas > 0) & (areas <= largest)))
    return small


def _confidence(raw: Alpha, alpha: Alpha) -> float:
    """Return how decided the network was: 1 less the share of undecided pixels (0.2 to 0.8) per pixel of person."""
    person = float((alpha > 0.5).sum())
    undecided = float(((raw > 0.2) & (raw < 0.8)).sum())
    return max(0.0, 1.0 - undecided / max(person, 1.0))


def levelled(located: Located, region: Box, step: float, shape: tuple[int, ...]) -> tuple[NDArray[np.float64], ...]:
    """Return, for each pixel of a cutout, where it lies in the levelled frame: u to the right, v down, picture pixels."""
    level = Level(located.anatomy.eyes, located.anatomy.roll)
    ys, xs = np.indices(shape[:2], dtype=np.float64)
    x = (xs + 0.5) * step + region.left - level.origin[0]
    y = (ys + 0.5) * step + region.top - level.origin[1]
    cos, sin = math.cos(math.radians(level.roll)), math.sin(math.radians(level.roll))
    return x * cos + y * sin, y * cos - x * sin


def crown(located: Located, region: Box, alpha: Alpha, step: float) -> float:
    """Return the top of the hair in the levelled frame: the first row, from above, that is hair for an eighth of the
    face's width. A single lock standing up is not the crown; a bun is."""
    u, v = levelled(located, region, step, alpha.shape)
    half = located.anatomy.face_width * 0.75
    rows = np.floor(v[(alpha > 0.5) & (np.abs(u) < half)] / step).astype(np.int64)
    if rows.size == 0:
        return -located.anatomy.face_width
    counts = np.bincount(rows - rows.min())
    wide = np.flatnonzero(counts * step >= located.anatomy.face_width / 8)
    first = int(wide[0]) if wide.size else 0
    return float((rows.min() + first) * step)
