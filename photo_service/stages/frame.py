"""Bring head and shoulders to the finished photo's size: one turn and one shrink, exactly as planned."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photo_service.geometry import Plan
from photo_service.landmarks import FACE_OVAL
from photo_service.models.ports import Alpha
from photo_service.photo import Box, Framed, Matted

NETWORK_PX = 256
"""Side of the embedded segmenter's mask; larger networks draw sharper outlines than that assumes."""
OVERSAMPLING = 2
"""The picture is turned at twice the photo's size and then shrunk: turning alone, pixel by pixel, would alias."""
STRAIGHT = 0.4
"""Photo pixels to a source pixel up to which straight lines do: inside the faces of the labelled photos the structural
similarity to an independent resampling is lower by 0.001 at most (0.003 were it 0.5)."""
SMALL_PX = 130_000
"""Photos up to this size have bytes enough (one-inch has 121,835 pixels). Larger ones may not, and then what is lost
here is lost to the face: they are turned at no fewer pixels than the source has, along curves."""
MOST_TURNED_PX = 3_000_000
"""As far as time allows; `timings_ms` in the report tells what it takes."""


def frame(matted: Matted, plan: Plan) -> Framed:
    """Resample picture and matte as the plan says; what lies outside the picture is not the person."""
    region, mask = matted.region, Image.fromarray(matted.alpha)
    return Framed(
        picture=np.asarray(_bring(matted.located.upright.image, plan, left=0, top=0, step=1.0)),
        alpha=_alpha(_bring(mask, plan, left=region.left, top=region.top, step=matted.step)),
        softness=max(region.width, region.height) / NETWORK_PX * plan.scale,
        face=_face(matted, plan),
    )


def _face(matted: Matted, plan: Plan) -> NDArray[np.float32]:
    points = matted.located.mesh.points[list(FACE_OVAL), :2].tolist()
    return np.array([plan.to_photo((x, y)) for x, y in points], np.float32)


def _alpha(mask: Image.Image) -> Alpha:
    clipped: Alpha = np.clip(np.asarray(mask), 0.0, 1.0)
    return clipped


def _bring(source: Image.Image, plan: Plan, *, left: float, top: float, step: float) -> Image.Image:
    """Resample what one source shows whose pixels are `step` picture pixels, its corner at (`left`, `top`) of it."""
    if plan.level.roll == 0:
        return _shrink(source, plan, left=left, top=top, step=step)
    return _turn(source, plan, left=left, top=top, step=step)


def _turn(source: Image.Image, plan: Plan, *, left: float, top: float, step: float) -> Image.Image:
    """Resample and turn, at twice the size or more and then shrunk where it is a picture: a matte is smooth.

    Where the source is finer than that, straight lines between its pixels do as well as curves, in half the time.
    """
    shrink = plan.scale * step
    factor = max(1, math.floor(1 / (shrink * OVERSAMPLING)))
    if factor > 1:
        box = _around(plan, source, left=left, top=top, step=step)
        source, left, top = source.reduce(factor, box), left + box.left * step, top + box.top * step
    zoom = _zoom(plan, shrink * factor) if shrink < 1 and source.mode == "RGB" else 1
    curved = source.mode == "RGB" and (shrink * factor > STRAIGHT or zoom > OVERSAMPLING)
    turned = source.transform(
        (plan.width * zoom, plan.height * zoom),
        Image.Transform.AFFINE,
        _affine(plan, left=left, top=top, step=step * factor, zoom=zoom),
        Image.Resampling.BICUBIC if curved else Image.Resampling.BILINEAR,
    )
    return turned.resize((plan.width, plan.height), Image.Resampling.LANCZOS) if zoom > 1 else turned


def _zoom(plan: Plan, shrink: float) -> int:
    """Return at how many times the photo's size it is turned: twice at least; large photos, at no fewer pixels than the
    source has, of which one is `shrink` pixels of the photo."""
    pixels = plan.width * plan.height
    if pixels <= SMALL_PX:
        return OVERSAMPLING
    return max(OVERSAMPLING, min(math.ceil(1 / shrink), math.isqrt(MOST_TURNED_PX // pixels)))


def _around(plan: Plan, source: Image.Image, *, left: float, top: float, step: float) -> Box:
    """Return the box of the source that the photo is made of, with a margin for the filters, within the source."""
    width, height = source.size
    corners = [plan.to_picture((x, y)) for x in (0, plan.width) for y in (0, plan.height)]
    xs, ys = [(x - left) / step for x, _ in corners], [(y - top) / step for _, y in corners]
    margin = math.ceil(4 / min(plan.scale * step, 1.0))
    return Box(
        min(max(0, math.floor(min(xs)) - margin), width - 1),
        min(max(0, math.floor(min(ys)) - margin), height - 1),
        max(1, min(width, math.ceil(max(xs)) + margin)),
        max(1, min(height, math.ceil(max(ys)) + margin)),
    )


def _affine(plan: Plan, *, left: float, top: float, step: float, zoom: int) -> tuple[float, ...]:
    """Return the six numbers that take a pixel of the zoomed photo back to a pixel of the source."""
    roll = math.radians(plan.level.roll)
    unit = 1 / (plan.scale * step * zoom)
    cos, sin = math.cos(roll) * unit, math.sin(roll) * unit
    x0, y0 = plan.to_picture((0.0, 0.0))
    return cos, -sin, (x0 - left) / step, sin, cos, (y0 - top) / step


def _shrink(source: Image.Image, plan: Plan, *, left: float, top: float, step: float) -> Image.Image:
    """Resample without turning, through a canvas where the crop reaches outside the source."""
    x0, y0 = plan.to_picture((0.0, 0.0))
    x1, y1 = x0 + plan.width / plan.scale, y0 + plan.height / plan.scale
    box = (x0 - left) / step, (y0 - top) / step, (x1 - left) / step, (y1 - top) / step
    outer = math.floor(box[0]), math.floor(box[1]), math.ceil(box[2]), math.ceil(box[3])
    part = source.crop(outer)
    inner = (box[0] - outer[0], box[1] - outer[1], box[2] - outer[0], box[3] - outer[1])
    filtering = Image.Resampling.LANCZOS if source.mode == "RGB" else Image.Resampling.BILINEAR
    return part.resize((plan.width, plan.height), filtering, box=inner, reducing_gap=3.0)
