"""A ZIP that is told from its plan opens in every program, also past four gigabytes and 65,535 files."""

import io
import zipfile
import zlib

from hypothesis import given
from hypothesis import strategies as st

from api.domain.zip_plan import ZipEntry, directory, local_header


def planned(files: list[tuple[str, bytes]]) -> list[ZipEntry]:
    entries: list[ZipEntry] = []
    for name, data in files:
        at = entries[-1].end if entries else 0
        entries.append(ZipEntry(name, len(data), zlib.crc32(data), at))
    return entries


def whole(files: list[tuple[str, bytes]]) -> bytes:
    entries = planned(files)
    body = b"".join(local_header(entry) + data for entry, (_, data) in zip(entries, files, strict=True))
    return body + directory(entries, at=len(body))


NAMES = st.text(st.characters(categories=("L", "N"), exclude_characters="\0"), min_size=1, max_size=20)


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=8))
def test_what_goes_in_comes_out(files: dict[str, bytes]):
    """Any names, Chinese included, any bytes; the standard library's reader is the judge."""
    with zipfile.ZipFile(io.BytesIO(whole(list(files.items())))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_more_files_than_the_old_format_counts():
    """65,536 of them."""
    entries = planned([(f"{number}.jpg", b"") for number in range(65_536)])
    body = b"".join(local_header(entry) for entry in entries)
    with zipfile.ZipFile(io.BytesIO(body + directory(entries, at=len(body)))) as archive:
        assert len(archive.namelist()) == 65_536


def test_a_file_beyond_four_gigabytes_is_found():
    """The directory says where it lies; nothing of that size is made here: the file has a hole."""
    near = ZipEntry("near.jpg", 4_000_000_000, 0, 0)
    nearer = ZipEntry("nearer.jpg", 900_000_000, 0, near.end)
    far = ZipEntry("far.jpg", 3, zlib.crc32(b"far"), nearer.end)
    tail = local_header(far) + b"far"
    end = directory([near, nearer, far], at=far.end)
    with zipfile.ZipFile(_Holey(far.at, tail + end)) as archive:
        assert archive.read("far.jpg") == b"far"


class _Holey(io.RawIOBase):
    """Nothing up to `at`, then `tail`."""

    def __init__(self, at: int, tail: bytes) -> None:
        self._at, self._tail, self._place = at, tail, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._place, 2: self._at + len(self._tail)}[whence]
        self._place = base + offset
        return self._place

    def read(self, size: int = -1) -> bytes:
        start = max(0, self._place - self._at)
        found = self._tail[start : start + size] if size >= 0 else self._tail[start:]
        self._place += len(found)
        return found
