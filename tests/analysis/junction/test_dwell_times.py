"""Dwell times and the thermal stability they give."""

import numpy as np
import pytest

from mtjlab.analysis.junction.dwell_times import DwellTimes
from mtjlab.analysis.junction.thermal_stability import ThermalStability, brown_rate
from mtjlab.analysis.junction.watched_dwells import WatchedDwells, climb


def test_the_interval_holds_the_mean_as_often_as_it_says_with_dwells_cut_off():
    rng, held = np.random.default_rng(3), 0
    for _ in range(200):
        times = rng.exponential(1.0, 30)
        dwells = DwellTimes.fit(times[times < 1.5], np.full(np.count_nonzero(times >= 1.5), 1.5))
        held += dwells.interval[0] <= 1.0 <= dwells.interval[1]
    # The interval is conservative: at least 95 %, and no wider than it must (Cox: below 97 % at 23 escapes).
    assert 190 - 3 * np.sqrt(9.5) <= held <= 194 + 3 * np.sqrt(6)


def test_nothing_escaped_gives_a_lower_limit():
    dwells = DwellTimes.fit([], [100.0] * 10)
    # 2T/chi2(2; 0.975): no escape in 1,000 s
    assert dwells.interval == (pytest.approx(1000 / np.log(40)), np.inf)
    assert dwells.mean == np.inf


def test_the_goodness_is_uniform_for_exponential_dwells_and_small_for_others():
    rng = np.random.default_rng(4)
    p = np.sort([DwellTimes.fit(rng.exponential(2.0, 100)).p_value for _ in range(300)])
    assert np.abs(p - (np.arange(300) + 0.5) / 300).max() < 1.95 / np.sqrt(300)
    mixed = np.concatenate([rng.exponential(1.0, 100), rng.exponential(20.0, 100)])
    assert DwellTimes.fit(mixed).p_value < 1e-6


def test_browns_rate_is_near_the_slowest_eigenvalue():
    # λ1 (1+α²)/(αγBk) = .0056022 at Δ = 6, twice the rate of leaving one well (Fokker-Planck, issue's table).
    rate = float(brown_rate(6.0, 0.1, 0.0, 0.02)) * 2 * (1 + 0.02**2) / (0.02 * 1.76e11 * 0.1)
    assert rate == pytest.approx(0.0056022, rel=0.03)


def test_a_field_makes_one_well_deeper():
    deep, shallow = brown_rate(40.0, 0.17, [0.02, -0.02], 0.02)
    # Δ ((1 + h)² - (1 - h)²) = 4 Δ h, and the prefactors' ratio (1 + h)/(1 - h)
    h = 0.02 / 0.17
    barriers = 40 * np.array([(1 + h) ** 2, (1 - h) ** 2])
    expected = (1 + h) / (1 - h) * np.exp(barriers[1] - barriers[0]) * (1 - 1 / barriers[0]) / (1 - 1 / barriers[1])
    assert deep / shallow == pytest.approx(expected)


def watch(rng, rate, count, most=50, gap=0.02):
    """Watch a state for 50 reads at most, `count` times; give the times and gaps."""
    reads = np.minimum(rng.exponential(1 / rate, count) // gap, most)
    return reads * gap, np.where(reads < most, gap, 0.0)


def test_stability_and_anisotropy_lie_within_their_errors():
    rng, held = np.random.default_rng(6), np.zeros(3)
    truth = np.array([45.0, 0.1726, 0.002])
    # From fields in which nothing happens in a second to those in which a read is as long as a dwell.
    sizes = np.array([0.045, 0.05, 0.055, 0.06, 0.065])
    for _ in range(60):
        rows = []
        for state, sign in ((0, 1), (1, -1)):
            for field in -sign * sizes:
                rate = float(brown_rate(truth[0], truth[1], sign * (field + truth[2]), 0.02))
                rows += [(field, state, *times) for times in zip(*watch(rng, rate, 30), strict=True)]
        fit = ThermalStability.fit(*np.array(rows).T, 0.02)
        intervals = [fit.stability.interval, fit.anisotropy_field.interval, fit.offset.interval]
        held += [low <= value <= high for value, (low, high) in zip(truth, intervals, strict=True)]
    assert (np.abs(held - 57) <= 3 * np.sqrt(60 * 0.95 * 0.05)).all(), held


def test_dwells_that_did_not_end_count():
    """A field in which nothing happened steepens the law: leaving it out would say that Δ is lower."""
    rng = np.random.default_rng(3)
    rows = []
    for size, count in ((0.05, 10), (0.055, 10), (0.06, 10)):
        for state, sign in ((0, 1), (1, -1)):
            rate = float(brown_rate(45.0, 0.1726, -size, 0.02))
            rows += [(-sign * size, state, *times) for times in zip(*watch(rng, rate, count), strict=True)]
    quiet = [(-sign * 0.03, state, 1000.0, 0.0) for state, sign in ((0, 1), (1, -1))]
    without = ThermalStability.fit(*np.array(rows).T, 0.02).stability
    knowing = ThermalStability.fit(*np.array(rows + quiet).T, 0.02).stability
    assert knowing.value > without.value
    assert knowing.uncertainty < without.uncertainty


def test_the_likeliest_rate_is_that_of_the_reads():
    # All reads as long as the dwell: of 1,000 reads 632 find the state left, k·gap = -ln(1 - .632).
    dwells = WatchedDwells.of(np.zeros(1000), np.repeat([1.0, 0.0], [632, 368]) * 0.5)
    assert dwells.escapes == 632
    dwells = WatchedDwells.of(np.repeat([0.0, 0.5], [632, 368]), np.repeat([0.5, 0.0], [632, 368]))
    best, information = climb(dwells, lambda p: p[0] * np.ones(1000), np.array([0.0]))
    assert np.exp(best[0]) == pytest.approx(-np.log(1 - 0.632) / 0.5)
    # Binomial: the variance of k·gap is p/(n (1 - p)).
    assert 1 / information[0, 0] == pytest.approx(0.632 / (1000 * 0.368) / np.log(1 - 0.632) ** 2, rel=1e-3)


def test_too_few_dwells_are_refused():
    with pytest.raises(ValueError, match="go closer to the switching field"):
        ThermalStability.fit([0.01] * 3, [0] * 3, [1.0] * 3, [0.1] * 3, 0.02)
    with pytest.raises(ValueError, match="positive and finite"):
        DwellTimes.fit([0.0])
    with pytest.raises(ValueError, match="negative"):
        WatchedDwells.of([1.0, -1.0], [0.0, 0.0])
    with pytest.raises(ValueError, match="as many of each"):
        WatchedDwells.of([1.0], [0.0, 0.0])
