"""Least squares for readings that scatter unequally and remember each other: closed forms, counted intervals."""

import math

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.noisy_fit import NoisyFit
from mtjlab.core import FitError

AT = np.linspace(-1.0, 1.0, 60)
LINE = np.stack([np.ones_like(AT), AT], axis=1)


def noise(seed, rho=0.0, size=AT.size):
    """Give a first-order autoregressive series of unit variance."""
    rng = np.random.default_rng(seed)
    found = np.empty(size)
    found[0] = rng.normal()
    for k in range(1, size):
        found[k] = rho * found[k - 1] + math.sqrt(1 - rho**2) * rng.normal()
    return found


def test_a_line_without_noise_is_found_exactly():
    found = NoisyFit.linear(LINE, LINE @ [2.0, -3.0])
    np.testing.assert_allclose(found.values, [2.0, -3.0])
    assert found.freedom == 58
    assert found.chi_square == pytest.approx(0.0, abs=1e-20)
    assert found.autocorrelation == 0.0


def test_white_noise_has_the_errors_of_the_textbook():
    readings = LINE @ [2.0, -3.0] + 0.1 * noise(2)
    found = NoisyFit.linear(LINE, readings, np.ones_like(AT))
    expected, *_ = np.linalg.lstsq(LINE, readings, rcond=None)
    np.testing.assert_allclose(found.values, expected, rtol=1e-6)
    off = readings - LINE @ expected
    textbook = off @ off / 58 * np.linalg.inv(LINE.T @ LINE)
    # Widened by Student's factor of 58 degrees of freedom, 2.0017 over 1.96.
    np.testing.assert_allclose(np.diag(found.covariance), np.diag(textbook) * (2.00172 / 1.959964) ** 2, rtol=1e-4)


def test_errors_are_weights_and_not_the_size_of_the_noise():
    readings = LINE @ [1.0, 1.0] + 0.05 * noise(3)
    errors = np.where(AT < 0, 1.0, 3.0)
    one, ten = (NoisyFit.linear(LINE, readings, factor * errors) for factor in (1.0, 10.0))
    np.testing.assert_allclose(one.values, ten.values, rtol=1e-9)
    np.testing.assert_allclose(one.covariance, ten.covariance, rtol=1e-6)


def test_noise_that_remembers_makes_the_mean_less_certain():
    """Of a first-order process the mean's variance is (1 + ρ)/(1 - ρ) times that of white noise."""
    design, rho = np.ones((2000, 1)), 0.6
    found = NoisyFit.linear(design, noise(4, rho, 2000))
    assert found.autocorrelation == pytest.approx(rho, abs=0.06)
    white = 1 / 2000
    assert found.covariance[0, 0] == pytest.approx(white * (1 + rho) / (1 - rho), rel=0.25)


def test_white_noise_is_not_taken_for_one_that_remembers():
    taken = [NoisyFit.linear(LINE, noise(seed)).autocorrelation != 0 for seed in range(200)]
    assert np.mean(taken) < 0.12  # two standard errors of 1/√60: one in twenty


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_intervals_hold_the_truth(rho):
    """Of 200 series: 95 %, with a binomial error of 1.5 %; the autocorrelation is found from each."""
    held = 0
    for seed in range(200):
        low, high = NoisyFit.linear(LINE, LINE @ [1.0, 2.0] + noise(1000 + seed, rho)).quantity(1, "1").interval
        held += low <= 2.0 <= high
    assert 0.88 <= held / 200 <= 0.99


def test_a_combination_has_the_variance_of_the_sum():
    found = NoisyFit.linear(LINE, LINE @ [1.0, 2.0] + 0.1 * noise(5), np.ones_like(AT))
    whole = found.combination(np.array([1.0, -1.0]), "V")
    c = found.covariance
    assert whole.value == pytest.approx(found.values[0] - found.values[1])
    assert whole.uncertainty == pytest.approx(math.sqrt(c[0, 0] + c[1, 1] - 2 * c[0, 1]))
    scaled = found.quantity(1, "mV", 1e3)
    assert (scaled.value, scaled.unit) == (pytest.approx(1e3 * found.values[1]), "mV")
    assert scaled.uncertainty == pytest.approx(1e3 * math.sqrt(c[1, 1]))


def test_slopes_that_are_given_find_what_differences_find():
    readings = np.exp(-1.3 * AT) + 0.01 * noise(6)

    def model(p):
        return np.exp(-p[0] * AT)

    given = NoisyFit.fit(model, readings, np.array([1.0]), slopes=lambda p: (-AT * model(p))[:, None])
    found = NoisyFit.fit(model, readings, np.array([1.0]))
    assert given.values[0] == pytest.approx(found.values[0], rel=1e-5)
    assert given.values[0] == pytest.approx(1.3, abs=4 * given.quantity(0, "1").uncertainty)


def test_what_can_not_be_fitted_is_refused():
    with pytest.raises(FitError, match="2 readings do not determine 2 parameters"):
        NoisyFit.linear(LINE[:2], AT[:2])
    with pytest.raises(FitError, match="some readings are no numbers: the contact is open"):
        NoisyFit.linear(LINE, np.where(AT > 0.5, np.nan, AT))
