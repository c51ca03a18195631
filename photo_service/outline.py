"""Find the person's outline in the picture itself: the network knows where the person is, not where each hair ends."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from photo_service.models.ports import Alpha, Rgb

Plane = NDArray[np.floating]
Mask = NDArray[np.bool_]

SURE = 0.9
"""The network's own certainty from which its word stands, for the person (SURE) and for the background (1 - SURE)."""
INSIDE, OUTSIDE = 2, 3
"""How far from such a place a pixel must still lie to be taken for one: its outline is soft, and hair goes outwards.
In pixels of the network's mask."""
EDGE = 2.5
"""How far from the mask's edge hair is looked for, in pixels of the network's mask: looked at on the labelled clutter
photos, 4 leaves smudges of leaves and bottles around the head."""
NEAR, FAR = 4, 12
"""Radii within which the colours on both sides are gathered, nearest first, in pixels of the network's mask."""
UNEXPLAINED = 500.0
"""Squared distance (0 to 255) from the line between the two colours at which a mixture explains a pixel no more: a
striped wall, a second colour of cloth. Calibrated on composites (500, 1000, 2000: mean alpha error 0.072, 0.074,
0.077)."""
NOISE = 300.0
"""Squared distance of two colours (0 to 255) that a camera's noise and JPEG can make: below it they are one colour."""
GUIDE_EPS = 1e-4
"""Guided filter's regularisation, in squared channels of 0..1: edges weaker than 0.01 are not followed
(1e-4 and 1e-5 gave 0.075 on the composites, 1e-3 on luma alone 0.082)."""


def refine(raw: Alpha, picture: Rgb, *, softness: float) -> Alpha:
    """Return the person's share of each pixel, from the network's mask and the colours on both sides of its outline.

    `softness` is how many pixels of the picture one pixel of the network's mask is: its outline is that unsure.

    Between what is surely person and what is surely background a pixel is a mixture of the colours nearby,
    I = a F + (1 - a) B, so a = (I - B)(F - B) / |F - B|² (Smith and Blinn 1996, for known colours). Where the two
    colours are too alike for that, or vary more than they differ, the mask guided by the picture's colours stands
    (He 2010). `make bench` measures it against known alphas and against closed-form matting.
    """
    size, unsure = (picture.shape[1], picture.shape[0]), max(1.0, softness / 2)
    pixels, half = picture.astype(np.float32), np.asarray(Image.fromarray(picture).reduce(2), np.float32)
    small_raw = resized(raw, (half.shape[1], half.shape[0]))
    reach = round(NEAR * unsure), round(FAR * unsure)
    inside, outside = round(INSIDE * unsure), round(OUTSIDE * unsure)
    rough = _sides(half, small_raw > SURE, small_raw < 1 - SURE, reach=reach, inside=inside, outside=outside)
    first = _mixture(half, rough, guided(small_raw, half, round(3 * unsure)), _near_edge(small_raw, EDGE * unsure))
    sides = _sides(half, first > 0.97, first < 0.03, reach=reach, inside=1, outside=1).enlarged(size)
    alpha = _mixture(pixels, sides, guided(raw, pixels, round(6 * unsure)), _near_edge(raw, 2 * EDGE * unsure))
    refined: Alpha = np.clip((alpha - 0.03) / 0.94, 0.0, 1.0).astype(np.float32)
    return refined


@dataclass(frozen=True, slots=True)
class _Sides:
    """What lies on both sides of the outline, near each pixel.

    The wall's colour, the step from it to the person's, how far the two may be trusted to explain the pixel (0 to 1;
    0 where there is nothing to explain), and which shares of the step the colours' own variation can make: below
    `wall_noise` a pixel may be wall, above `person_noise` person.
    """

    wall: Plane
    step: Plane
    trust: Plane
    wall_noise: Plane
    person_noise: Plane

    def enlarged(self, size: tuple[int, int]) -> "_Sides":
        planes = (self.wall, self.step, self.trust, self.wall_noise, self.person_noise)
        return _Sides(*(resized(plane, size) for plane in planes))


def _sides(pixels: Plane, person: Mask, wall: Mask, *, reach: tuple[int, int], inside: int, outside: int) -> _Sides:
    """Gather the colours of what is surely person and surely wall; they vary slowly, so half the size will do."""
    person, wall = _shrunk(person, inside), _shrunk(wall, outside)
    own, own_spread, own_there = _nearby(pixels, person.astype(np.float32), reach)
    theirs, their_spread, theirs_there = _nearby(pixels, wall.astype(np.float32), reach)
    step = own - theirs
    apart = _dot(step, step)
    trust = apart / (apart + NOISE + 0.5 * (own_spread + their_spread))
    known = (own_there > 0.3) & (theirs_there > 0.3) & ~person & ~wall
    length = np.sqrt(np.maximum(apart, 1.0))
    low = np.minimum(np.sqrt(their_spread / 3) / length, 0.6)
    high = np.maximum(1 - 0.5 * np.sqrt(own_spread / 3) / length, low + 0.2)
    return _Sides(theirs, step, np.where(known, trust, 0.0).astype(np.float32), low, high)


def _mixture(pixels: Plane, sides: _Sides, mask: Alpha, zone: Plane) -> Alpha:
    """Explain each pixel as a mixture of the two colours nearby; what they cannot explain is left to the mask."""
    from_wall = pixels - sides.wall
    share = np.clip(_dot(from_wall, sides.step) / np.maximum(_dot(sides.step, sides.step), 1.0), 0.0, 1.0)
    rest = from_wall - share[..., None] * sides.step
    trust = sides.trust * np.exp(-_dot(rest, rest) / UNEXPLAINED) * zone
    clear = (share - sides.wall_noise) / np.maximum(sides.person_noise - sides.wall_noise, 0.1)
    mixed: Alpha = (mask + trust * (np.clip(clear, 0.0, 1.0) - mask)).astype(np.float32)
    return mixed


def _near_edge(mask: Alpha, radius: float) -> Plane:
    """Return 1 along the mask's edge, falling to 0 at `radius` pixels from it on both sides.

    Farther out a textured wall always has something that looks like hair.
    """
    inside = _box((mask > 0.5).astype(np.float32), max(1, round(radius)))
    edge: Plane = np.clip(np.minimum(inside, 1 - inside) * 6, 0.0, 1.0)
    return edge


def _shrunk(mask: Mask, radius: int) -> Mask:
    """Draw a mask in by so many pixels on every side."""
    return _box(mask.astype(np.float32), radius) > 0.999


def _nearby(pixels: Plane, mask: Plane, reach: tuple[int, int]) -> tuple[Plane, Plane, Plane]:
    """Return the mean colour of the masked pixels around each pixel, its variance, and whether there were any.

    From the nearer ring as far as it has enough of them, from the farther one for the rest.
    """
    colour, spread, there = np.zeros_like(pixels), np.zeros_like(mask), np.zeros_like(mask)
    squares = _dot(pixels, pixels)
    for radius in reach:
        weight = _box(mask, radius)
        some = np.maximum(weight, 1e-5)
        mean = _box(pixels * mask[..., None], radius) / some[..., None]
        variance = np.clip(_box(squares * mask, radius) / some - _dot(mean, mean), 0, None)
        part = np.clip(weight / 0.06, 0, 1) * (1 - there)
        colour += part[..., None] * mean
        spread += part * variance
        there += part
    known = np.maximum(there, 1e-5)
    return colour / known[..., None], spread / known, there


def resized(plane: Plane, size: tuple[int, int]) -> Plane:
    """Resample a plane, or each band of it, to (width, height), bilinearly."""
    if plane.ndim == 2:
        return np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR))
    bands = [resized(np.ascontiguousarray(plane[..., band]), size) for band in range(plane.shape[2])]
    return np.stack(bands, axis=2)


def shrunk(plane: Plane, factor: int) -> Plane:
    """Shrink a plane, or each band of it, by a whole factor, averaging."""
    height, width = plane.shape[0] // factor * factor, plane.shape[1] // factor * factor
    blocks = plane[:height, :width].reshape(height // factor, factor, width // factor, factor, *plane.shape[2:])
    mean: Plane = blocks.mean(axis=(1, 3), dtype=np.float32)
    return mean


def guided(raw: Alpha, pixels: Plane, radius: int) -> Alpha:
    """Move the mask's soft edge onto the picture's own; what the network is sure of stays.

    Guided filter with a colour guide (He 2010, equation 19: within `radius` the mask is a linear function of the three
    bands). `pixels` is 0 to 255. What the filter leaves of certainty, 5 % at either end, is put back there.
    """
    bands = [np.ascontiguousarray(pixels[..., band], np.float32) / 255 for band in range(3)]
    means, mean_mask = [_box(band, radius) for band in bands], _box(raw, radius)
    slopes = _slopes(bands, means, raw, mean_mask, radius=radius)
    offset = mean_mask - sum(slope * mean for slope, mean in zip(slopes, means, strict=True))
    filtered = _box(offset, radius) + sum(_box(slope, radius) * band for slope, band in zip(slopes, bands, strict=True))
    sure = np.where(raw > 0.98, 1.0, np.where(raw < 0.02, 0.0, filtered))
    moved: Alpha = np.clip((sure - 0.05) / 0.9, 0.0, 1.0).astype(np.float32)
    return moved


def _slopes(
    bands: Sequence[Plane], means: Sequence[Plane], raw: Alpha, mean_mask: Plane, *, radius: int
) -> list[Plane]:
    """Solve the 3 x 3 least squares of each pixel's surroundings, by cofactors."""

    def spread(i: int, j: int) -> Plane:
        return _box(bands[i] * bands[j], radius) - means[i] * means[j]

    x, y, z = (_box(band * raw, radius) - mean * mean_mask for band, mean in zip(bands, means, strict=True))
    rr, gg, bb = (spread(i, i) + GUIDE_EPS for i in range(3))
    rg, rb, gb = spread(0, 1), spread(0, 2), spread(1, 2)
    c_rr, c_rg, c_rb = gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
    scale = 1 / np.maximum(rr * c_rr + rg * c_rg + rb * c_rb, GUIDE_EPS**3 / 2)  # rounding may take it to nothing
    return [
        (c_rr * x + c_rg * y + c_rb * z) * scale,
        (c_rg * x + c_gg * y + c_gb * z) * scale,
        (c_rb * x + c_gb * y + c_bb * z) * scale,
    ]


def _dot(first: Plane, second: Plane) -> Plane:
    """Return the sum over the bands of the products."""
    product: Plane = np.einsum("ijk,ijk->ij", first, second)
    return product


def _box(values: Plane, radius: int) -> Plane:
    side = 2 * radius + 1
    size = (side, side, 0) if values.ndim == 3 else (side, side)
    mean: Plane = ndimage.uniform_filter(values, size, mode="nearest")
    return mean
