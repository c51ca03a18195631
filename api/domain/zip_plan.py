"""A ZIP that exists only as a plan: every byte of it can be told from names, sizes and CRCs, without a file anywhere.

Entries are stored, not deflated (JPEGs do not shrink), so the place of each is known before the first is read. After
APPNOTE.TXT 6.3.10: §4.3.7 local header, §4.3.12 central header, §4.3.14–16 the ends, §4.5.3 what passes 4 GiB.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_DAY_ONE = 0x21
"""1980-01-01, the first day DOS knows: the same photos give the same bytes."""
_UTF8 = 0x800
_PLAIN, _LARGE = 20, 45
_MADE_ON_UNIX = 3 << 8
_OWNER_ONLY = 0o100600 << 16
_16, _32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One file: its name inside, its length and CRC-32, and where its local header begins."""

    name: str = field(repr=False)
    size: int
    crc: int
    at: int

    @property
    def data_at(self) -> int:
        """Return where the file's own bytes begin."""
        return self.at + 30 + len(self.name.encode())

    @property
    def end(self) -> int:
        """Return where the next entry begins."""
        return self.data_at + self.size


def local_header(entry: ZipEntry) -> bytes:
    """Return what stands before a file's bytes."""
    name = entry.name.encode()
    fixed = struct.pack(
        "<4sHHHHHIIIHH",
        b"PK\x03\x04", _PLAIN, _UTF8, 0, 0, _DAY_ONE, entry.crc, entry.size, entry.size, len(name), 0,
    )  # fmt: skip
    return fixed + name


def directory(entries: Iterable[ZipEntry], *, at: int) -> bytes:
    """Return the central directory and the ends, for entries that reach up to `at`."""
    return b"".join(directory_pieces(entries, at=at))


def directory_pieces(entries: Iterable[ZipEntry], *, at: int) -> Iterator[bytes]:
    """Give the same piece by piece, so that nobody holds the whole of it."""
    count = size = 0
    for entry in entries:
        header = _central_header(entry)
        count, size = count + 1, size + len(header)
        yield header
    if count >= _16 or at >= _32:
        yield struct.pack(
            "<4sQHHIIQQQQ", b"PK\x06\x06", 44, _MADE_ON_UNIX | _LARGE, _LARGE, 0, 0, count, count, size, at
        )
        yield struct.pack("<4sIQI", b"PK\x06\x07", 0, at + size, 1)
    yield _end(min(count, _16), min(size, _32), min(at, _32))


def _central_header(entry: ZipEntry) -> bytes:
    name = entry.name.encode()
    far = entry.at >= _32
    extra = struct.pack("<HHQ", 1, 8, entry.at) if far else b""
    needed = _LARGE if far else _PLAIN
    fixed = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        b"PK\x01\x02", _MADE_ON_UNIX | needed, needed, _UTF8, 0, 0, _DAY_ONE, entry.crc, entry.size, entry.size,
        len(name), len(extra), 0, 0, 0, _OWNER_ONLY, _32 if far else entry.at,
    )  # fmt: skip
    return fixed + name + extra


def _end(count: int, size: int, at: int) -> bytes:
    return struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, size, at, 0)
