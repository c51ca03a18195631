"""Read a JPEG's own headers: size, density, tables, profile. No pixel is decoded here."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from photo_service.codec.tables import LUMINANCE, scale_of, scaled
from photo_service.contract import UnreadableImage

SOI, EOI, SOS, DQT, COM = 0xD8, 0xD9, 0xDA, 0xDB, 0xFE
APP0, APP1, APP2, APP14, APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL: Final = frozenset({0xC0, 0xC1})
PROGRESSIVE: Final = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_MOST_SCANS: Final = 200  # a progressive photo has about ten; thousands are made to keep a decoder busy
_MOST_SCANNED_PIXELS: Final = 1_000_000_000  # each scan walks over all of them: about a second for this many
_CM_PER_INCH: Final = 2.54


class Segment(NamedTuple):
    """One marker segment: `start` is at its 0xFF, `body` what follows its length field."""

    marker: int
    start: int
    end: int
    body: bytes


@dataclass(frozen=True, slots=True)
class JpegHead:
    """What a JPEG says of itself. `dpi` is 0 where the JFIF header gives no absolute density or is not there."""

    segments: tuple[Segment, ...]
    scan_at: int
    width: int
    height: int
    components: int
    frame_marker: int
    dpi: int
    quality: int | None
    adobe: bool
    exif: bytes
    icc: bytes


def read_head(data: bytes) -> JpegHead:
    """Read everything before the first scan.

    Raises UnreadableImage when the headers break off or contradict themselves, when the file has no end mark (a
    transfer broke off), or when it has more scans than any photo of its size.
    """
    segments, scan_at = _segments(data)
    frame = next((s for s in segments if s.marker in _FRAMES and len(s.body) >= 6), None)
    if frame is None or data.rfind(b"\xff\xd9") < scan_at:
        raise UnreadableImage(bytes=len(data))
    height, width, components = struct.unpack_from(">HHB", frame.body, 1)
    scans = _scans(data, scan_at, frame=frame.marker, components=components)
    if scans > _MOST_SCANS:
        raise UnreadableImage(bytes=len(data))
    if scans * width * height > _MOST_SCANNED_PIXELS:
        raise UnreadableImage(scans=scans, width=width, height=height)
    return JpegHead(
        segments=tuple(segments),
        scan_at=scan_at,
        width=width,
        height=height,
        components=components,
        frame_marker=frame.marker,
        dpi=_dpi(segments),
        quality=_quality(segments),
        adobe=any(s.marker == APP14 and s.body.startswith(b"Adobe") for s in segments),
        exif=next((s.body for s in segments if s.marker == APP1 and s.body.startswith(b"Exif\0\0")), b""),
        icc=_icc(segments),
    )


def _scans(data: bytes, scan_at: int, *, frame: int, components: int) -> int:
    """Return how many scans a decoder would walk over.

    A sequential picture whose first scan holds all its components ends with it, whatever follows (libjpeg, jdinput.c);
    only the others are searched to their end, which takes milliseconds for a phone's file.
    """
    whole = frame in _SEQUENTIAL and data[scan_at + 4 : scan_at + 5] == bytes([components])
    return 1 if whole else data.count(b"\xff\xda", scan_at)


def bare(data: bytes, head: JpegHead) -> bytes:
    """Give the same picture without its metadata.

    The decoder then sees no EXIF, no profile, no second picture: nothing that it would have to interpret. The Adobe
    segment stays, because it says how the colours are meant.
    """
    kept = (s for s in head.segments if not (s.marker == COM or (APP0 < s.marker <= APP15 and s.marker != APP14)))
    return b"".join([b"\xff\xd8", *(data[s.start : s.end] for s in kept), data[head.scan_at :]])


def _segments(data: bytes) -> tuple[list[Segment], int]:
    """List the segments up to the first scan, and where that scan's segment starts."""
    found: list[Segment] = []
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise UnreadableImage(bytes=len(data))
        marker = data[at + 1]
        if marker == 0xFF or marker in _STANDALONE:  # fill bytes are allowed before any marker
            at += 1 if marker == 0xFF else 2
            continue
        if marker == SOS:
            return found, at
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(data):
            break
        found.append(Segment(marker, at, end, data[at + 4 : end]))
        at = end
    raise UnreadableImage(bytes=len(data))


def _dpi(segments: Iterable[Segment]) -> int:
    jfif = next((s.body for s in segments if s.marker == APP0 and s.body.startswith(b"JFIF\0")), b"")
    if len(jfif) < 12:
        return 0
    unit, across, down = struct.unpack_from(">BHH", jfif, 7)
    if across != down or unit not in (1, 2):
        return 0
    return int(across) if unit == 1 else round(across * _CM_PER_INCH)


def _icc(segments: Iterable[Segment]) -> bytes:
    """Join a colour profile that was split over segments, in the order of their numbers."""
    mark = b"ICC_PROFILE\0"
    parts = [s.body for s in segments if s.marker == APP2 and s.body.startswith(mark) and len(s.body) > 14]
    return b"".join(part[14:] for part in sorted(parts, key=lambda part: part[12]))


def _quality(segments: Iterable[Segment]) -> int | None:
    """Estimate the quality from the sum of the luminance table: the IJG number whose own table sums nearest."""
    body = next((s.body for s in segments if s.marker == DQT and len(s.body) >= 65), b"")
    if not body:
        return None
    wide = body[0] >> 4
    if wide and len(body) < 129:
        return None
    total = sum(struct.unpack_from(">64H", body, 1)) if wide else sum(body[1:65])
    sums = _table_sums()
    return min(sums, key=lambda quality: abs(sums[quality] - total))


@cache
def _table_sums() -> dict[int, int]:
    """Sum the IJG luminance table at each quality, best first (ties go to the better)."""
    return {quality: sum(scaled(LUMINANCE, scale_of(quality))) for quality in range(100, 0, -1)}
