"""Cut the person out of the region around head and shoulders."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from photo_service.landmarks import FACE_OVAL
from photo_service.models.ports import Alpha, Rgb, Segmenter
from photo_service.outline import guided
from photo_service.photo import Box, Located, Matted
from photo_service.silhouette import crown

REGION_HEADS = 6.4
"""Side of the region in lengths from the eyes to the chin. The photo that shows most around a head (head 0.4 of its
height) reaches 3.4 such lengths below the eyes and 2.4 above. On ../shared/matting regions of 5 to 8 lengths and the
whole picture all gave a mean IoU of 0.968: nothing is lost, and a face far away gains pixels."""
ABOVE = 0.42
"""Share of the region above the eyes: high buns need it."""
MOST_PX = 384
"""Longest side of the cutout: half as much again as the embedded network sees. The outline is refined where it counts,
at the size of the finished photo (see compose)."""
HOLE_SHARE = 0.02
"""Holes smaller than this share of the person are the network's; larger ones are gaps between arm and body."""


def matte(located: Located, *, segmenter: Segmenter) -> Matted:
    """Separate the student from everything else, other people included."""
    region = _region(located)
    cutout, step = _cutout(located.upright.picture, region)
    raw = segmenter.segment(cutout)
    refined = guided(raw, cutout.astype(np.float32), max(2, round(max(raw.shape) / 32)))
    face = _face_mask(located, region, step, raw.shape)
    alpha = _only_the_student(refined, face)
    return Matted(
        located=located,
        region=region,
        cutout=cutout,
        alpha=alpha,
        step=step,
        confidence=_confidence(raw, alpha, face),
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


def _confidence(raw: Alpha, alpha: Alpha, face: NDArray[np.bool_]) -> float:
    """Return how far the network may be trusted, 0 to 1: decided along the outline, and sure that a face is a person.

    1 less the share of undecided pixels (0.2 to 0.8) per pixel of person; never more than the mean mask of the face.
    """
    person = float((alpha > 0.5).sum())
    undecided = float(((raw > 0.2) & (raw < 0.8)).sum())
    seen = float(raw[face].mean()) if face.any() else 0.0
    return max(0.0, min(1.0 - undecided / max(person, 1.0), seen))
