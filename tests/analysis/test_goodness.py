"""A poor fit says so, and its uncertainties are wider."""

import math

import numpy as np

from mtjlab.analysis.goodness import POOR, Goodness, poor_fits
from mtjlab.analysis.junction.thermal_stability import ThermalStability, brown_rate
from mtjlab.core import Quantity


def test_the_uncertainties_of_a_poor_fit_grow_by_birges_ratio():
    assert Goodness.of(160.0, 10).widening == 4.0


def test_a_fit_of_a_true_model_is_poor_once_in_a_thousand():
    chi_squares = np.random.default_rng(1).chisquare(12, 20_000)
    poor = sum(Goodness.of(each, 12).widening > 1 for each in chi_squares)
    # Poisson: 20 ± 4.5.
    assert 5 <= poor <= 38


def test_only_a_goodness_below_the_mark_is_warned_of():
    results = {"goodness of Sharrock's law (p)": Quantity(0.9 * POOR), "goodness (p)": Quantity(0.2)}
    results |= {"TMR": Quantity(0.0, 0.1, "1"), "goodness of one rate (p)": Quantity(math.nan)}
    (words,) = poor_fits(results)
    assert words.startswith("goodness of Sharrock's law (p) = 0.0009")


def dwells(seed, extra):
    """Dwell times by Brown's rates of Δ = 40 and Bk = 170 mT, and of which every other field has another rate."""
    rng, rows = np.random.default_rng(seed), []
    for index, size in enumerate(np.linspace(0.07, 0.085, 6)):
        for state in (0, 1):
            rate = float(brown_rate(40.0, 0.17, -size, 0.02)) * extra ** (index % 2)
            rows += [((2 * state - 1) * size, state, each, 1e-6 / rate) for each in rng.exponential(1 / rate, 40)]
    return np.array(rows).T


def test_dwell_times_of_another_law_widen_the_stability():
    law = ThermalStability.fit(*dwells(1, 1.0), 0.02)
    other = ThermalStability.fit(*dwells(1, 2.5), 0.02)
    assert law.p_value > POOR > other.p_value
    assert other.stability.uncertainty > 1.5 * law.stability.uncertainty
