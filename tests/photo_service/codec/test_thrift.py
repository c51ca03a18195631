"""Numbers are weighed against their bits: never dearer than plain rounding, never further from zero, and the best."""

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_pictures import textured
from numpy.typing import NDArray

from photo_service.codec.baseline import Coded, codes_of, write
from photo_service.codec.blocks import blocks_of
from photo_service.codec.huffman import Code, code_for
from photo_service.codec.thrift import thrifty

STEP = 6.0
SEEDS = st.integers(0, 2**32 - 1)


def blocks(seed: int, count: int = 12) -> NDArray[np.float32]:
    """Frequencies as photographs have them: the faster, the smaller, in steps."""
    random = np.random.default_rng(seed)
    return (random.laplace(0, 1, (count, 64)) * 12 / (1 + np.arange(64) / 2)).astype(np.float32)


@cache
def code() -> Code:
    """The code of a picture in which every symbol may occur."""
    counts = np.random.default_rng(1).integers(1, 1000, 256)
    counts[0] = 5000
    return code_for(counts.astype(np.int64))


@cache
def lengths() -> list[int]:
    return [int(one) for one in code().bits]


def bits(numbers: NDArray[np.int16]) -> int:
    """Count the bits of one block as the standard writes it (T.81, F.1.2.2)."""
    total, run, length = 0, 0, lengths()
    for number in numbers[1:].tolist():
        if number == 0:
            run += 1
            continue
        size = abs(number).bit_length()
        total += run // 16 * length[0xF0] + length[run % 16 << 4 | size] + size
        run = 0
    return total + (length[0] if run else 0)


def costs(wanted: NDArray[np.float32], numbers: NDArray[np.int16], weights: NDArray[np.float32], price: float) -> float:
    """What one block costs: errors as far as they count, and bits."""
    errors = (weights * (wanted - numbers) ** 2)[1:].sum(dtype=np.float64)
    return float(errors) + price * bits(numbers)


def random_weights(seed: int, shape: tuple[int, ...]) -> NDArray[np.float32]:
    return np.random.default_rng(seed + 1).uniform(0.1, 3, shape).astype(np.float32)


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, price=st.floats(0.001, 2.0))
def test_no_block_costs_more_than_rounded_or_left_out(seed: int, price: float):
    """What the choice is for: errors and bits together."""
    wanted = blocks(seed)
    weights = random_weights(seed, wanted.shape)

    chosen = thrifty(wanted, weights, price=price, code=code())

    rounded = np.rint(wanted).astype(np.int16)
    for block, mine, plain, weight in zip(wanted, chosen, rounded, weights, strict=True):
        nothing = np.where(np.arange(64) == 0, plain, 0)
        least = min(costs(block, plain, weight, price), costs(block, nothing, weight, price))
        assert costs(block, mine, weight, price) <= least * (1 + 1e-5) + 1e-4


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS, price=st.floats(0.01, 1.0))
def test_it_is_the_best_of_all_choices(seed: int, price: float):
    """Tried out one by one, where they are few enough: four frequencies of up to five steps."""
    random = np.random.default_rng(seed)
    wanted = np.zeros((1, 64), np.float32)
    places = random.choice(np.arange(1, 64), 4, replace=False)
    wanted[0, places] = random.uniform(-5, 5, 4)
    weights = random_weights(seed, wanted.shape)

    chosen = thrifty(wanted, weights, price=price, code=code())

    tried = []
    for numbers in itertools.product(*[range(int(np.rint(abs(wanted[0, at]))) + 1) for at in places]):
        block = np.zeros(64, np.int16)
        block[places] = np.array(numbers) * np.sign(wanted[0, places]).astype(int)
        tried.append(costs(wanted[0], block, weights[0], price))
    assert costs(wanted[0], chosen[0], weights[0], price) == pytest.approx(min(tried), rel=1e-4)


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, price=st.floats(0.0, 5.0))
def test_no_number_is_further_from_zero_than_rounded(seed: int, price: float):
    """Nothing is ever made up; and the mean of a block is rounded as always."""
    wanted = blocks(seed)

    chosen = thrifty(wanted, random_weights(seed, wanted.shape), price=price, code=code())

    rounded = np.rint(wanted)
    assert (np.abs(chosen) <= np.floor(np.abs(wanted) + 0.5)).all()
    assert (chosen * rounded >= 0).all()
    assert (chosen[:, 0] == rounded[:, 0]).all()


def test_where_bits_cost_nothing_it_is_rounding():
    """Half a step and all: nothing is left out that costs nothing."""
    wanted = blocks(3)

    chosen = thrifty(wanted, np.ones_like(wanted), price=0.0, code=code())

    assert np.abs(chosen - wanted).max() <= 0.5


def test_a_dearer_bit_makes_a_smaller_file_that_is_further_off():
    """Bytes fall, errors rise, and both do so all the way."""
    found = blocks_of(textured(160, 120, grain=8), halved=True)
    plain = np.rint(found / STEP).astype(np.int16)
    codes = codes_of(Coded(160, 120, 300, (int(STEP),) * 64, (int(STEP),) * 64, plain))
    sizes, errors = [], []
    for price in (0.0, 0.05, 0.2, 0.8):
        wanted = (found / np.float32(STEP)).reshape(-1, 64)
        units = thrifty(wanted, np.ones_like(wanted), price=price, code=codes[0]).reshape(found.shape)
        sizes.append(len(write(Coded(160, 120, 300, (int(STEP),) * 64, (int(STEP),) * 64, units))))
        errors.append(float(((units - found / STEP) ** 2).sum()))

    assert sizes == sorted(sizes, reverse=True)
    assert errors == sorted(errors)
    assert sizes[1] < 0.98 * sizes[0]
