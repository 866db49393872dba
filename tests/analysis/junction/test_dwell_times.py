"""Dwell times and the thermal stability they give."""

import numpy as np
import pytest

from mtjlab.analysis.junction.dwell_times import DwellTimes
from mtjlab.analysis.junction.thermal_stability import ThermalStability, brown_rate


def test_the_interval_holds_the_mean_as_often_as_it_says_with_dwells_cut_off():
    rng, held = np.random.default_rng(3), 0
    for _ in range(400):
        times = rng.exponential(1.0, 30)
        dwells = DwellTimes.fit(times[times < 1.5], np.full(np.count_nonzero(times >= 1.5), 1.5))
        held += dwells.interval[0] <= 1.0 <= dwells.interval[1]
    # The interval is conservative: at least 95 %, and no wider than it must (Cox: below 97 % at 23 escapes).
    assert 380 - 3 * np.sqrt(19) <= held <= 388 + 3 * np.sqrt(12)


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


def test_stability_and_anisotropy_lie_within_their_errors():
    rng, held = np.random.default_rng(6), np.zeros(3)
    truth = np.array([45.0, 0.1726, 0.002])
    applied = np.repeat([-0.085, -0.08, -0.075, -0.07], 2) * np.tile([1, -1], 4)
    states = np.tile([0, 1], 4)
    for _ in range(200):
        rates = brown_rate(truth[0], truth[1], (1 - 2 * states) * (applied + truth[2]), 0.02)
        means = np.array([rng.exponential(1 / rate, 200).mean() for rate in rates])
        fit = ThermalStability.fit(applied, states, means, np.full(8, 200), 0.02)
        intervals = [fit.stability.interval, fit.anisotropy_field.interval, fit.offset.interval]
        held += [low <= value <= high for value, (low, high) in zip(truth, intervals, strict=True)]
    assert (np.abs(held - 190) <= 3 * np.sqrt(9.5)).all(), held


def test_too_few_dwells_are_refused():
    with pytest.raises(ValueError, match="go closer to the switching field"):
        ThermalStability.fit([0.01] * 3, [0] * 3, [1.0] * 3, [5] * 3, 0.02)
    with pytest.raises(ValueError, match="positive and finite"):
        DwellTimes.fit([0.0])
