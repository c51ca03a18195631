"""Bring pixels of any kind to 8-bit sRGB."""

import io
from typing import Final

import numpy as np
from PIL import Image, ImageCms

_SRGB_NAMES: Final = frozenset(
    {"sRGB IEC61966-2.1", "sRGB IEC61966-2-1 black scaled", "sRGB built-in", "sRGB", "sRGB2014", "c2"}
)
"""Profiles that are sRGB by another name ("c2" is the compact one that web services write): nothing to convert."""


def to_opaque(picture: Image.Image) -> Image.Image:
    """Give 8 bits a channel and no transparency: mode L, RGB or CMYK.

    16-bit values are scaled, not clipped; transparent pixels show white, as paper would.
    """
    if picture.mode.startswith("I"):
        picture = Image.fromarray((np.asarray(picture).astype(np.uint32) >> 8).astype(np.uint8))
    if picture.has_transparency_data:
        coloured = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(coloured, mask=coloured.getchannel("A"))
        return paper
    if picture.mode == "1":
        return picture.convert("L")
    return picture if picture.mode in {"L", "RGB", "CMYK"} else picture.convert("RGB")


def to_srgb(picture: Image.Image, icc: bytes) -> Image.Image:
    """Convert an opaque picture to sRGB by its profile, `b""` for none.

    A profile that is broken or of another colour space is ignored: most viewers show such a picture as sRGB too.
    """
    if icc:
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            if ImageCms.getProfileDescription(profile).strip() not in _SRGB_NAMES:
                picture = _converted(picture, profile)
        except (ImageCms.PyCMSError, OSError):
            pass
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _converted(picture: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    transform = ImageCms.buildTransform(
        profile,
        ImageCms.createProfile("sRGB"),
        picture.mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return ImageCms.applyTransform(picture, transform) or picture
