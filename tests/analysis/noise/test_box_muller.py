"""Box and Muller's pairs: the formula, and what biased bits do to it."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

from mtjlab.analysis.noise.bit_converter import NOISE_CONVERTERS
from mtjlab.analysis.noise.box_muller import BoxMuller
from mtjlab.analysis.noise.distance_from_normal import distribution_error
from mtjlab.core import Bits


def words_to_bits(*words: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the bits of numbers, each with its width."""
    return np.array([int(bit) for number, width in words for bit in f"{number:0{width}b}"], np.uint8)


def test_pairs_are_those_of_the_formula() -> None:
    rng = np.random.default_rng(1)
    u, v = rng.integers(0, 2**32, 500), rng.integers(0, 2**16, 500)
    bits = words_to_bits(*[word for pair in zip(u, v, strict=True) for word in ((pair[0], 32), (pair[1], 16))])
    radius = np.sqrt(-2 * np.log((u + 0.5) / 2**32))
    angle = 2 * np.pi * (v + 0.5) / 2**16 + 0.75 * np.pi
    expected = np.column_stack((radius * np.cos(angle), radius * np.sin(angle))).ravel()
    # Of a value near zero the rounding of the cosine to float32 is what counts.
    np.testing.assert_allclose(BoxMuller().convert(bits), expected, rtol=1e-6, atol=3e-7)
    whole = BoxMuller().convert(bits)
    for first, count in [(0, 2), (24, 6), (10, 30)]:
        part = Bits(np.concatenate(([1, 0, 1], bits)))[3 + 24 * 2 * first :][: 24 * count]
        assert BoxMuller().convert_packed(part).tolist() == whole[2 * first :][:count].tolist()


def test_an_odd_last_normal_is_made_of_its_own_bits() -> None:
    bits = words_to_bits((12345, 32), (678, 16), (4321, 16), (200, 8))
    normals = BoxMuller().convert(bits)
    assert normals.shape == (3,)
    radius, angle = math.sqrt(-2 * math.log(4321.5 / 2**16)), 2 * math.pi * 200.5 / 256 + 0.75 * math.pi
    assert normals[2] == pytest.approx(radius * math.cos(angle), rel=1e-6)


def test_the_largest_is_that_of_a_word_of_zeros() -> None:
    normals = BoxMuller().convert(np.concatenate([words_to_bits((0, 32), (v, 16)) for v in range(0, 2**16, 8)]))
    largest = distribution_error(BoxMuller()).largest
    assert largest == pytest.approx(math.sqrt(66 * math.log(2)), rel=1e-6)
    assert 0.999 * largest < np.abs(normals).max() <= largest * (1 + 1e-6)


def test_bias_shifts_both_of_a_pair_alike_by_the_first_bit_of_the_angle() -> None:
    # At one radius, over all angles: the derivative by the bias is the mean of the value times the sum of the bits as
    # signs; the radius has the mean sqrt(π/2), and its own bits come with a mean of zero over the angles.
    u = 0x80000000
    radius = math.sqrt(-2 * math.log((u + 0.5) / 2**32))
    angles = np.arange(2**16, dtype=">u2")
    words = np.empty((2**16, 6), np.uint8)
    words[:, :4], words[:, 4:] = [0x80, 0, 0, 0], angles.view(np.uint8).reshape(-1, 2)
    pairs = BoxMuller().convert_packed(Bits.packed(words.ravel())).reshape(-1, 2).astype(float)
    signs = 2.0 * np.unpackbits(words[:, 4:], axis=1) - 1
    by_bit = signs.T @ pairs / 2**16 / radius * math.sqrt(math.pi / 2)
    assert by_bit[0] == pytest.approx(1 / math.sqrt(math.pi), rel=1e-6)
    assert by_bit[1:] == pytest.approx(0, abs=1e-6)
    assert pairs.mean(axis=0).tolist() == [0.0, 0.0]
    assert BoxMuller().shift == pytest.approx(by_bit.sum(axis=0), rel=1e-5)


def test_its_distance_is_that_of_a_sum_over_all_angles() -> None:
    error = distribution_error(NOISE_CONVERTERS.load("box-muller"))
    positive = np.cos(2 * np.pi * (np.arange(2**16) + 0.5) / 2**16 + 0.75 * np.pi)
    positive = positive[positive > 0]
    places = np.geomspace(1e-6, 4, 400)
    off = [ndtr(-x) - np.exp(-((x / positive) ** 2) / 2).sum() / 2**16 for x in places]
    assert error.ks_distance == pytest.approx(np.abs(off).max(), rel=0.02)
    assert error.moments == pytest.approx((0, 1, 0, 3), abs=1e-8)
