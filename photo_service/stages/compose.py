"""Put the person before the spec's background, in the person's own colours."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from photo_service.models.ports import Alpha, Rgb
from photo_service.outline import refine, resized, shrunk
from photo_service.photo import Composed, Framed
from photo_service.spec import Background

Colours = NDArray[np.float32]

WIDE_SHARE, NARROW_SHARE = 1 / 8, 1 / 60
"""Radii of the two passes in shares of the photo's height: 90 and 6 of 720 px in Forte 2021."""


def compose(framed: Framed, background: Background, *, behind: Rgb | None = None) -> Composed:
    """Paint the background behind the person; where no colour is asked for, the picture stays as it is.

    `behind`, a picture of the photo's size, takes the colour's place. Outside the person every pixel is exactly the
    background. At the edge the person's own colour is estimated first: a pixel of hair before a blue wall is half
    blue, and would bring the blue along.
    """
    if background.colour is None and behind is None:
        return Composed(framed.picture)
    alpha = refine(framed.alpha, framed.picture, softness=framed.softness)
    own = estimate_foreground(framed.picture.astype(np.float32), alpha)
    painted = np.asarray(background.colour if behind is None else behind, np.float32)
    blended = own * alpha[..., None] + painted * (1 - alpha[..., None])
    return Composed(np.clip(np.rint(blended), 0, 255).astype(np.uint8))


def cut_out(framed: Framed) -> Composed:
    """Give the person alone, before nothing: their colours and, as a fourth channel, how much of each pixel is them.

    The alpha is straight: colours are not multiplied by it. Where nothing of the person is, the colours are those of
    the person nearby, so that a program that enlarges the picture finds no fringe, and nothing is left of the room.
    """
    alpha = refine(framed.alpha, framed.picture, softness=framed.softness)
    own = estimate_foreground(framed.picture.astype(np.float32), alpha)
    return Composed(np.clip(np.rint(np.dstack([own, alpha * 255])), 0, 255).astype(np.uint8))


def estimate_foreground(picture: Colours, alpha: Alpha) -> Colours:
    """Estimate the person's own colour at every pixel (Forte 2021, "Approximate fast foreground colour estimation").

    Two passes of blurred foreground and background, each corrected by what they leave unexplained; the wide one at a
    quarter of the pixels, since nothing fine comes out of it. `picture` is height x width x 3, 0 to 255. Where alpha is
    1 the picture itself comes back.
    """
    height, width = alpha.shape
    small, thin = shrunk(picture, 2), shrunk(alpha, 2)
    rough = _blur_fusion(small, small, small, thin, radius=max(2, round(height * WIDE_SHARE / 2)))
    wide, back = (resized(plane, (width, height)) for plane in rough)
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
