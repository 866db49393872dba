"""Toeplitz hashing: the matrix itself beside it, the length, the seed."""

import math
from itertools import product

import numpy as np
import pytest
from scipy.linalg import toeplitz

from mtjlab.analysis.extraction.conditioned_bits import conditioned
from mtjlab.analysis.extraction.toeplitz_hash import EPSILON, Toeplitz, toeplitz_length
from mtjlab.core import Bits


@pytest.mark.parametrize(
    ("block", "min_entropy", "epsilon"), [(8, 1.0, 0.5), (72, 1.0, 0.125), (200, 0.77, 2.0**-20), (1024, 0.9, EPSILON)]
)
def test_it_is_the_product_with_the_matrix(block: int, min_entropy: float, epsilon: float) -> None:
    generator = np.random.default_rng(block)
    length = Toeplitz.output_length(min_entropy, epsilon=epsilon, block=block)
    seed = generator.integers(0, 2, block + length - 1, dtype=np.uint8)
    raw = generator.integers(0, 2, (5, block), dtype=np.uint8)
    matrix = toeplitz(seed[block - 1 :], seed[:block][::-1])
    assert matrix.shape == (length, block)
    expected = raw.astype(np.int64) @ matrix.T.astype(np.int64) % 2
    hashing = Toeplitz(seed, min_entropy, epsilon=epsilon, block=block)
    assert hashing(np.append(raw.ravel(), [1, 0, 1])).unpacked().tolist() == expected.ravel().tolist()
    parts = [Bits(part) for part in np.split(raw.ravel(), [3, block + 1])]
    assert Bits.joined(conditioned(parts, hashing.extractor())) == hashing(raw.ravel())


def test_two_inputs_meet_for_one_seed_of_two_to_the_length() -> None:
    # 2-universal, counted over all seeds: of 2^9 seeds just 2^9 / 2^2 map the two onto the same two bits.
    first, second = [1, 0, 0, 1, 1, 0, 1, 0], [1, 1, 0, 1, 0, 0, 1, 1]
    meet = 0
    for seed in product((0, 1), repeat=9):
        hashing = Toeplitz(seed, 0.5, epsilon=0.5, block=8)
        assert hashing.length == 2
        meet += hashing(first) == hashing(second)
    assert meet == 2**7


def test_the_length_is_the_entropy_less_twice_the_logarithm() -> None:
    assert toeplitz_length(1000.7, 2.0**-50) == 900
    assert toeplitz_length(99.9, 2.0**-50) == 0
    assert Toeplitz.output_length(0.9) == math.floor(0.9 * 4096 - 128)


def test_a_seed_longer_than_needed_is_cut_and_said() -> None:
    seed = np.random.default_rng(1).integers(0, 2, 100, dtype=np.uint8)
    hashing = Toeplitz(seed, 1.0, epsilon=0.25, block=40)
    assert hashing.seed.unpacked().tolist() == seed[: 40 + 36 - 1].tolist()
    assert "an estimate is not a proven bound" in hashing.extractor().claim


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"min_entropy": 0.0}, "above 0, 1 at most"),
        ({"min_entropy": 1.01}, "above 0, 1 at most"),
        ({"min_entropy": 0.01}, "use larger blocks"),
        ({"min_entropy": 0.9, "block": 100}, "multiple of 8"),
        ({"min_entropy": 0.9, "epsilon": 1.0}, "between 0 and 1"),
        ({"min_entropy": 1.0, "block": 1000}, "the seed has 1,000 bits, and 1,871 are needed"),
    ],
)
def test_what_is_out_of_range_is_said(words: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Toeplitz(np.zeros(1000, np.uint8), **words)
