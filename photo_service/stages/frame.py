"""Bring head and shoulders to the finished photo's size: one turn and one shrink, exactly as planned."""

import math

import numpy as np
from PIL import Image

from photo_service.geometry import Plan
from photo_service.models.ports import Alpha, Rgb
from photo_service.photo import Framed, Matted

LEVEL_ENOUGH_DEG = 0.3
"""Below this tilt the picture is only shrunk: turning it would cost sharpness for half a pixel at the edge."""

NETWORK_PX = 256
"""Side of the embedded segmenter's mask; larger networks draw sharper outlines than that assumes."""
OVERSAMPLING = 2
"""The picture is turned at twice the photo's size and then shrunk: turning alone, pixel by pixel, would alias."""


def frame(matted: Matted, plan: Plan) -> Framed:
    """Resample picture and matte as the plan says; what lies outside the picture is not the person."""
    picture = Image.fromarray(matted.located.upright.picture)
    alpha = Image.fromarray(matted.alpha)
    region = matted.region
    return Framed(
        picture=_bring(picture, plan, left=0, top=0, step=1.0),
        alpha=_alpha(_bring(alpha, plan, left=region.left, top=region.top, step=matted.step)),
        softness=max(region.width, region.height) / NETWORK_PX * plan.scale,
    )


def _alpha(values: Rgb) -> Alpha:
    clipped: Alpha = np.clip(values, 0.0, 1.0).astype(np.float32)
    return clipped


def _bring(source: Image.Image, plan: Plan, *, left: float, top: float, step: float) -> Rgb:
    """Resample one raster whose pixels are `step` picture pixels and whose corner lies at (`left`, `top`) of it."""
    if abs(plan.level.roll) < LEVEL_ENOUGH_DEG:
        return _shrink(source, plan, left=left, top=top, step=step)
    shrink = plan.scale * step
    factor = max(1, math.floor(1 / (shrink * OVERSAMPLING)))  # a matte is smooth: once shrunk it needs no more
    box = _around(plan, source, left=left, top=top, step=step)
    part = source.crop(box).reduce(factor) if factor > 1 else source.crop(box)
    left, top, step = left + box[0] * step, top + box[1] * step, step * factor
    zoom = OVERSAMPLING if shrink < 1 and source.mode == "RGB" else 1
    turned = part.transform(
        (plan.width * zoom, plan.height * zoom),
        Image.Transform.AFFINE,
        _affine(plan, left=left, top=top, step=step, zoom=zoom),
        Image.Resampling.BICUBIC if source.mode == "RGB" else Image.Resampling.BILINEAR,
    )
    return np.asarray(turned.resize((plan.width, plan.height), Image.Resampling.LANCZOS) if zoom > 1 else turned)


def _around(plan: Plan, source: Image.Image, *, left: float, top: float, step: float) -> tuple[int, int, int, int]:
    """Return the box of the source that the photo is made of, with a margin for the filters, within the source."""
    corners = [plan.to_picture((x, y)) for x in (0, plan.width) for y in (0, plan.height)]
    xs, ys = [(x - left) / step for x, _ in corners], [(y - top) / step for _, y in corners]
    margin = math.ceil(4 / min(plan.scale * step, 1.0))
    return (
        max(0, math.floor(min(xs)) - margin),
        max(0, math.floor(min(ys)) - margin),
        min(source.width, math.ceil(max(xs)) + margin),
        min(source.height, math.ceil(max(ys)) + margin),
    )


def _affine(plan: Plan, *, left: float, top: float, step: float, zoom: int) -> tuple[float, ...]:
    """Return the six numbers that take a pixel of the zoomed photo back to a pixel of the source."""
    roll = math.radians(plan.level.roll)
    unit = 1 / (plan.scale * step * zoom)
    cos, sin = math.cos(roll) * unit, math.sin(roll) * unit
    x0, y0 = plan.to_picture((0.0, 0.0))
    return cos, -sin, (x0 - left) / step, sin, cos, (y0 - top) / step


def _shrink(source: Image.Image, plan: Plan, *, left: float, top: float, step: float) -> Rgb:
    """Resample without turning, through a canvas where the crop reaches outside the source."""
    x0, y0 = plan.to_picture((0.0, 0.0))
    x1, y1 = x0 + plan.width / plan.scale, y0 + plan.height / plan.scale
    box = (x0 - left) / step, (y0 - top) / step, (x1 - left) / step, (y1 - top) / step
    outer = math.floor(box[0]), math.floor(box[1]), math.ceil(box[2]), math.ceil(box[3])
    part = source.crop(outer)
    inner = (box[0] - outer[0], box[1] - outer[1], box[2] - outer[0], box[3] - outer[1])
    filtering = Image.Resampling.LANCZOS if source.mode == "RGB" else Image.Resampling.BILINEAR
    return np.asarray(part.resize((plan.width, plan.height), filtering, box=inner, reducing_gap=3.0))
