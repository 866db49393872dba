"""A share of ones that changes along the stream."""

import numpy as np
import pytest
from scipy.stats import binom, ks_2samp

from mtjlab.analysis.randomness import assess
from mtjlab.analysis.randomness import drift_of_ones as module
from mtjlab.analysis.randomness.drift_of_ones import drift_of_ones


def test_it_is_the_test_of_kolmogorov_and_smirnov_of_the_places_of_ones_against_zeros() -> None:
    bits = np.random.default_rng(5).random(3000) < np.linspace(0.45, 0.55, 3000)
    ones, zeros = np.flatnonzero(bits), np.flatnonzero(~bits)
    reference = ks_2samp(ones, zeros, method="asymp")
    found = drift_of_ones(bits)
    assert found.statistics["scaled"] == pytest.approx(reference.statistic * (ones.size * zeros.size / 3000) ** 0.5)
    # Of the places, scipy tells the one where the difference is largest.
    assert found.statistics["place"] - 1 == reference.statistic_location
    assert found.p_value == pytest.approx(reference.pvalue, rel=0.05)


def test_fair_bits_fail_no_more_often_than_the_level_and_hardly_less() -> None:
    generator, level, files = np.random.default_rng(6), 0.05, 2000
    alarms = sum(drift_of_ones(generator.integers(0, 2, 4000)).p_value <= level for _ in range(files))
    assert binom.ppf(1e-4, files, 0.7 * level) <= alarms <= binom.ppf(1 - 1e-4, files, level)


def test_a_drift_around_one_half_fails_by_it_alone() -> None:
    # 1 % up to the end of a million: the excess of the first half is 5 standard deviations, the share of all is fair.
    bits = np.random.default_rng(7).random(1_000_000) < 0.5 + 0.006 * np.linspace(-1, 1, 1_000_000)
    assessment = assess(bits)
    assert assessment.decision.rejected == {"drift"}
    found = assessment["drift"].statistics
    assert 300_000 < found["place"] < 700_000
    assert found["deviation"] == pytest.approx(-0.006 * 1_000_000 / 4, abs=4.5 * 500)  # the integral of the drift


def test_of_a_long_stream_every_so_manieth_place_is_looked_at(monkeypatch) -> None:
    bits = np.random.default_rng(7).random(30_007) < np.linspace(0.45, 0.55, 30_007)
    exact = drift_of_ones(bits).statistics
    monkeypatch.setattr(module, "MOST_BLOCKS", 1000)
    found = drift_of_ones(bits).statistics
    assert found["place"] % 32 == 0  # 30,007 / 32 < 1,000
    sums = np.cumsum(bits) - np.arange(1, 30_008) * bits.mean()
    assert found["deviation"] == pytest.approx(sums[found["place"] - 1])
    assert abs(exact["deviation"]) - 32 < abs(found["deviation"]) <= abs(exact["deviation"])


def test_a_stream_of_nearly_one_value_says_why_it_does_not_apply() -> None:
    assert drift_of_ones(np.ones(5000, np.uint8)).reason == "5,000 ones and 0 zeros: 100 of each are needed"
