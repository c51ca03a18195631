"""Read the two facts of an EXIF block that a photo needs, and survive any block at all.

Pillow's own reader warns on the process's warning filters when a block is broken, which is not safe between threads,
and phones and chat programs do break them.
"""

import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Final

_ORIENTATION: Final = 0x0112
_EXIF_IFD: Final = 0x8769
_DATE_TIME_ORIGINAL: Final = 0x9003
_DATE_TIME_DIGITIZED: Final = 0x9004
_SHORT, _LONG = 3, 4
_MOST_ENTRIES: Final = 512


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """`orientation` is 1 to 8 as EXIF numbers them; `taken_at` is the camera's clock, without zone."""

    orientation: int = 1
    taken_at: datetime | None = None


def read_exif(block: bytes) -> ExifFacts:
    """Read orientation and date; whatever is missing or broken counts as not given."""
    tiff = block.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return ExifFacts()
    first = _directory(tiff, order, _number(tiff, order, _LONG, 4))
    pointer = first.get(_EXIF_IFD)
    inner = _directory(tiff, order, _number(tiff, order, *pointer)) if pointer else {}
    return ExifFacts(_orientation(tiff, order, first), _taken_at(tiff, order, inner))


def _directory(tiff: bytes, order: str, at: int) -> dict[int, tuple[int, int]]:
    """Map each tag of one directory to its type and to where its value field is."""
    try:
        (count,) = struct.unpack_from(order + "H", tiff, at)
        rows = [(at + 2 + 12 * row) for row in range(min(count, _MOST_ENTRIES))]
        return {tag: (kind, row + 8) for row in rows for tag, kind in [struct.unpack_from(order + "HH", tiff, row)]}
    except struct.error:
        return {}


def _number(tiff: bytes, order: str, kind: int, at: int) -> int:
    try:
        return int(struct.unpack_from(order + ("H" if kind == _SHORT else "L"), tiff, at)[0])
    except struct.error:
        return 0


def _orientation(tiff: bytes, order: str, entries: dict[int, tuple[int, int]]) -> int:
    entry = entries.get(_ORIENTATION)
    value = _number(tiff, order, *entry) if entry else 1
    return value if 1 <= value <= 8 else 1


def _taken_at(tiff: bytes, order: str, entries: dict[int, tuple[int, int]]) -> datetime | None:
    entry = entries.get(_DATE_TIME_ORIGINAL) or entries.get(_DATE_TIME_DIGITIZED)
    if entry is None:
        return None
    at = _number(tiff, order, _LONG, entry[1])
    try:
        text = tiff[at : at + 19].decode("ascii")
        return datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  EXIF names no zone, and none is made up
    except ValueError:
        return None
