"""Tell whether a hand is near the face, with BlazePalm: 192 x 192 pixels in, 2016 candidate palms out.

The network finds a hand in one view and loses it in the next as easily as it takes an elbow, an ear ring or a wrinkled
chin for one. So it looks three times: widely, narrowly, and in between at the mirror image; and where that leaves it
unsure, three times more, each view the mirror of one before. On the labelled photos, as they are and made lighter,
harder, compressed and tinted, the mean of six keeps hands at the face (0.825 and more, one of 0.7 apart) from all else
on photos labelled good (0.816 and less). The mean of three does not: it gives hands 0.83 and more, and up to 0.88 to a
beard and to the lapels of a suit.
"""

from typing import Final

import numpy as np
from PIL import Image, ImageOps

from photo_service.models.roi import sigmoid
from photo_service.models.sessions import Network

INPUT_PX: Final = 192
_WIDE, _BETWEEN, _NARROW = 4.5, 3.8, 3.2
"""Sides of the views in lengths from the eyes to the chin."""
_BELOW_EYES = 0.35
"""Where the middle of the views lies, in the same length: hands come from below."""
_NOT_WORTH_A_SECOND_LOOK = 0.4
"""No mean of three that begins with this is a sure one."""
_UNSURE = 0.65
"""Mean of three from which three more looks decide."""


class BlazePalmFinder:
    """Say how sure a hand is near a face (see HandFinder). Safe to call from several threads."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def sureness(self, picture: Image.Image, *, eyes: tuple[float, float], eyes_to_chin: float) -> float:
        """Say how sure a hand is near a face, 0 to 1: the mean of six looks, of three if those find little, or the
        first if that finds nothing."""
        middle = eyes[0], eyes[1] + _BELOW_EYES * eyes_to_chin
        wide = _view(picture, middle, _WIDE * eyes_to_chin)
        first = self._look(wide)
        if first < _NOT_WORTH_A_SECOND_LOOK:
            return first
        narrow, between = (_view(picture, middle, side * eyes_to_chin) for side in (_NARROW, _BETWEEN))
        three = (first + self._look(narrow) + self._look(ImageOps.mirror(between))) / 3
        if three < _UNSURE:
            return three
        others = (ImageOps.mirror(wide), ImageOps.mirror(narrow), between)
        return (three + sum(self._look(view) for view in others) / 3) / 2

    def _look(self, view: Image.Image) -> float:
        _, logits = self._network.run(np.asarray(view, np.float32)[None] / 255.0)
        return float(sigmoid(logits.reshape(-1)).max())


def _view(picture: Image.Image, middle: tuple[float, float], side: float) -> Image.Image:
    """Draw a square of the picture at the network's size; what lies outside the picture is black, as in MediaPipe."""
    width, height = picture.size
    left, top, scale = middle[0] - side / 2, middle[1] - side / 2, INPUT_PX / side
    x0, y0, x1, y1 = max(0.0, left), max(0.0, top), min(width, left + side), min(height, top + side)
    canvas = Image.new("RGB", (INPUT_PX, INPUT_PX))
    if x1 <= x0 or y1 <= y0:
        return canvas
    size = max(1, round((x1 - x0) * scale)), max(1, round((y1 - y0) * scale))
    shrunk = picture.resize(size, Image.Resampling.BILINEAR, box=(x0, y0, x1, y1), reducing_gap=2.0)
    canvas.paste(shrunk, (round((x0 - left) * scale), round((y0 - top) * scale)))
    return canvas
