"""Bits to normals: moments over all words, exactly."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from numpy.typing import NDArray

from mtjlab.analysis.noise import NOISE_CONVERTERS
from mtjlab.analysis.noise.bit_converter import BitConverter
from mtjlab.analysis.noise.bit_sum import BitSum
from mtjlab.analysis.noise.inverse_cdf16 import InverseCdf16
from mtjlab.core import Bits, InputError


def expectation(converter: BitConverter, words: NDArray[np.uint8], ones: float) -> float:
    """Mean normal if every bit is 1 with probability `ones`, the sum over all words."""
    counts = words.reshape(-1, 16).sum(axis=1, dtype=int)
    weights = ones**counts * (1 - ones) ** (16 - counts)
    return float(weights @ converter.convert(words).astype(np.float64))


def test_table_has_mean_zero_and_variance_one_over_all_words(all_words: NDArray[np.uint8]) -> None:
    normals = InverseCdf16().convert(all_words).astype(np.float64)
    assert normals.shape == (65536,)
    assert math.fsum(normals) == 0.0
    # Rounding to float32 is all that stands between the variance and one: 2^-24 of each entry, at most.
    assert math.fsum(normals**2) / 65536 == pytest.approx(1.0, abs=2.0**-23)


def test_table_is_the_inverse_distribution_at_the_middle_of_each_cell(all_words: NDArray[np.uint8]) -> None:
    normals = InverseCdf16().convert(all_words).astype(np.float64)
    quantiles = np.array([NormalDist().inv_cdf((k + 0.5) / 65536) for k in range(65536)])
    np.testing.assert_allclose(normals, quantiles / quantiles.std(), rtol=1e-6)
    # The rescaling is a hundred thousandth: less than a float32 picture can show.
    assert 1.0 / quantiles.std() == pytest.approx(1.0, abs=1.1e-5)


def test_table_rises_with_the_word_so_the_first_bit_is_the_sign(all_words: NDArray[np.uint8]) -> None:
    normals = InverseCdf16().convert(all_words)
    assert (np.diff(normals) > 0).all()
    assert ((normals > 0) == (all_words[::16] == 1)).all()
    assert (normals == -normals[::-1]).all()


@pytest.mark.parametrize("k", [1, 2, 3, 8, 12, 16])
def test_sum_has_the_moments_of_the_binomial_distribution(k: int) -> None:
    words = ((np.arange(2**k)[:, np.newaxis] >> np.arange(k)) & 1).astype(np.uint8)
    normals = BitSum(k).convert(words.ravel()).astype(np.float64)
    assert normals.mean() == pytest.approx(0.0, abs=1e-12)
    assert normals.var() == pytest.approx(1.0, rel=1e-6)
    assert (normals**3).mean() == pytest.approx(0.0, abs=1e-12)
    assert (normals**4).mean() == pytest.approx(3 - 2 / k, rel=1e-6)


def test_one_bit_gives_plus_or_minus_one() -> None:
    assert BitSum(1).convert(np.array([0, 1, 1, 0], np.uint8)).tolist() == [-1.0, 1.0, 1.0, -1.0]


def test_sum_of_as_many_bits_as_allowed_does_not_overflow() -> None:
    bits = np.concatenate((np.ones(255, np.uint8), np.zeros(255, np.uint8)))
    assert BitSum(255).convert(bits) == pytest.approx([math.sqrt(255), -math.sqrt(255)])


@pytest.mark.parametrize(("converter", "shift"), [(InverseCdf16(), 1.8736), (BitSum(16), 4.0)])
def test_bias_shifts_the_mean_by_so_much_a_unit(
    all_words: NDArray[np.uint8], converter: BitConverter, shift: float
) -> None:
    # The symmetric difference is exact to second order in the bias.
    bias = 1e-4
    high, low = (expectation(converter, all_words, (1 + sign * bias) / 2) for sign in (1, -1))
    assert (high - low) / (2 * bias) == pytest.approx(shift, abs=5e-5)
    assert converter.shift == pytest.approx(shift, abs=5e-5)


@pytest.mark.parametrize("k", [0, -1, 256])
def test_sums_of_no_or_too_many_bits_are_refused(k: int) -> None:
    with pytest.raises(ValueError, match=f"bits per normal = {k}: expected 1 to 255"):
        BitSum(k)


@pytest.mark.parametrize("converter", [InverseCdf16(), BitSum(1), BitSum(16)])
def test_no_bits_give_no_normals(converter: BitConverter) -> None:
    normals = converter.convert(np.zeros(0, np.uint8))
    assert normals.shape == (0,)
    assert normals.dtype == np.float32


@pytest.mark.parametrize("k", [*range(1, 65), 65, 255, "table"])
def test_packed_bits_give_the_normals_of_the_same_bits_unpacked(k: int | str) -> None:
    # Of any number and from any place: slices of bits begin within bytes, and words where no word of memory does.
    converter = InverseCdf16() if isinstance(k, str) else BitSum(k)
    each = converter.bits_per_normal
    rng = np.random.default_rng(each)
    bits = rng.integers(0, 2, 40 * each + 64, dtype=np.uint8)
    packed = Bits(bits)
    words = bits.astype(np.float64)
    places, counts = rng.integers(0, 64, 6).tolist(), rng.integers(0, 41, 6).tolist()
    for first, count in [(0, 40), (8, 1), *zip(places, counts, strict=True)]:
        part = slice(first, first + count * each)
        normals = converter.convert_packed(packed[part])
        assert normals.dtype == np.float32
        assert normals.tolist() == converter.convert(bits[part]).tolist()
        if isinstance(k, int):
            ones = words[part].reshape(count, each).sum(axis=1)
            assert normals == pytest.approx((ones - k / 2) / (math.sqrt(k) / 2), rel=1e-6)


def test_every_sum_up_to_a_word_has_a_name() -> None:
    for k in (1, 2, 13, 16, 64):
        converter = NOISE_CONVERTERS.load(f"bit-sum-{k}")
        assert isinstance(converter, BitSum)
        assert converter.bits_per_normal == k
    assert "bit-sum-K" in NOISE_CONVERTERS.names()
    assert "bit-sum-7" in NOISE_CONVERTERS.names()
    with pytest.raises(InputError, match="bit-sum-65 is not known: expected bit-sum-1 to bit-sum-64"):
        NOISE_CONVERTERS.load("bit-sum-65")
    for name in ("bit-sum-0", "bit-sum-K", "bit-sum-x", "bit-sum-016", "bit-sum"):
        with pytest.raises(InputError, match=f"noise converter '{name}' is not known"):
            NOISE_CONVERTERS.load(name)
