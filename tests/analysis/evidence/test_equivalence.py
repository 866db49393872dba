"""Two one-sided tests: their level, and the power that is promised."""

import numpy as np
import pytest
from scipy import stats

from mtjlab.analysis.evidence.equivalence import MeanDifference, equivalence_power, least_margin, seeds_needed


def called_equivalent(difference, margin, seeds, *, paired, rounds=4000):
    """Share of simulated pairs of arms, deviation 1, that are shown to be equivalent."""
    random = np.random.default_rng(1)
    a, b = random.standard_normal((2, rounds, seeds))
    found = [
        MeanDifference.of(x, y + difference, paired=paired).equivalence_p(margin) for x, y in zip(a, b, strict=True)
    ]
    return np.mean(np.array(found) < 0.05)


@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize(("difference", "margin", "seeds"), [(0.0, 2.4, 5), (0.8, 2.4, 5), (0.0, 1.1, 20)])
def test_the_power_is_that_of_simulated_arms(difference, margin, seeds, paired):
    expected = equivalence_power(margin, 1.0, seeds, difference=difference, paired=paired)
    found = called_equivalent(difference, margin, seeds, paired=paired)
    assert found == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 4000))


@pytest.mark.parametrize("paired", [False, True])
def test_arms_that_differ_by_the_margin_are_called_equivalent_in_one_of_twenty_at_most(paired):
    found = called_equivalent(2.4, 2.4, 5, paired=paired)
    assert found < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 4000)
    assert equivalence_power(2.4, 1.0, 5, difference=2.4, paired=paired) <= 0.0501


def test_a_power_of_nine_tenths_takes_2_33_deviations_with_5_seeds_and_1_06_with_20():
    # Rounded up, the 2.4 and 1.1 below which a comparison has no power.
    assert least_margin(1.0, 5) == pytest.approx(2.326, abs=2e-3)
    assert least_margin(1.0, 20) == pytest.approx(1.060, abs=2e-3)
    assert least_margin(1.0, 5, paired=True) == pytest.approx(2.567, abs=2e-3)
    assert equivalence_power(2.4, 1.0, 5) > 0.9 > equivalence_power(2.3, 1.0, 5)


def test_the_paired_power_is_owens_integral():
    # Computed once more by scipy's quadrature over the chi distribution.
    from scipy import integrate

    margin, seeds = 2.0, 7
    error, quantile = np.sqrt(2 / seeds), stats.t.ppf(0.95, seeds - 1)

    def integrand(u):
        inside = stats.norm.cdf(margin / error - quantile * u) - stats.norm.cdf(-margin / error + quantile * u)
        return inside * stats.chi.pdf(u * np.sqrt(seeds - 1), seeds - 1) * np.sqrt(seeds - 1)

    expected, _ = integrate.quad(integrand, 0, margin / error / quantile)
    assert equivalence_power(margin, 1.0, seeds, paired=True) == pytest.approx(expected, abs=1e-6)


def test_the_seeds_needed_are_the_fewest_with_that_power():
    seeds = seeds_needed(1.1, 1.0)
    assert equivalence_power(1.1, 1.0, seeds) >= 0.9 > equivalence_power(1.1, 1.0, seeds - 1)
    assert seeds_needed(1.1, 1.0, difference=0.5) > seeds
    assert seeds_needed(1.1, 1.0, difference=1.1) is None
    # Many seeds: 2 (z_95 + z_95)^2 (deviation / margin)^2.
    assert seeds_needed(0.05, 1.0) == pytest.approx(2 * (2 * 1.645) ** 2 / 0.05**2, rel=5e-3)


def test_welchs_test_and_the_paired_one_are_scipys():
    a, b = np.array([4.1, 4.3, 4.0, 4.2]), np.array([4.4, 4.2, 4.3, 4.6])
    for paired, peer in ((False, stats.ttest_ind(b, a, equal_var=False)), (True, stats.ttest_rel(b, a))):
        found = MeanDifference.of(a, b, paired=paired)
        interval = peer.confidence_interval(0.9)
        assert found.difference_p() == pytest.approx(peer.pvalue)
        assert found.interval(0.9) == pytest.approx((interval.low, interval.high))
        assert found.degrees == pytest.approx(peer.df)
    better = stats.ttest_ind(b, a, equal_var=False, alternative="less").pvalue
    assert MeanDifference.of(a, b, paired=False).lower_p() == pytest.approx(better)


def test_equivalent_means_that_the_90_percent_interval_lies_within_the_margin():
    found = MeanDifference.of([1.0, 1.1, 0.9, 1.05], [1.1, 1.15, 0.95, 1.2], paired=False)
    low, high = found.interval(0.9)
    assert found.equivalence_p(1.001 * max(-low, high)) < 0.05 < found.equivalence_p(0.999 * max(-low, high))


def test_arms_of_another_number_of_seeds_are_refused():
    with pytest.raises(ValueError, match="3 seeds in one arm and 2 in the other"):
        MeanDifference.of([1, 2, 3], [1, 2], paired=False)
    with pytest.raises(ValueError, match="margin = 0"):
        equivalence_power(0.0, 1.0, 5)
