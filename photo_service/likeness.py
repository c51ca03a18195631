"""How alike a face stays when it is compressed: structural similarity as Wang defined it in 2004, on brightness.

Measured as `make bench` measures it (benchmarks.fidelity), on one picture whose original is at hand; and, before
anything is compressed, what every frequency of every block counts for it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from photo_service.codec.blocks import BLOCK, ZIGZAG, Blocks, cut

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]

SIGMA: Final = 1.5
_REACH: Final = 5
"""The Gaussian window in pixels, and how far it reaches from its middle."""
_FLAT: Final = (0.01 * 255) ** 2
CALM: Final = (0.03 * 255) ** 2
"""The two constants of the definition: what steadies it where there is no light, and where there is no detail."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """One face to be held against what becomes of it: its brightness, cut to where the windows of its pixels reach."""

    rows: slice
    columns: slice
    face: Mask
    light: Plane

    @classmethod
    def of(cls, light: Plane, face: Mask) -> "Likeness":
        """Take the brightness (0 to 255) of a picture, and which of its pixels are the face; at least one must be."""
        down, across = np.flatnonzero(face.any(axis=1)), np.flatnonzero(face.any(axis=0))
        rows, columns = (slice(max(0, found[0] - _REACH), found[-1] + 1 + _REACH) for found in (down, across))
        return cls(rows, columns, face[rows, columns], np.rint(light[rows, columns]))

    def lost(self, light: Plane) -> float:
        """Return by how much the face of another picture is less than wholly alike, 0 to 2.

        What lies outside the face is taken to be alike: as it is in the other picture.
        """
        made = np.clip(np.rint(light[self.rows, self.columns]), 0, 255)
        due = np.where(self.face, self.light, made)
        means, powers = [_blurred(one) for one in (due, made)], _blurred(due**2) + _blurred(made**2)
        together, apart = means[0] * means[1], means[0] ** 2 + means[1] ** 2
        alike = (2 * together + _FLAT) * (2 * (_blurred(due * made) - together) + CALM)
        alike /= (apart + _FLAT) * (powers - apart + CALM)
        return float(1 - alike[self.face].mean(dtype=np.float64))


def what_counts(light: Plane, important: Plane, *, unit: int, calm: float = CALM) -> Blocks:
    """Return what the square of each frequency's error counts for the similarity, in the order of `blocks_of`.

    An error counts the less, the more there is around it anyway: as a share of twice the variance. `important` says
    how much each pixel counts. `calm` is the variance, doubled, up to which nothing hides an error.
    """
    level = light - np.float32(128)
    variance = np.maximum(_blurred(level**2) - _blurred(level) ** 2, 0)
    counts = _blurred(important / (2 * variance + np.float32(calm)))
    height, width = counts.shape
    blocks = cut(np.pad(counts, ((0, -height % unit), (0, -width % unit))), unit)
    across = np.einsum("nbyx,vx->nbyv", blocks, _waves() ** 2)  # not as a product of matrices: see codec.blocks
    both = np.einsum("nbyv,uy->nbuv", across, _waves() ** 2)
    weights: Blocks = both.reshape(*blocks.shape[:2], BLOCK * BLOCK).take(ZIGZAG, axis=2) * _seen()
    return weights


def _blurred(plane: Plane) -> Plane:
    blurred: Plane = ndimage.gaussian_filter(plane, SIGMA, radius=_REACH)
    return blurred


@cache
def _waves() -> Plane:
    """Return the eight cosines of a block's side: frequency x pixel."""
    return fft.idct(np.eye(BLOCK, dtype=np.float32), axis=1, norm="ortho").astype(np.float32)


@cache
def _seen() -> Plane:
    """Return how much of each frequency's power the window sees: what changes slower than it alone is taken for a
    change of its mean."""
    waves = np.einsum("uy,vx->uvyx", _waves(), _waves()).reshape(-1, BLOCK, BLOCK)[list(ZIGZAG)]
    wide = np.pad(waves, ((0, 0), (BLOCK, BLOCK), (BLOCK, BLOCK)))
    means = ndimage.gaussian_filter(wide, (0, SIGMA, SIGMA), radius=(0, _REACH, _REACH))
    return np.asarray(1 - (means**2).sum(axis=(1, 2)), np.float32)
