"""A Huffman table of ours is one that every decoder of JPEG takes, and no other of its kind is shorter."""

import heapq
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from photo_service.codec.huffman import LONGEST, Code, code_for


def code_of(counts: dict[int, int]) -> Code:
    frequencies = np.zeros(256, np.int64)
    for symbol, count in counts.items():
        frequencies[symbol] = count
    return code_for(frequencies)


def written(code: Code) -> dict[int, str]:
    """Spell out each symbol's code."""
    return {symbol: f"{code.word[symbol]:0{code.bits[symbol]}b}" for symbol in range(256) if code.bits[symbol]}


def as_a_decoder_reads(code: Code) -> dict[int, str]:
    """Rebuild the codes from what a file says, as annex C does: no code of the encoder's is looked at."""
    found, following, symbols = {}, 0, iter(code.symbols)
    for length, count in enumerate(code.counts, start=1):
        for _ in range(count):
            found[next(symbols)] = f"{following:0{length}b}"
            following += 1
        following <<= 1
    return found


def fewest_bits(counts: list[int]) -> int:
    """Bits of an unlimited Huffman code for these counts, by joining the two rarest."""
    heap, total = list(counts), 0
    heapq.heapify(heap)
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        total += joined
        heapq.heappush(heap, joined)
    return total


FREQUENCIES = st.dictionaries(st.integers(0, 255), st.integers(1, 1_000_000), min_size=1, max_size=256)


@settings(max_examples=100, deadline=None)
@given(FREQUENCIES)
def test_what_the_encoder_writes_is_what_a_decoder_reads(counts: dict[int, int]):
    """No code begins another one, none is longer than 16 bits, none is of ones alone."""
    code = code_of(counts)
    words = written(code)

    assert words == as_a_decoder_reads(code)
    assert set(words) == set(counts)
    assert max(map(len, words.values())) <= LONGEST
    assert not any(set(word) == {"1"} for word in words.values())
    assert not any(later.startswith(earlier) for earlier, later in pairwise(sorted(words.values())))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.integers(0, 255), st.integers(50, 1000), min_size=2, max_size=100))
def test_no_table_is_shorter(counts: dict[int, int]):
    """But for the one code that JPEG keeps free, it is Huffman's own where nothing has to be cut."""
    code = code_of(counts)

    bits = sum(count * int(code.bits[symbol]) for symbol, count in counts.items())
    assert bits < fewest_bits([*counts.values(), 1])


def test_codes_that_would_be_too_long_are_cut_to_sixteen_bits():
    """Counts like Fibonacci's numbers make the deepest tree there is."""
    counts, pair = {}, (1, 1)
    for symbol in range(30):
        counts[symbol], pair = pair[0], (pair[1], sum(pair))
    code = code_of(counts)

    assert int(code.bits.max()) == LONGEST
    assert written(code) == as_a_decoder_reads(code)


def test_the_same_counts_give_the_same_table():
    """Ties are broken by the symbol, so that the same picture gives the same bytes."""
    assert code_of({5: 3, 1: 3, 9: 3}).symbols == bytes([1, 5, 9])
    assert code_of({9: 3, 5: 3, 1: 3}).symbols == bytes([1, 5, 9])
