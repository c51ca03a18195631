"""Tell the kind of a picture file from its first bytes, without trusting its name."""

from typing import Final

from photo_service.contract import UnreadableImage, UnsupportedFormat

_STARTS: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"BM", "BMP"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop"),
    (b"\0\0\1\0", "ICO"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"<svg", "SVG"),
    (b"<?xml", "SVG"),
)
_READABLE: Final = frozenset({"JPEG", "PNG", "BMP", "WEBP", "HEIF"})
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def sniff(data: bytes) -> str:
    """Name the format of a picture a camera may have made: JPEG, PNG, WEBP, HEIF or BMP.

    A GIF is refused even with one frame: no camera writes it, and 256 colours are no photograph.
    Raises UnsupportedFormat for other kinds that are known, UnreadableImage for what is no picture at all.
    """
    kind = _kind(data)
    if kind is None:
        raise UnreadableImage(bytes=len(data))
    if kind not in _READABLE:
        raise UnsupportedFormat(format=kind)
    return kind


def _kind(data: bytes) -> str | None:
    if data[4:8] == b"ftyp":
        return _iso_media_kind(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for start, kind in _STARTS if data.startswith(start)), None)


def _iso_media_kind(data: bytes) -> str:
    """Read the brands of an ISO media file: HEIF, AVIF and film share one container."""
    brands = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
    if b"avif" in brands or b"avis" in brands:
        return "AVIF"
    return "HEIF" if data[8:12] in _HEIF_BRANDS else "video"
