"""Open a picture file: its header at once, its pixels only when asked for and no larger than needed.

Pillow's format classes are used one by one instead of `Image.open`: no other format can be reached by a crafted file,
and no process-wide pixel limit, warning filter or plug-in list is touched, so that threads do not meet there.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import BmpImagePlugin, Image, ImageChops, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from photo_service.codec import jpeg
from photo_service.codec.colour import to_opaque
from photo_service.contract import TooManyPixels, UnreadableImage, UnsupportedFormat

MOST_PIXELS: Final = 51_000_000
"""51 million, because phones sold as "50 megapixels" make 8192 x 6144."""
_MOST_DECODER_BYTES: Final = 420_000_000  # leaves room for networks and interpreter below 600 MB
_BAND_ROWS: Final = 256
_WEBP_BYTES: Final = 21  # measured 15 to 18 a pixel; in a worker that has rendered before, 23 megapixels were too many


@dataclass(frozen=True, slots=True)
class Still:
    """A picture whose header has been read and whose pixels have not.

    `load(reduction)` gives the pixels, 1, 2, 4 or 8 file pixels to one, in mode L, RGB or CMYK; it raises whatever
    the decoder raises. `bytes_per_pixel` is the most memory that takes for each pixel of the file.
    """

    format: str
    width: int
    height: int
    bytes_per_pixel: int
    colourless: bool
    exif: bytes
    icc: bytes
    load: Callable[[int], Image.Image]
    jpeg_quality: int | None = None
    already_upright: bool = False


def open_still(data: bytes, kind: str) -> Still:
    """Read the header of a file that `sniff` has named."""
    return _OPENERS[kind](data)


def refuse_pixels(still: Still, *, max_pixels: int = MOST_PIXELS) -> None:
    """Refuse a picture by its header alone when its pixels are none, too many, or too many for the memory they take.

    Raises TooManyPixels, UnreadableImage.
    """
    pixels = still.width * still.height
    most = min(max_pixels, _MOST_DECODER_BYTES // still.bytes_per_pixel)
    if pixels > most:
        raise TooManyPixels(megapixels=round(pixels / 1e6, 1), limit=most // 1_000_000)
    if not pixels:
        raise UnreadableImage(width=still.width, height=still.height)


def _jpeg(data: bytes) -> Still:
    head = jpeg.read_head(data)

    def load(reduction: int) -> Image.Image:
        picture = JpegImagePlugin.JpegImageFile(io.BytesIO(jpeg.bare(data, head)))
        picture.decodermaxblock = len(data)  # in one go: block by block, the decoder begins many rows twice
        if reduction > 1:
            picture.draft(None, (max(head.width // reduction, 1), max(head.height // reduction, 1)))
        picture.load()
        _refuse_broken_off(picture)
        if (
            picture.mode == "CMYK" and not head.adobe
        ):  # Pillow turns every CMYK JPEG over, but only Adobe's are inverted
            return ImageChops.invert(picture)
        return picture

    progressive = head.frame_marker in jpeg.PROGRESSIVE  # its coefficients are all kept until the last scan
    bytes_per_pixel = 2 * head.components + 1 if progressive else 5
    one = head.components == 1
    exif, icc = head.exif, head.icc
    return Still("JPEG", head.width, head.height, bytes_per_pixel, one, exif, icc, load, jpeg_quality=head.quality)


def _refuse_broken_off(picture: Image.Image) -> None:
    """Refuse a JPEG whose scan ends early although an end mark follows.

    The decoder fills what is missing with mid-grey and only warns, which Pillow does not pass on. The last row of a
    photograph is never that grey from edge to edge while the first is not.
    """
    last, first = (picture.crop((0, y, picture.width, y + 1)).getextrema() for y in (picture.height - 1, 0))
    grey = (128, 128) if picture.mode == "L" else ((128, 128),) * 3
    if last == grey and first != grey:
        raise UnreadableImage(broken_off=True)


def _png(data: bytes) -> Still:
    file = PngImagePlugin.PngImageFile(io.BytesIO(data))
    if getattr(file, "n_frames", 1) > 1:
        raise UnsupportedFormat(format="animated PNG")
    colour_type = data[25]
    return _from_pillow(file, "PNG", colourless=colour_type in (0, 4), bytes_per_pixel=5)


def _webp(data: bytes) -> Still:
    """Read the canvas size and the animation flag before the decoder is made: it allocates its canvas at once."""
    chunk, body = data[12:16], data[20:30]
    if chunk == b"VP8X" and body[0] & 2:
        raise UnsupportedFormat(format="animated WebP")
    width, height = _webp_size(chunk, body)

    def load(reduction: int) -> Image.Image:
        return _shrunk(WebPImagePlugin.WebPImageFile(io.BytesIO(data)), reduction)

    exif, icc = _riff_chunk(data, b"EXIF"), _riff_chunk(data, b"ICCP")
    return Still("WEBP", width, height, _WEBP_BYTES, colourless=False, exif=exif, icc=icc, load=load)


def _webp_size(chunk: bytes, body: bytes) -> tuple[int, int]:
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def _riff_chunk(data: bytes, name: bytes) -> bytes:
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == name:
            return data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return b""


def _bmp(data: bytes) -> Still:
    return _from_pillow(BmpImagePlugin.BmpImageFile(io.BytesIO(data)), "BMP", colourless=False, bytes_per_pixel=5)


def _from_pillow(file: Image.Image, kind: str, *, colourless: bool, bytes_per_pixel: int) -> Still:
    exif, icc = file.info.get("exif", b""), file.info.get("icc_profile", b"")
    return Still(
        kind,
        file.width,
        file.height,
        bytes_per_pixel,
        colourless,
        exif,
        icc,
        lambda reduction: _shrunk(file, reduction),
    )


def _heif(data: bytes) -> Still:
    """Open with pillow-heif itself: registering it with Pillow would change the whole process."""
    import pillow_heif

    file = pillow_heif.open_heif(data)
    width, height = file.size

    def load(reduction: int) -> Image.Image:
        pixels = np.asarray(file)
        return _in_bands(lambda top, bottom: Image.fromarray(pixels[top:bottom]), (width, height), reduction)

    exif, icc = file.info.get("exif") or b"", file.info.get("icc_profile") or b""
    return Still("HEIF", width, height, 8, colourless=False, exif=exif, icc=icc, load=load, already_upright=True)


def _shrunk(file: Image.Image, reduction: int) -> Image.Image:
    file.load()
    if reduction == 1 and file.mode in {"L", "RGB"} and not file.has_transparency_data:
        return file
    return _in_bands(lambda top, bottom: file.crop((0, top, file.width, bottom)), file.size, reduction)


def _in_bands(band: Callable[[int, int], Image.Image], size: tuple[int, int], reduction: int) -> Image.Image:
    """Flatten and shrink some rows at a time, so that memory holds the large picture once and never a large copy."""
    width, height = size
    result: Image.Image | None = None
    for top in range(0, height, _BAND_ROWS):
        rows = to_opaque(band(top, min(top + _BAND_ROWS, height))).reduce(reduction)
        if result is None:
            result = Image.new(rows.mode, (-(-width // reduction), -(-height // reduction)))
        result.paste(rows, (0, top // reduction))
    if result is None:
        raise UnreadableImage(width=width, height=height)
    return result


_OPENERS: Final = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp, "BMP": _bmp, "HEIF": _heif}
