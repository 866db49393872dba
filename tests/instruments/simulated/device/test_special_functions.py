"""What is reckoned here to load faster is what scipy reckons."""

import numpy as np
import pytest
from scipy import constants as scipys
from scipy.special import ellipe, ellipk, ive
from scipy.stats import binomtest

from mtjlab.core import constants
from mtjlab.instruments.simulated.device.special_functions import demagnetising_factor, scaled_i0
from mtjlab.instruments.simulated.macrospin.switching_probability import CountedProbability


def test_constants_of_nature_are_the_sis_and_codatas() -> None:
    ours = (constants.BOLTZMANN, constants.ELEMENTARY_CHARGE, constants.REDUCED_PLANCK, constants.VACUUM_PERMEABILITY)
    # μ0 is measured, and moves a little from one CODATA to the next.
    assert ours == pytest.approx((scipys.k, scipys.e, scipys.hbar, scipys.mu_0), rel=1e-9)


def test_the_scaled_bessel_function_from_zero_to_any_size() -> None:
    x = np.concatenate(([0.0], np.geomspace(1e-9, 1e9, 4001), [500.0, np.nextafter(500.0, 501.0)]))
    np.testing.assert_allclose(scaled_i0(x), ive(0, x), rtol=1e-12)


@pytest.mark.parametrize("aspect", [0.01, 0.022, 0.3, 1.0, 3.0])
def test_a_cylinders_demagnetising_factor_is_nagaokas(aspect: float) -> None:
    modulus = 1 / np.hypot(1, aspect)
    k, e, other = ellipk(modulus**2), ellipe(modulus**2), aspect * modulus
    solenoid = 4 / (3 * np.pi * other) * ((other / modulus) ** 2 * (k - e) + e - modulus)
    assert demagnetising_factor(aspect, 1.0) == pytest.approx(1 - solenoid, rel=1e-12)


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (10, 10), (3, 7), (497, 1000), (1, 10**9)])
def test_the_interval_of_a_probability_is_wilsons(successes: int, trials: int) -> None:
    estimate, wilson = (
        CountedProbability.of(successes, trials),
        binomtest(successes, trials).proportion_ci(method="wilson"),
    )
    assert (estimate.low, estimate.high) == pytest.approx((wilson.low, wilson.high), rel=1e-6, abs=1e-12)
    with pytest.raises(ValueError, match=r"11 of 10 trials cannot have succeeded: give 0 to 10"):
        CountedProbability.of(11, 10)
