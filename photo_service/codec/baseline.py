"""Rounded frequencies to a baseline JPEG: one scan, Huffman tables made for the picture, nothing beside the picture.

Pillow makes JPEGs of pixels, with every frequency rounded alike all over the picture. Whoever rounds some blocks
otherwise has to write the rounded frequencies themselves. The file is what every program reads: JFIF 1.01, sequential,
its components interleaved (ITU-T T.81, annexes B and F).
"""

import struct
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from photo_service.codec.huffman import Code, Numbers, code_for
from photo_service.codec.tables import Table

Rounded = NDArray[np.int16]
"""Units x blocks of a unit x 64, as in codec.blocks: frequencies in steps of their table."""

_Whole = NDArray[np.int32]

_COLOURS: Final = 2
_SIXTEEN_ZEROS: Final = 0xF0
_TABLES: Final = ((0, 0), (0, 1), (1, 0), (1, 1))
"""Huffman tables by class (0: first frequencies, 1: the others) and by use (0: brightness, 1: colour)."""
_OTHERS: Final = 2 << 8
"""The tables of the second class, as a symbol has them."""
_STUFFING: Final = 1 + 1 / 350
"""A byte of ones among the data is followed by one of zeros: one byte in 256 by chance, and one in 350 in photos."""


class Coded(NamedTuple):
    """A picture ready to be written. Tables are in the file's order of frequencies (zigzag), as blocks are."""

    width: int
    height: int
    dpi: int
    luminance: Table
    chrominance: Table
    units: Rounded


class _Signs(NamedTuple):
    """What is to be written, in no order: where it stands, its symbol above its Huffman table's number times 256, and
    the number whose bits follow."""

    place: _Whole
    symbol: _Whole
    number: _Whole


def size_of(coded: Coded) -> int:
    """Return about how many bytes the file will have, some three times as fast as writing it."""
    counts = _counts(_signs(coded.units))
    codes = [code_for(count) for count in counts]
    behind = np.arange(256) & 15
    bits = sum(int(count @ (code.bits + behind)) for count, code in zip(counts, codes, strict=True))
    return len(_head(coded, codes)) + round(bits / 8 * _STUFFING) + 2


def codes_of(coded: Coded) -> tuple[Code, Code]:
    """Return the codes that the file will have for all but the first frequencies of brightness, and of colours."""
    light, colour = (code_for(count) for count in _counts(_signs(coded.units))[2:])
    return light, colour


def write(coded: Coded) -> bytes:
    """Write the file."""
    signs = _signs(coded.units)
    codes = [code_for(count) for count in _counts(signs)]
    return _head(coded, codes) + _scan(signs, codes) + b"\xff\xd9"


def _signs(units: Rounded) -> _Signs:
    """Read off what is to be written: differences of the first frequencies, runs of zeros, and what ends them."""
    colour = np.zeros(units.shape[:2], np.int32)
    colour[:, -_COLOURS:] = 1 << 8
    kinds = [*_first(units), *_others(units.reshape(-1, 64))]
    place, symbol, number = (np.concatenate(parts) for parts in zip(*kinds, strict=True))
    return _Signs(place, symbol + colour.ravel()[place >> 8], number)


def _first(units: Rounded) -> Iterator[tuple[_Whole, ...]]:
    """Yield the first frequency of each block, as its difference from the one before in the same component."""
    light, colours = units[:, :-_COLOURS, 0], units[:, -_COLOURS:, 0]
    change = np.empty(units.shape[:2], np.int32)
    change[:, :-_COLOURS] = np.diff(light.ravel(), prepend=np.int16(0)).reshape(light.shape)
    change[:, -_COLOURS:] = np.diff(colours, axis=0, prepend=np.int16(0))
    number = change.ravel()
    yield np.arange(number.size, dtype=np.int32) << 8, _lengths()[np.abs(number)], number


def _others(blocks: Rounded) -> Iterator[tuple[_Whole, ...]]:
    """Yield every other frequency that is not zero with the zeros before it, and the ends of blocks."""
    found = np.flatnonzero(blocks[:, 1:]).astype(np.int32)
    block, at = found // 63, found % 63 + 1
    goes_on = np.zeros(found.size, bool)
    goes_on[1:] = block[1:] == block[:-1]
    run = at - 1 - np.where(goes_on, np.roll(at, 1), 0)
    number = blocks.ravel()[(block << 6) + at].astype(np.int32)
    yield (block << 8) + 2 * at + 1, _OTHERS + ((run & 15) << 4) + _lengths()[np.abs(number)], number
    far = np.flatnonzero(run > 15).astype(np.int32)
    long = np.repeat(far, run[far] >> 4)
    yield (block[long] << 8) + 2 * at[long], *_alike(long.size, _OTHERS + _SIXTEEN_ZEROS)
    short = np.flatnonzero(blocks[:, -1] == 0).astype(np.int32)
    yield (short << 8) + 255, *_alike(short.size, _OTHERS)


def _alike(count: int, symbol: int) -> tuple[_Whole, _Whole]:
    return np.full(count, symbol, np.int32), np.zeros(count, np.int32)


@cache
def _lengths() -> _Whole:
    """Return how many bits each number takes, its sign apart."""
    return np.array([number.bit_length() for number in range(1 << 12)], np.int32)


def _counts(signs: _Signs) -> list[Numbers]:
    counted = np.bincount(signs.symbol, minlength=len(_TABLES) << 8)
    return list(counted.astype(np.int64).reshape(len(_TABLES), 256))


def _scan(signs: _Signs, codes: list[Code]) -> bytes:
    """Write every sign's code and the bits behind it, one after the other.

    The bits of a negative number are those of its absolute, each turned round.
    """
    order = np.argsort(signs.place, kind="stable")
    symbol, number = signs.symbol[order], signs.number[order].astype(np.int64)
    behind = symbol & 15
    length = np.concatenate([code.bits for code in codes])[symbol] + behind
    bits = np.where(number < 0, number + (1 << behind) - 1, number)
    word = np.concatenate([code.word for code in codes])[symbol] << behind | bits
    ends = np.cumsum(length)
    shift = np.repeat(ends, length) - 1 - np.arange(ends[-1])
    data = (np.repeat(word, length) >> shift & 1).astype(np.uint8)
    whole = np.concatenate([data, np.ones(-data.size % 8, np.uint8)])
    return np.packbits(whole).tobytes().replace(b"\xff", b"\xff\x00")


def _head(coded: Coded, codes: list[Code]) -> bytes:
    """Write everything before the data: density, tables, size, and which table is whose."""
    halved = coded.units.shape[1] > 3
    parts = [b"\xff\xd8", _segment(0xE0, b"JFIF\0", struct.pack(">HBHHBB", 0x101, 1, coded.dpi, coded.dpi, 0, 0))]
    parts += [_segment(0xDB, bytes([at]), bytes(table)) for at, table in enumerate(coded[3:5])]
    size = struct.pack(">BHHB", 8, coded.height, coded.width, 1 + _COLOURS)
    parts += [_segment(0xC0, size, bytes([1, 0x22 if halved else 0x11, 0]), b"\2\x11\1\3\x11\1")]
    for (kind, use), code in zip(_TABLES, codes, strict=True):
        parts += [_segment(0xC4, bytes([kind << 4 | use]), code.counts, code.symbols)]
    parts += [_segment(0xDA, b"\3\1\0\2\x11\3\x11\0\x3f\0")]
    return b"".join(parts)


def _segment(marker: int, *body: bytes) -> bytes:
    content = b"".join(body)
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content
