"""The demo's selfie: Eileen Collins, astronaut, a NASA portrait in the public domain that scikit-image ships."""

import importlib.util
import io
from pathlib import Path

_JPEG_QUALITY = 92


class NoPortrait(Exception):
    """scikit-image, which comes with rembg, is not installed or lacks the picture."""


def portrait_jpeg() -> bytes:
    """Answer the portrait as a phone would send it. Raises NoPortrait."""
    from PIL import Image

    selfie = io.BytesIO()
    with Image.open(_file()) as picture:
        picture.convert("RGB").save(selfie, "JPEG", quality=_JPEG_QUALITY)
    return selfie.getvalue()


def _file() -> Path:
    """Find the picture without importing scikit-image, which would take longer than the photo itself."""
    spec = importlib.util.find_spec("skimage")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(folder) / "data" / "astronaut.png"
        if file.is_file():
            return file
    raise NoPortrait("scikit-image's astronaut.png is not installed")
