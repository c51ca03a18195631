"""Stand between rembg and a network, so that a picture of nobody gives an empty mask.

rembg stretches every mask from its own smallest to its own largest value. A network that sees nobody answers with
nearly the same small value everywhere; stretched, that is a mask of noise over the full range, and when the values
are all equal a division by zero. Here the values are seen before they are stretched.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_FLAT: Final = 1e-4
"""Less contrast than half a step of the 8 bits of rembg's masks."""
_LIKELY: Final = 0.5


class NobodySeen(Exception):
    """The network tells no part of the picture from another, or finds a person nowhere likely."""


class GuardedNetwork:
    """An onnxruntime session as rembg uses one; `logits` when rembg puts the outputs through a sigmoid itself.

    Holds no state: safe from several threads at a time.
    """

    def __init__(self, session: Any, *, logits: bool) -> None:
        self._session = session
        self._logits = logits

    def get_inputs(self) -> Any:
        """List the inputs, as onnxruntime does."""
        return self._session.get_inputs()

    def run(self, names: Sequence[str] | None, feeds: Mapping[str, Any]) -> list[Any]:
        """Run the network; its first output, the mask, comes back finite. Raises NobodySeen."""
        mask, *others = self._session.run(names, feeds)
        return [_sound(np.asarray(mask, np.float32), logits=self._logits), *others]


def _sound(mask: NDArray[np.float32], *, logits: bool) -> NDArray[np.float32]:
    """Give the mask with what is no number as background, or raise NobodySeen where there is nothing to stretch."""
    numbers = mask[np.isfinite(mask)]
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 0.0)
    if high - low < _FLAT or _nowhere_likely(low, high, logits=logits):
        raise NobodySeen
    return np.nan_to_num(mask, nan=low, posinf=high, neginf=low)


def _nowhere_likely(low: float, high: float, *, logits: bool) -> bool:
    """Tell whether no pixel is a person more likely than not. What is neither logit nor probability tells nothing."""
    if logits:
        return high < 0.0
    return low >= 0.0 and high <= 1.0 and high < _LIKELY
