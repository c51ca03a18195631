"""Find the person's outline in the picture itself: the network knows where the person is, not where each hair ends."""

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from PIL import Image

from photo_service.closed_form import settle
from photo_service.colour_lines import Lines, Mask, Plane, Windows, lay
from photo_service.models.ports import Alpha, Rgb
from photo_service.two_colours import Clouds, weigh

Raster = TypeVar("Raster", Plane, Mask)

SURE = 0.9
"""The network's own certainty from which its word stands, for the person (SURE) and for the background (1 - SURE)."""
UNSURE = 2.0
"""How near to a place where it is not sure its word does not stand yet, in pixels of its mask (2, 2.5: 1 % apart)."""
STEEP = 3.0
"""How much steeper the mask is taken to be: its ramp is the network's doubt, not hair that one sees through."""
SMOOTH = 1.5
"""Over how many pixels of the network's mask its outline is smoothed before that: steps of its pixels would stay where
dark hair ends before a dark wall (1 and 2: alike on the composites of `make bench`)."""
COARSEST = 4.0
"""Size of a pixel of the smallest picture, about, in pixels of the network's mask."""
STEPS = 5, 4
"""Steps of the solver at the smaller sizes and at the last."""
HOLD = 0.01
"""What the mask counts everywhere, against one for each window that sees the pixel, in a picture whose pixels are as
large as the mask's. With pixels of half the size there are four to share it."""
HOLD_WHERE_FLAT = 1.0
"""What it counts where all is one colour, however small the pixels: black hair before a dark wall would fade into fog
otherwise, and the outline would follow the blocks of the JPEG."""
HOLD_WHERE_NOTHING = 16.0
"""What it counts besides where there is not even noise (the 24th power of how flat it is): there whole pixels of the
smaller sizes, decided one by one, would stand out as steps. On the composites of `make bench` it changes nothing."""
HOLD_WHERE_ALIKE = 1.4
WITHIN = 0.95
"""What it counts, and from what mean of a window, where person and wall are alike in colour: short grey hair before a
pale window would let the new background through. Only within the person: there alone a hole is worse than a bulge. At
1 the composites of `make bench` are 0.3 % better at 295 x 413, and salt-and-pepper hair has more holes."""
NOISE = 100.0 / 255**2
"""Variance of a colour (sum of squared channels, 0 to 1) that noise and JPEG can make: below it all is one colour."""
DECIDED = 0.07
"""What is nearer than this to nothing or all at one size is decided for the next."""
RING_PX = 1
CONTRADICTED = 0.2
"""How far around what is undecided, in pixels of each size, a decision may still be reopened, and by how much the
colours must contradict it. Two pixels gain 1 % on the composites, and reach into what is plainly the person."""
RESIDUE = 0.008
"""What the solver leaves at either end where it means nothing and all."""


@dataclass(frozen=True, slots=True)
class _Size:
    """One size of the picture, with the mask and the undecided band at that size.

    `hold` is what the mask counts there, in units of HOLD. `times` is how many pixels of the full size one of its own
    is along one side, `clouds` what the colours of the full size are (see two_colours).
    """

    picture: Rgb
    mask: Plane
    band: Mask
    hold: float
    times: int
    clouds: Clouds | None


def refine(
    raw: Alpha,
    picture: Rgb,
    *,
    softness: float,
    steps: tuple[int, ...] | None = None,
    clouds: Clouds | None = None,
) -> Alpha:
    """Return the person's share of each pixel, from the network's mask and the picture's colours around its outline.

    `softness` is how many pixels of the picture one pixel of the network's mask is: its outline is that unsure.
    `steps` are the solver's at each size, the smallest first; as `usual_steps` says where they are not given.
    `clouds` are the colours of person and wall around each place (see two_colours), where those are to be heard.

    Closed-form matting (see closed_form) of the band in which the network is not sure, from small to full size, each
    size beginning with what the functions found before say of its colours. Where the picture is flat the mask itself
    stands. `make bench` measures it against known alphas.
    """
    told = usual_steps(softness) if steps is None else steps
    sizes = _sizes(raw, picture, softness, clouds, count=len(told))
    shares, free, lines = sizes[0].mask, sizes[0].band, None
    for size, most in zip(sizes, told, strict=True):
        shares, free = _doubled(shares, size.band.shape), grown(_doubled(free, size.band.shape), 1) & size.band
        start, free = _begun(size.picture, shares, free, lines)
        shares, free, lines = _settled(size, start, free, most)
    refined: Alpha = np.clip((shares - RESIDUE) / (1 - 2 * RESIDUE), 0.0, 1.0).astype(np.float32)
    return refined


def usual_steps(softness: float) -> tuple[int, ...]:
    """Return the solver's steps at each size, the smallest first, for a mask that is so soft."""
    smaller = max(1, round(math.log2(COARSEST * max(softness, 1 / COARSEST))))
    return (STEPS[0],) * smaller + STEPS[1:]


def resized(plane: Plane, size: tuple[int, int]) -> Plane:
    """Resample a plane to (width, height), bilinearly."""
    if (plane.shape[1], plane.shape[0]) == size:
        return plane
    return np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR))


def _sizes(raw: Alpha, picture: Rgb, softness: float, clouds: Clouds | None, *, count: int) -> list[_Size]:
    """Return the picture at so many sizes, each half the next, the smallest first."""
    mask: Plane = np.clip((_smooth(raw, softness) - 0.5) * STEEP + 0.5, 0.0, 1.0).astype(np.float32)
    image, band = Image.fromarray(picture), _undecided(raw, softness)
    mask = mask if clouds is None else weigh(clouds, picture, mask, band)
    sizes = [_Size(picture, mask, band, softness**-2, 1, clouds)]
    for halvings in range(1, count):
        mask, band = np.asarray(Image.fromarray(mask).reduce(2)), _halved(band)
        sizes.append(
            _Size(np.asarray(image.reduce(2**halvings)), mask, band, (2**halvings / softness) ** 2, 2**halvings, clouds)
        )
    return sizes[::-1]


def _smooth(raw: Plane, softness: float) -> Plane:
    """Return the mask without the steps of its own pixels; below three pixels a step nobody sees them."""
    times, (rows, columns) = round(SMOOTH * softness), raw.shape
    if times < 3 or min(raw.shape) < times:
        return raw
    small, box = Image.fromarray(raw).reduce(times), (0, 0, columns / times, rows / times)
    return np.asarray(small.resize((columns, rows), Image.Resampling.BILINEAR, box=box))


def _begun(picture: Rgb, shares: Plane, free: Mask, lines: Lines | None) -> tuple[Plane, Mask]:
    """Return where the solver begins, flattened, and what is undecided: what the functions found at half the size say,
    all or nothing where that was decided and they do not contradict."""
    flat, free = shares.ravel(), free.copy()
    if lines is not None:
        near = np.flatnonzero(grown(free, RING_PX))
        said, heard = lines.at(picture, near)
        reopened = heard & (np.abs(said - (flat[near] > 0.5)) > CONTRADICTED)
        free.ravel()[near] |= reopened
        flat[near] = np.where(heard, said, flat[near])
    return np.where(free.ravel(), flat, flat > 0.5).astype(np.float32, copy=False), free


def _settled(size: _Size, start: Plane, free: Mask, steps: int) -> tuple[Plane, Mask, Lines | None]:
    """Return the shares at one size, which of them are undecided yet, and the functions that explain them."""
    moving = np.flatnonzero(free)
    windows = lay(size.picture, free)
    if windows.places.size == 0:
        return start.reshape(free.shape), free, None
    where_flat = max(1.0, size.hold) * _where_flat(NOISE / (NOISE + windows.variance))
    where_alike = max(1.0, size.hold) * HOLD_WHERE_ALIKE * _alike(size, windows)
    hold = (size.hold * HOLD + where_flat + where_alike).astype(np.float32, copy=False)
    shares = settle(windows, start, moving, prior=size.mask.ravel(), hold=hold, steps=steps)
    undecided = np.zeros(shares.size, bool)
    undecided[moving] = np.abs(shares[moving] - 0.5) < 0.5 - DECIDED
    return shares.reshape(free.shape), undecided.reshape(free.shape), windows.lines(shares)


def _where_flat(flat: Plane) -> Plane:
    """Return how much the mask counts in windows that are so flat, 0 to 1."""
    flat2 = flat * flat
    flat8 = flat2 * flat2 * flat2 * flat2
    counts: Plane = HOLD_WHERE_FLAT * flat2 + HOLD_WHERE_NOTHING * (flat8 * flat8 * flat8)
    return counts


def _alike(size: _Size, windows: Windows) -> Plane:
    """Return for each window within the person how little the colours there tell of person and wall, 0 to 1."""
    if size.clouds is None:
        return np.zeros(windows.places.shape[1], np.float32)
    y, x = np.divmod(windows.places[windows.places.shape[0] // 2], size.picture.shape[1])
    apart = size.clouds.apart[size.clouds.at(y * size.times, x * size.times)]
    within = np.take(size.mask, windows.places).mean(axis=0) > WITHIN
    alike: Plane = within / (1 + apart) ** 2
    return alike


def _undecided(raw: Alpha, softness: float) -> Mask:
    """Return where the mask is not sure, or near to where it is not."""
    reach = max(1, round(UNSURE * softness))
    return grown(raw <= SURE, reach) & grown(raw >= 1 - SURE, reach)


def grown(mask: Mask, reach: int) -> Mask:
    """Return the mask and what lies within `reach` rows and columns of it."""
    done = 0
    while done < reach:
        step = min(2 * done + 1, reach - done)
        tall = mask.copy()
        tall[step:] |= mask[:-step]
        tall[:-step] |= mask[step:]
        mask = tall.copy()
        mask[:, step:] |= tall[:, :-step]
        mask[:, :-step] |= tall[:, step:]
        done += step
    return mask


def _halved(mask: Mask) -> Mask:
    """Return which pixels of a picture half as large a mask reaches."""
    rows, columns = mask.shape
    low = mask[::2].copy()
    low[: rows // 2] |= mask[1::2]
    small = low[:, ::2].copy()
    small[:, : columns // 2] |= low[:, 1::2]
    return small


def _doubled(raster: Raster, shape: tuple[int, ...]) -> Raster:
    """Return a raster at twice the size, every pixel four times; as it is where it has that shape."""
    if raster.shape == shape:
        return raster
    return raster.repeat(2, axis=0).repeat(2, axis=1)[: shape[0], : shape[1]]
