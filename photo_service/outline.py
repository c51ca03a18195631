"""Find the person's outline in the picture itself: the network knows where the person is, not where each hair ends."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image
from scipy import ndimage

from photo_service.closed_form import Mask, Plane, settle
from photo_service.models.ports import Alpha, Rgb

SURE = 0.9
"""The network's own certainty from which its word stands, for the person (SURE) and for the background (1 - SURE)."""
UNSURE = 2.0
"""How near to a place where it is not sure its word does not stand yet, in pixels of its mask (2 to 3: 1 % apart)."""
STEEP = 3.0
"""How much steeper the mask is taken to be: its ramp is the network's doubt, not hair that one sees through."""
STEPS = 16, 12
"""Steps of the solver at the smaller sizes and at the last."""
HOLD = 0.01
"""What the mask counts everywhere, against one for each window that sees the pixel."""
HOLD_WHERE_FLAT = 1.0
"""What it counts where all is one colour: black hair before a dark wall would fade into fog otherwise."""
NOISE = 100.0 / 255**2
"""Variance of a colour (sum of squared channels, 0 to 1) that noise and JPEG can make: below it all is one colour."""
FLAT_REACH = 4
"""How far around a pixel its variance is taken, in pixels."""
DECIDED = 0.04
"""What is nearer than this to nothing or all at one size is decided for the next."""
RESIDUE = 0.02
"""What the solver leaves at either end where it means nothing and all."""


_ALL = 0.999


def refine(raw: Alpha, picture: Rgb, *, softness: float, steps: tuple[int, int] = STEPS) -> Alpha:
    """Return the person's share of each pixel, from the network's mask and the picture's colours around its outline.

    `softness` is how many pixels of the picture one pixel of the network's mask is: its outline is that unsure.

    Closed-form matting (see closed_form) of the band in which the network is not sure, from small to full size, each
    size beginning with what the one before found. Where the picture is flat the mask itself stands. `make bench`
    measures it against known alphas.
    """
    mask: Plane = np.clip((raw - 0.5) * STEEP + 0.5, 0.0, 1.0).astype(np.float32)
    image, shares, band = Image.fromarray(picture), mask, _undecided(raw, softness)
    free = band
    levels = max(1, round(math.log2(max(softness, 1.0))) + 1)
    for level in range(levels, -1, -1):
        small = image.reduce(2**level) if level else image
        free, guess = _touched(free, small.size) & _touched(band, small.size), resized(shares, small.size)
        start = np.where(free, guess, guess > 0.5).astype(np.float32)
        colours = channels(small)
        hold, most = HOLD + _flatness(colours), steps[0 if level else 1]
        shares = settle(start, colours, free, prior=resized(mask, small.size), hold=hold, steps=most)
        free = free & (shares > DECIDED) & (shares < 1 - DECIDED)
    refined: Alpha = np.clip((shares - RESIDUE) / (1 - 2 * RESIDUE), 0.0, 1.0).astype(np.float32)
    return refined


def _undecided(raw: Alpha, softness: float) -> Mask:
    """Return where the mask is not sure, or near to where it is not."""
    side = 2 * max(1, round(UNSURE * softness)) + 1
    person, wall = (ndimage.uniform_filter(sure.astype(np.float32), side) for sure in (raw > SURE, raw < 1 - SURE))
    undecided: Mask = (person < _ALL) & (wall < _ALL)
    return undecided


def _touched(mask: Mask, size: tuple[int, int]) -> Mask:
    """Return which pixels of another size a mask reaches."""
    return mask if (mask.shape[1], mask.shape[0]) == size else resized(mask.astype(np.float32), size) > 0.01


def _flatness(colours: Sequence[Plane]) -> Plane:
    """Return what the mask counts for the flatness of its surroundings, beside HOLD, from every other pixel."""
    height, width = colours[0].shape
    thin = [np.ascontiguousarray(colour[::2, ::2]) for colour in colours]
    variance = np.zeros_like(thin[0])
    for colour in thin:
        mean = ndimage.uniform_filter(colour, FLAT_REACH + 1)
        variance += ndimage.uniform_filter(colour * colour, FLAT_REACH + 1) - mean * mean
    flat = NOISE / (NOISE + np.maximum(variance, 0.0))
    weight = (HOLD_WHERE_FLAT * flat * flat).astype(np.float32)
    return weight.repeat(2, axis=0).repeat(2, axis=1)[:height, :width]


def channels(picture: Image.Image) -> tuple[Plane, ...]:
    """Return the three channels, 0 to 1."""
    pixels = np.asarray(picture)
    return tuple(np.ascontiguousarray(pixels[..., band]) * np.float32(1 / 255) for band in range(3))


def resized(plane: Plane, size: tuple[int, int]) -> Plane:
    """Resample a plane to (width, height), bilinearly."""
    if (plane.shape[1], plane.shape[0]) == size:
        return plane
    return np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR))
