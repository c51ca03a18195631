"""Put the person before the spec's background, in the person's own colours."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from photo_service.models.ports import Alpha
from photo_service.outline import refine
from photo_service.photo import Composed, Framed
from photo_service.spec import Background

Colours = NDArray[np.float32]

WIDE_SHARE, NARROW_SHARE = 1 / 8, 1 / 60
"""Radii of the two passes in shares of the photo's height: 90 and 6 of 720 px in Forte 2021."""


def compose(framed: Framed, background: Background) -> Composed:
    """Paint the background behind the person; where no colour is asked for, the picture stays as it is.

    Outside the person every pixel is exactly the colour. At the edge the person's own colour is estimated first: a
    pixel of hair before a blue wall is half blue, and would bring the blue along.
    """
    if background.colour is None:
        return Composed(framed.picture)
    alpha = refine(framed.alpha, framed.picture, softness=framed.softness)
    own = estimate_foreground(framed.picture.astype(np.float32), alpha)
    blended = own * alpha[..., None] + np.array(background.colour, np.float32) * (1 - alpha[..., None])
    return Composed(np.clip(np.rint(blended), 0, 255).astype(np.uint8))


def estimate_foreground(picture: Colours, alpha: Alpha) -> Colours:
    """Estimate the person's own colour at every pixel (Forte 2021, "Approximate fast foreground colour estimation").

    Two passes of blurred foreground and background, each corrected by what they leave unexplained. `picture` is
    height x width x 3, 0 to 255. Where alpha is 1 the picture itself comes back.
    """
    height = picture.shape[0]
    wide, back = _blur_fusion(picture, picture, picture, alpha, radius=max(2, round(height * WIDE_SHARE)))
    narrow, _ = _blur_fusion(picture, wide, back, alpha, radius=max(2, round(height * NARROW_SHARE)))
    own: Colours = np.where(alpha[..., None] >= 1.0, picture, np.clip(narrow, 0, 255))
    return own


def _blur_fusion(
    picture: Colours, foreground: Colours, background: Colours, alpha: Alpha, *, radius: int
) -> tuple[Colours, Colours]:
    weight, rest = alpha[..., None], 1 - alpha[..., None]
    near = _blur(foreground * weight, radius) / (_blur(weight, radius) + 1e-5)
    far = _blur(background * rest, radius) / (_blur(rest, radius) + 1e-5)
    unexplained = picture - weight * near - rest * far
    return near + weight * unexplained, far


def _blur(values: Colours, radius: int) -> Colours:
    side = 2 * radius + 1
    blurred: Colours = ndimage.uniform_filter(values, (side, side, 0), mode="nearest")
    return blurred
