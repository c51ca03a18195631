"""The shortest prefix code for what a picture has in it, as JPEG allows one (ITU-T T.81, annexes C and K.2)."""

import heapq
from itertools import chain, repeat
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

LONGEST: Final = 16
"""Bits that a code has at most."""
_DEEPEST: Final = 64
"""More than the bits of any code for fewer than 2**32 symbols, before the longest ones are cut."""

Numbers = NDArray[np.int64]


class Code(NamedTuple):
    """How each of 256 symbols is written: the lowest `bits` bits of `word`; 0 bits where a symbol does not occur.

    `counts` and `symbols` are the table as a file has it: how many codes there are of each length from 1 to 16, and
    what they stand for, the shortest first.
    """

    bits: Numbers
    word: Numbers
    counts: bytes
    symbols: bytes


def code_for(frequencies: Numbers) -> Code:
    """Make the code for symbols that occur so many times each; at least one must."""
    occurring = np.flatnonzero(frequencies)
    ranked = occurring[np.argsort(-frequencies[occurring], kind="stable")]
    counts = _counts(frequencies[ranked].tolist())
    bits, word = np.zeros(256, np.int64), np.zeros(256, np.int64)
    lengths = list(chain.from_iterable(repeat(length, count) for length, count in enumerate(counts)))
    bits[ranked], word[ranked] = lengths, _words(lengths)
    return Code(bits, word, bytes(counts[1:]), bytes(ranked.tolist()))


def _words(lengths: list[int]) -> list[int]:
    """Count up through codes of rising length (annex C)."""
    words, following = [], 0
    for before, length in zip([lengths[0], *lengths], lengths, strict=False):
        following <<= length - before
        words.append(following)
        following += 1
    return words


def _counts(frequencies: list[int]) -> list[int]:
    """Return how many codes there are of each length from 0 to 16.

    One more code than there are symbols is made and then left out: the one of ones alone, which JPEG keeps free.
    """
    counts = [0] * _DEEPEST
    for depth in _depths([*frequencies, 1]):
        counts[depth] += 1
    for length in range(_DEEPEST - 1, LONGEST, -1):
        while counts[length]:
            _shorten(counts, length)
    longest = max(length for length, count in enumerate(counts) if count)
    counts[longest] -= 1
    return counts[: LONGEST + 1]


def _depths(weights: list[int]) -> list[int]:
    """Join the two rarest until one is left; each is as deep as it was joined often."""
    parents = [0] * (2 * len(weights) - 1)
    heap = [(weight, place) for place, weight in enumerate(weights)]
    heapq.heapify(heap)
    for joined in range(len(weights), len(parents)):
        (rarest, first), (rare, second) = heapq.heappop(heap), heapq.heappop(heap)
        parents[first] = parents[second] = joined
        heapq.heappush(heap, (rarest + rare, joined))
    depths = [0] * len(parents)
    for place in range(len(parents) - 2, -1, -1):
        depths[place] = depths[parents[place]] + 1
    return depths[: len(weights)]


def _shorten(counts: list[int], length: int) -> None:
    """Take two codes of one length away and split a shorter one instead (figure K.3)."""
    shorter = max(other for other in range(1, length - 1) if counts[other])
    counts[length] -= 2
    counts[length - 1] += 1
    counts[shorter + 1] += 2
    counts[shorter] -= 1
