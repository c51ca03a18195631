"""What lies over faces and is no glasses, and how cameras spoil them: so that `glasses_worn` learns to leave it be."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

from photo_service.models.ports import Points, Rgb
from photo_service.photo import CHIP_SIDE

Dice = np.random.Generator

_FINER: Final = 3
_HAIR: Final = ((20, 18, 18), (60, 40, 30), (150, 110, 70), (200, 180, 150))
_CLOTH: Final = ((235, 235, 235), (150, 190, 220), (30, 30, 35), (190, 210, 200))
_MASK_TOPS: Final = ((127, 117, 197, 346, 356), (234, 117, 195, 346, 454))
_MASK_BOTTOM: Final = (288, 365, 152, 136, 58)


def strands(chip: Rgb, dice: Dice) -> Rgb:
    """Let one to eight strands of hair hang over the face, thin or thick, dark or fair."""
    sheet = Image.new("L", (CHIP_SIDE * _FINER, CHIP_SIDE * _FINER), 0)
    draw = ImageDraw.Draw(sheet)
    for _ in range(int(dice.integers(1, 9))):
        first = dice.uniform(0, 70)
        ys = np.linspace(first, first + dice.uniform(40, 170), 12)
        xs = dice.uniform(50, 206) + np.cumsum(dice.normal(dice.normal(0, 1.5), 1.2, 12))
        line = [(float(x) * _FINER, float(y) * _FINER) for x, y in zip(xs, ys, strict=True)]
        width = int(dice.uniform(0.5, 5) * _FINER)
        draw.line(line, fill=int(dice.integers(120, 255)), width=width, joint="curve")
    small = sheet.resize((CHIP_SIDE, CHIP_SIDE), Image.Resampling.BOX)
    return _covered(chip, small, np.array(_HAIR[int(dice.integers(4))]), dice.uniform(0.3, 1.2))


def mask(chip: Rgb, points: Points, dice: Dice) -> Rgb:
    """Put a mask of cloth over nose and mouth; its upper edge runs where the lower rims of glasses do."""
    top = points[list(_MASK_TOPS[int(dice.integers(2))]), :2] + np.array([0, dice.normal(0, 3)])
    sheet = Image.new("L", (CHIP_SIDE, CHIP_SIDE), 0)
    corners = np.vstack([top, points[list(_MASK_BOTTOM), :2]])
    ImageDraw.Draw(sheet).polygon([(float(x), float(y)) for x, y in corners], fill=255)
    folds = ndimage.gaussian_filter(dice.normal(0, 1, (CHIP_SIDE, CHIP_SIDE)), 8)
    cloth = np.array(_CLOTH[int(dice.integers(4))]) * dice.uniform(0.6, 1.05)
    return _covered(chip, sheet, cloth + (folds / folds.std() * dice.uniform(3, 12))[..., None], dice.uniform(0.5, 1.5))


def spoiled(chip: Rgb, dice: Dice) -> Rgb:
    """Make a face lighter or darker, softer, sharper, grainier: each in some of the cases."""
    picture: NDArray[np.floating] = chip.astype(np.float32)
    if dice.random() < 0.5:
        picture = 255 * (picture / 255) ** np.float32(dice.uniform(0.7, 1.4))
    if dice.random() < 0.3:
        softness = dice.uniform(0.4, 2.0)
        picture = ndimage.gaussian_filter(picture, (softness, softness, 0))
    if dice.random() < 0.2:
        picture = picture + dice.uniform(0.5, 1.5) * (picture - ndimage.gaussian_filter(picture, (1.2, 1.2, 0)))
    if dice.random() < 0.3:
        picture = picture + dice.normal(0, dice.uniform(1, 6), picture.shape[:2])[..., None]
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def misplaced(points: Points, dice: Dice) -> Points:
    """Move the landmarks as the mesh errs: all by about a pixel, and each by less."""
    moved = points.copy()
    moved[:, :2] += dice.normal(0, 1.0, 2) + dice.normal(0, 0.7, (len(points), 2))
    return moved


def _covered(chip: Rgb, sheet: Image.Image, colour: NDArray[np.floating], softness: float) -> Rgb:
    share = ndimage.gaussian_filter(np.asarray(sheet, np.float32) / 255, softness)[..., None]
    return np.asarray(np.clip(chip * (1 - share) + colour * share, 0, 255), np.uint8)
