"""Bytes to an upright picture in sRGB, or the reason why not, before any pixel is decoded that need not be."""

from dataclasses import dataclass
from typing import Final

from PIL import Image

from photo_service.codec.colour import to_srgb
from photo_service.codec.exif import ExifFacts, read_exif
from photo_service.codec.sniff import sniff
from photo_service.codec.still import MOST_PIXELS, Still, open_still, refuse_pixels
from photo_service.contract import SelfieError, UnreadableImage, UploadTooLarge
from photo_service.photo import Upright

_MEGABYTE: Final = 1024 * 1024
_MOST_WORKED_PIXELS: Final = 16_000_000
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused unread: `max_bytes` of the file, `max_pixels` by its header."""

    max_bytes: int = 40 * _MEGABYTE
    max_pixels: int = MOST_PIXELS


HTTP_LIMITS: Final = Limits(max_bytes=10 * _MEGABYTE)
"""The same, for what comes over the network."""


def decode(selfie: bytes, *, limits: Limits, want_side: int) -> Upright:
    """Decode a selfie, turned as the camera was held, in 8-bit sRGB.

    A large file is decoded at 1/2, 1/4 or 1/8: the smallest whose longer side is still `want_side` pixels or more.
    More than 16 million pixels are never given, whatever is wanted: no photo needs them, and the whole process stays
    below 600 MB. Safe from several threads at a time; the process's settings are not touched.
    Raises UploadTooLarge, UnsupportedFormat, TooManyPixels, UnreadableImage. A file that breaks off is unreadable,
    never a half-grey picture.
    """
    if len(selfie) > limits.max_bytes:
        raise UploadTooLarge(megabytes=round(len(selfie) / _MEGABYTE, 1), limit=limits.max_bytes // _MEGABYTE)
    kind = sniff(selfie)
    try:
        still = open_still(selfie, kind)
        refuse_pixels(still, max_pixels=limits.max_pixels)
        return _upright(still, want_side)
    except SelfieError:
        raise
    except Exception as error:  # decoders raise some twenty unrelated types on broken files
        raise UnreadableImage(format=kind) from error


def _reduction(still: Still, want_side: int) -> int:
    """Choose the largest step that leaves what is wanted, or the one that leaves few enough pixels."""
    shorter, longer = sorted((still.width, still.height))
    steps = [step for step in (8, 4, 2) if shorter >= step]
    enough = next((step for step in steps if longer >= want_side * step), 1)
    few_enough = next((step for step in (1, 2, 4, 8) if shorter * longer <= _MOST_WORKED_PIXELS * step * step), 8)
    return max(enough, few_enough if few_enough in steps else 1)


def _upright(still: Still, want_side: int) -> Upright:
    reduction = _reduction(still, want_side)
    picture = to_srgb(still.load(reduction), still.icc)
    exif = read_exif(still.exif)
    return Upright(
        image=_turned(picture, still, exif),
        file_width=still.width,
        file_height=still.height,
        reduction=float(reduction),
        format=still.format,
        jpeg_quality=still.jpeg_quality,
        colourless=still.colourless,
        taken_at=exif.taken_at,
    )


def _turned(picture: Image.Image, still: Still, exif: ExifFacts) -> Image.Image:
    turn = None if still.already_upright else _TURNS.get(exif.orientation)
    return picture if turn is None else picture.transpose(turn)
