"""Read a finished photo for a print sheet: its pixels at the sheet's density, so that its size in mm is kept."""

import io
from pathlib import Path
from typing import Final

from PIL import Image, PngImagePlugin

from photo_service.codec import jpeg
from photo_service.codec.sniff import sniff
from photo_service.contract import SelfieError
from photo_service.sheet import MM_PER_INCH, SheetError, to_pixels
from photo_service.stages.decode import Limits, decode

_EVERY_PIXEL: Final = 1 << 30
_LIMITS: Final = Limits()
_LARGEST_MM: Final = 420.0
"""A3's long side: a photo beyond it has a wrong density."""


def read_photo(path: Path, *, dpi: int, says: int | None) -> Image.Image:
    """Return the photo at the sheet's density; pixels stay as they are where the densities are equal.

    `says` takes the place of the density that the file says. Raises SheetError.
    """
    try:
        if path.stat().st_size > _LIMITS.max_bytes:
            raise SheetError(f"{path} is too large to be a finished photo")
        data = path.read_bytes()
        upright = decode(data, limits=_LIMITS, want_side=_EVERY_PIXEL)
        own = says or _density(data)
    except SelfieError as error:
        raise SheetError(f"{path} is no picture that can be printed: {error.code}") from error
    except OSError as error:
        raise SheetError(f"{path}: {error.strerror}") from error
    if own < 1:
        raise SheetError(f"{path} does not say its dpi, so its size in mm is unknown: say --photo-dpi 300")
    if upright.reduction > 1:
        raise SheetError(f"{path} is too large to be a finished photo")
    return _at_density(upright.image, path, own=own, dpi=dpi)


def _at_density(picture: Image.Image, path: Path, *, own: int, dpi: int) -> Image.Image:
    sides_mm = [side / own * MM_PER_INCH for side in picture.size]
    if max(sides_mm) > _LARGEST_MM:
        raise SheetError(f"{path} would be {max(sides_mm):.0f} mm long at {own} dpi: say --photo-dpi")
    if own == dpi:
        return picture
    width, height = (max(1, to_pixels(side, dpi)) for side in sides_mm)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _density(data: bytes) -> int:
    """Read the dots per inch that a file says; 0 where it says none."""
    match sniff(data):
        case "JPEG":
            return jpeg.read_head(data).dpi
        case "PNG":
            dpi: tuple[float, float] = PngImagePlugin.PngImageFile(io.BytesIO(data)).info.get("dpi", (0.0, 0.0))
            return round(dpi[0])
        case _:
            return 0
