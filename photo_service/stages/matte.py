"""Cut the person out of the region around head and shoulders."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from photo_service.landmarks import FACE_OVAL
from photo_service.models.ports import Alpha, Rgb, Segmenter
from photo_service.outline import SURE, grown, refine, resized
from photo_service.photo import Box, Located, Matted, Upright
from photo_service.silhouette import crown
from photo_service.two_colours import Within, gather

REGION_HEADS = 6.4
"""Side of the region in lengths from the eyes to the chin. The photo that shows most around a head (head 0.4 of its
height) reaches 3.4 such lengths below the eyes and 2.4 above. On ../shared/matting regions of 5 to 8 lengths and the
whole picture all gave a mean IoU of 0.968: nothing is lost, and a face far away gains pixels."""
ABOVE = 0.42
"""Share of the region above the eyes: high buns need it."""
MOST_PX = 384
"""Longest side of the cutout: half as much again as the embedded network sees. The outline is refined where it counts,
at the size of the finished photo (see compose)."""
REFINED_PX = 192
"""Longest side, about, at which the mask's outline is moved onto the picture's own."""
STEPS = 6, 4
"""Steps of the solver at half that size and at it (see outline). One size fewer than the finished photo gets: on
../shared/matting (the masks of `make bench`) a mean IoU of 0.975 and a least of 0.963; the network alone has 0.969 and
0.955."""
RIM = 0.11
"""How wide a rim of the background the network may have taken along, in lengths from the eyes to the chin: hair is
known by what lies deeper than that (0.14: alike on the masks and composites of `make bench`)."""
NEAR_PX = 2
"""How far soft hair may reach from what is surely the student, in pixels of the refined mask."""
HOLE_SHARE = 0.02
"""Holes smaller than this share of the person are the network's; larger ones are gaps between arm and body."""


def matte(located: Located, *, segmenter: Segmenter) -> Matted:
    """Separate the student from everything else, other people included."""
    region = _region(located)
    cutout, step = _cutout(located.upright, region)
    small = _shrunk(cutout)
    raw = resized(segmenter.segment(cutout), small.size)
    per = step * cutout.shape[1] / small.width
    face = _face_mask(located, region, per, raw.shape)
    refined = _only_the_student(_refined(raw, np.asarray(small), face, _eyes_to_chin(located) / per), face)
    alpha = resized(refined, (cutout.shape[1], cutout.shape[0]))
    return Matted(
        located=located,
        region=region,
        cutout=cutout,
        alpha=alpha,
        step=step,
        confidence=_confidence(raw, refined, face),
        crown_v=crown(located, region, alpha, step),
    )


def _region(located: Located) -> Box:
    """Return the square around head and shoulders, clipped to the picture."""
    width, height = located.upright.size
    x, y = located.anatomy.eyes
    side = REGION_HEADS * _eyes_to_chin(located)
    return Box(
        max(0, math.floor(x - side / 2)),
        max(0, math.floor(y - side * ABOVE)),
        min(width, math.ceil(x + side / 2)),
        min(height, math.ceil(y + side * (1 - ABOVE))),
    )


def _cutout(upright: Upright, region: Box) -> tuple[Rgb, float]:
    """Return the region at no more than MOST_PX, and how many picture pixels one of its pixels is."""
    step = max(1.0, max(region.width, region.height) / MOST_PX)
    if step == 1.0:
        return upright.part(region), step
    size = max(1, round(region.width / step)), max(1, round(region.height / step))
    whole, per = upright.overview if upright.overview[1] <= step else (upright.image, 1)
    left, top, right, bottom = (edge / per for edge in region)
    box = left, top, right, bottom
    return np.asarray(whole.resize(size, Image.Resampling.BOX, box=box, reducing_gap=2.0)), step


def _shrunk(cutout: Rgb) -> Image.Image:
    """Return the cutout at about REFINED_PX: there the mask's outline is moved onto the picture's own."""
    factor = max(1, round(max(cutout.shape[:2]) / REFINED_PX))
    picture = Image.fromarray(cutout)
    return picture.reduce(factor) if factor > 1 else picture


def _face_mask(located: Located, region: Box, step: float, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return the face's oval, drawn in by a tenth so that nothing but skin is in it."""
    points = (located.mesh.points[list(FACE_OVAL), :2] - (region.left, region.top)) / step
    centre = points.mean(axis=0)
    polygon = (points - centre) * 0.9 + centre
    canvas = Image.new("1", (shape[1], shape[0]))
    ImageDraw.Draw(canvas).polygon([(float(x), float(y)) for x, y in polygon], fill=1)
    return np.asarray(canvas)


def _eyes_to_chin(located: Located) -> float:
    return math.dist(located.anatomy.eyes, located.anatomy.chin)


def _refined(raw: Alpha, picture: Rgb, face: NDArray[np.bool_], unit: float) -> Alpha:
    """Move the mask's outline onto the picture's own; `unit` is the length from the eyes to the chin in its pixels."""
    deep = ~grown(raw <= SURE, max(1, round(RIM * unit)))
    skin = picture[::2, ::2][face[::2, ::2]]
    within = Within(deep.astype(np.float32), skin.mean(axis=0, dtype=np.float32)) if skin.size else None
    return refine(raw, picture, softness=1.0, steps=STEPS, clouds=gather(picture, raw, within))


def _only_the_student(alpha: Alpha, face: NDArray[np.bool_]) -> Alpha:
    """Keep what is connected to the face, and close the holes that a network leaves in collars, teeth and glasses."""
    labels, count = ndimage.label((alpha > 0.5) | face)
    wanted = np.zeros(count + 1, bool)
    wanted[labels[face]] = True
    body = wanted[labels]
    kept = np.where(_near(body), alpha, np.float32(0.0))
    kept[face | _small_holes(body)] = 1.0
    return kept


def _near(body: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the body and what lies within NEAR_PX steps up, down or aside of it."""
    for _ in range(NEAR_PX):
        wider = body.copy()
        wider[1:] |= body[:-1]
        wider[:-1] |= body[1:]
        wider[:, 1:] |= body[:, :-1]
        wider[:, :-1] |= body[:, 1:]
        body = wider
    return body


def _small_holes(body: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what the body encloses, unless it is too large to be a mistake."""
    labels, count = ndimage.label(~body)
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    small = areas <= HOLE_SHARE * float(body.sum())
    small[0] = False
    for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        small[edge] = False
    holes: NDArray[np.bool_] = small[labels]
    return holes


def _confidence(raw: Alpha, alpha: Alpha, face: NDArray[np.bool_]) -> float:
    """Return how far the network may be trusted, 0 to 1: decided along the outline, and sure that a face is a person.

    1 less the share of undecided pixels (0.2 to 0.8) per pixel of person; never more than the mean mask of the face.
    """
    person = float((alpha > 0.5).sum())
    undecided = float(((raw > 0.2) & (raw < 0.8)).sum())
    seen = float(raw[face].mean()) if face.any() else 0.0
    return max(0.0, min(1.0 - undecided / max(person, 1.0), seen))
