"""Separate a person from the background with MediaPipe's selfie segmentation: 256 x 256 pixels in and out."""

import numpy as np
from PIL import Image

from photo_service.models.ports import Alpha, Rgb
from photo_service.models.sessions import Network

INPUT_PX = 256
SELFIE_ENGINE = "selfie"


class SelfieSegmenter:
    """Separate a person from the background (see Segmenter). Safe to call from several threads.

    The picture is squeezed into a square whatever its shape, as in MediaPipe, which is how the network was trained.
    """

    def __init__(self, network: Network) -> None:
        self._network = network

    @property
    def name(self) -> str:
        """The engine's name as `--engine` takes it."""
        return SELFIE_ENGINE

    def segment(self, picture: Rgb) -> Alpha:
        """Separate the person from the background, at the picture's own size."""
        height, width = picture.shape[:2]
        square = Image.fromarray(picture).resize((INPUT_PX, INPUT_PX), Image.Resampling.BILINEAR, reducing_gap=2.0)
        mask = Image.fromarray(self.segment_square(np.asarray(square)))
        return np.asarray(mask.resize((width, height), Image.Resampling.BILINEAR))

    def segment_square(self, square: Rgb) -> Alpha:
        """Separate the person from the background in a picture already 256 x 256, without any resampling."""
        (mask,) = self._network.run(np.asarray(square, np.float32)[None] / 255.0)
        return mask.reshape(INPUT_PX, INPUT_PX)
