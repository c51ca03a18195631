"""Picture and matte come to the photo's size as planned, whether the head is turned or not."""

import math
from dataclasses import replace

import numpy as np
import pytest
from made_pictures import quartered, textured
from PIL import Image, ImageFilter

from benchmarks.fidelity import ssim
from photo_service.geometry import Level, Plan
from photo_service.stages.frame import _affine, _bring


def landmarks(width: int, height: int) -> Image.Image:
    """A grey picture with four dots whose places are known."""
    ys, xs = np.mgrid[0:height, 0:width]
    grey = np.full((height, width), 40.0)
    for x, y in dots(width, height):
        grey += 200 * np.exp(-((xs + 0.5 - x) ** 2 + (ys + 0.5 - y) ** 2) / (2 * (width / 90) ** 2))
    return Image.fromarray(np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2))


def dots(width: int, height: int) -> list[tuple[float, float]]:
    return [(width * x, height * y) for x, y in ((0.4, 0.4), (0.6, 0.4), (0.4, 0.62), (0.6, 0.62))]


@pytest.mark.parametrize("roll", [0.0, 3.0, -11.0])
@pytest.mark.parametrize("width", [240, 700, 1500])
def test_every_point_lands_where_the_plan_says(width: int, roll: float):
    """From few pixels and from many, turned or not: within a fifth of a pixel of the photo."""
    picture = landmarks(width, width)
    plan = Plan(180, 240, 200 / width, Level((width / 2, width / 2), roll), 90.0, 110.0)
    made = np.asarray(_bring(picture, plan, left=0, top=0, step=1.0))[..., 0].astype(float) - 40

    for dot in dots(width, width):
        x, y = plan.to_photo(dot)
        left, top = math.floor(x) - 6, math.floor(y) - 6
        part = made[top : top + 13, left : left + 13].clip(8) - 8
        ys, xs = np.mgrid[top : top + 13, left : left + 13] + 0.5
        assert (part * xs).sum() / part.sum() == pytest.approx(x, abs=0.2)
        assert (part * ys).sum() / part.sum() == pytest.approx(y, abs=0.2)


@pytest.mark.parametrize("roll", [0.0, 4.0])
def test_a_matte_that_lies_elsewhere_is_brought_to_the_same_place(roll: float):
    """A cutout that begins at (100, 60) and is three times as coarse shows what the picture shows there."""
    picture = landmarks(600, 600)
    cutout = picture.crop((99, 60, 501, 600)).convert("L").reduce(3).convert("F")
    plan = Plan(180, 240, 0.4, Level((300.0, 300.0), roll), 90.0, 120.0)
    whole = np.asarray(_bring(picture, plan, left=0, top=0, step=1.0))[..., 0].astype(float)
    part = np.asarray(_bring(cutout, plan, left=99, top=60, step=3.0))

    assert np.abs(part - whole)[40:-40, 40:-40].mean() < 2


def test_what_the_picture_does_not_show_is_black():
    """Beyond its edge there is nobody, turned or not."""
    for roll in (0.0, 5.0):
        plan = Plan(60, 80, 0.5, Level((5.0, 5.0), roll), 30.0, 40.0)
        made = np.asarray(_bring(quartered(90, 90), plan, left=0, top=0, step=1.0))
        assert not made[:20, :10].any()
        assert made[60, 50].any()


@pytest.mark.parametrize("scale", [0.27, 0.37, 0.46, 0.6, 0.95])
def test_a_large_photo_is_turned_without_losing_detail(scale: float):
    """Its bytes may be scarce, and what is lost here is lost to the face: as good as turned at four times its size."""
    size = round(450 / scale)
    picture = Image.fromarray(textured(size, size, grain=20)).filter(ImageFilter.GaussianBlur(0.6))
    plan = Plan(358, 441, scale, Level((size / 2, size / 2), 4.0), 179.0, 220.0)

    made = np.asarray(_bring(picture, plan, left=0, top=0, step=1.0).convert("L"))

    large = replace(plan, width=4 * 358, height=4 * 441, scale=4 * scale, eye_x=716.0, eye_y=880.0)
    affine = _affine(large, left=0, top=0, step=1.0, zoom=1)
    turned = picture.transform((4 * 358, 4 * 441), Image.Transform.AFFINE, affine, Image.Resampling.BICUBIC)
    due = np.asarray(turned.resize((358, 441), Image.Resampling.LANCZOS).convert("L"))
    assert ssim(due, made, np.ones(due.shape, bool)) > 0.995
