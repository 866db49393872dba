"""Autocorrelation: its definition, its moments, what it sees and what it leaves to others."""

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, chi2

from mtjlab.analysis.randomness.autocorrelation import autocorrelation, shuffled_moments

Bits = Callable[..., NDArray[np.uint8]]


def test_coefficients_are_those_of_the_definition(biased_bits: Bits) -> None:
    bits = biased_bits(2, 1003, 0.4)  # no multiple of a byte or a word
    centred = bits - bits.mean()
    expected = [(centred[:-lag] * centred[lag:]).sum() / (centred**2).sum() for lag in range(1, 131)]
    assert autocorrelation(bits, lags=130).coefficients == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("n", "ones"), [(4, 2), (9, 3), (10, 5), (11, 1)])
def test_moments_are_those_of_all_orders_counted_one_by_one(n: int, ones: int) -> None:
    orders = np.zeros((math.comb(n, ones), n))
    for row, places in enumerate(itertools.combinations(range(n), ones)):
        orders[row, list(places)] = 1
    orders -= ones / n
    for lag in range(1, n):
        sums = (orders[:, :-lag] * orders[:, lag:]).sum(axis=1)
        assert shuffled_moments(n, ones, lag) == pytest.approx((sums.mean(), sums.var()), rel=1e-9, abs=1e-12)


def test_scores_of_biased_independent_bits_are_standard_normal(biased_bits: Bits) -> None:
    # Bias is the frequency test's business: at P = 0.3 the correlation test must neither see it nor lose its scale.
    scores = np.array([autocorrelation(biased_bits(seed, 2000, 0.3)).z for seed in range(100)]).ravel()
    assert abs(scores.mean()) * math.sqrt(scores.size) < 4.5
    low, high = chi2.ppf([1e-5, 1 - 1e-5], scores.size)
    assert low < (scores**2).sum() < high


def test_one_in_twenty_coefficients_leaves_the_band(biased_bits: Bits) -> None:
    outside = total = 0
    for seed in range(100):
        result = autocorrelation(biased_bits(1000 + seed, 2000, 0.5))
        outside += sum(not low <= r <= high for r, (low, high) in zip(result.coefficients, result.band, strict=True))
        total += len(result.band)
    low, high = binom.ppf([1e-5, 1 - 1e-5], total, 0.05)
    assert low <= outside <= high


@pytest.mark.parametrize("lag", [1, 17, 63, 64])
def test_a_correlation_of_one_percent_shows_at_its_lag_in_a_million_bits(correlated_bits: Bits, lag: int) -> None:
    # z is 10 ± 1 there, and below 4.5 at the 63 other lags.
    result = autocorrelation(correlated_bits(3, 1_000_000, lag, 0.01))
    assert result.statistics["lag"] == lag
    assert result.coefficients[lag - 1] == pytest.approx(0.01, abs=4.5e-3)
    assert result.z[lag - 1] > 5.5
    assert result.p_value is not None
    assert result.p_value < 1e-6


def test_every_lag_brings_a_p_value_to_the_family(biased_bits: Bits) -> None:
    result = autocorrelation(biased_bits(4, 5000, 0.5), lags=3)
    assert list(result.family) == [f"autocorrelation lag {lag}" for lag in (1, 2, 3)]
    assert tuple(result.family.values()) == result.p_values
    assert result.p_value == min(1.0, 3 * min(result.p_values))
    for z, p_value in zip(result.z, result.p_values, strict=True):
        assert p_value == pytest.approx(math.erfc(abs(z) / math.sqrt(2)))


@pytest.mark.parametrize("bits", [np.zeros(1000, np.uint8), np.ones(1000, np.uint8), np.arange(1000) < 50])
def test_bits_that_hardly_vary_have_no_correlation_to_judge(bits: NDArray[np.uint8]) -> None:
    result = autocorrelation(bits)
    assert result.p_value is None
    assert result.family == {}
    assert "pairs of the rarer bit" in result.reason


def test_too_few_bits_and_senseless_lags_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 68 bits and got 67"):
        autocorrelation(np.zeros(67, np.uint8))
    with pytest.raises(ValueError, match="lags = 0"):
        autocorrelation(np.zeros(67, np.uint8), lags=0)
