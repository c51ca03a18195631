"""The one real portrait that everybody has: the astronaut picture that scikit-image ships (NASA, public domain)."""

import io
from importlib.util import find_spec
from pathlib import Path

from PIL import Image


def astronaut() -> Image.Image:
    """Return Eileen Collins's portrait, 512 x 512. Raises FileNotFoundError where scikit-image is not installed."""
    package = find_spec("skimage")
    if package is None or package.origin is None:
        raise FileNotFoundError("scikit-image is not installed: run make setup")
    with Image.open(Path(package.origin).parent / "data" / "astronaut.png") as picture:
        return picture.convert("RGB")


def as_phone_selfie(megapixels: float) -> bytes:
    """Return the portrait as a phone would file it: a JPEG of so many megapixels, 3:4, quality 90.

    Enlarged from 512 x 512 it holds no more detail than that, but costs what a file of its size costs to decode.
    """
    square = astronaut().crop((100, 0, 100 + 300, 400))
    width = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    stream = io.BytesIO()
    square.resize((width, width * 4 // 3), Image.Resampling.BICUBIC).save(stream, "JPEG", quality=90)
    return stream.getvalue()
