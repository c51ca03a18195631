"""The pictures a reviewer judges by: the selfie upright, what was measured on it, and a small copy of the photo.

Made where photos are made, so that no reviewer's browser ever gets the student's own file: it may be a format that the
browser cannot show, weigh ten megabytes, and say in its metadata where the student lives.
"""

import io
from typing import TYPE_CHECKING, Final

from PIL import Image

from photo_service.contract import Exhibit
from photo_service.explain import draw
from photo_service.stages.decode import decode

if TYPE_CHECKING:
    from photo_service.pipeline import Studio

SELFIE_SIDE: Final = 960
"""Longer side of the selfie, in pixels: as high as a screen shows it beside the other two."""
THUMB_HEIGHT: Final = 240
_QUALITY: Final = 82
"""Of selfie and drawing: fine lines and small letters stay readable, at about 60 and 150 kB."""
_THUMB_QUALITY: Final = 85


def exhibit(studio: "Studio", selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
    """Make the three pictures of one selfie; it costs two renderings. Raises SelfieError, UnknownSpec."""
    rendered = studio.render(selfie, spec=spec, source="selfie", background=background)
    upright = decode(selfie, limits=studio.limits, want_side=SELFIE_SIDE)
    return Exhibit(
        selfie=_jpeg(_within(upright.image, SELFIE_SIDE), _QUALITY),
        drawing=_jpeg(draw(studio, selfie, rendered), _QUALITY),
        thumb=_thumb(rendered.photo) if rendered.photo else None,
    )


def _thumb(photo: bytes) -> bytes:
    picture = Image.open(io.BytesIO(photo)).convert("RGB")
    width = max(1, round(picture.width * THUMB_HEIGHT / picture.height))
    return _jpeg(_shrunk(picture, width, THUMB_HEIGHT), _THUMB_QUALITY)


def _within(picture: Image.Image, side: int) -> Image.Image:
    scale = side / max(picture.size)
    return _shrunk(picture, max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))


def _shrunk(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Resample to a size; a picture that is smaller already stays as it is."""
    if width >= picture.width:
        return picture
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()
