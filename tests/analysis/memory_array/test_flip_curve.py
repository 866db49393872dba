"""The curve of an array: monotone, and turned round with its uncertainty."""

import numpy as np
import pytest

from mtjlab.analysis.memory_array import FlipCurve
from mtjlab.core import FitError

VOLTS = np.linspace(1.0, 1.4, 21)


def sigmoid(volts, middle):
    return 1 / (1 + np.exp(-40 * (np.asarray(volts) - middle)))


def measured(seed, trials, middles=(1.2, 1.16)):
    generator = np.random.default_rng(seed)
    return [generator.binomial(trials, sigmoid(VOLTS, middle)) / trials for middle in middles]


def test_the_fit_does_not_fall_and_stays_with_the_shares_where_they_do_not() -> None:
    zero, one = measured(1, 200)
    curve = FlipCurve.fit(VOLTS, zero, one, 200)
    assert np.all(np.diff(curve.from_zero) >= 0)
    assert np.all(np.diff(curve.from_one) >= 0)
    smooth = FlipCurve.fit(VOLTS, sigmoid(VOLTS, 1.2), sigmoid(VOLTS, 1.16), 10**9)
    assert smooth.from_zero == pytest.approx(sigmoid(VOLTS, 1.2))
    assert smooth.chances(1.2) == pytest.approx((0.5, float(sigmoid(1.2, 1.16))), abs=1e-9)


def test_what_falls_beyond_the_greatest_share_is_left_out() -> None:
    falls = np.where(VOLTS > 1.31, 0.2, sigmoid(VOLTS, 1.2))
    curve = FlipCurve.fit(VOLTS, falls, falls, 1000)
    assert curve.amplitudes[-1] == pytest.approx(1.3)
    assert curve.range[1] == pytest.approx(float(sigmoid(1.3, 1.2)))


@pytest.mark.parametrize("state", [0, 1, None])
def test_amplitudes_for_a_probability_have_the_uncertainty_that_their_scatter_has(state) -> None:
    truth = FlipCurve.fit(VOLTS, sigmoid(VOLTS, 1.2), sigmoid(VOLTS, 1.16), 10**9).amplitude_for(0.3, state).value
    found = [FlipCurve.fit(VOLTS, *measured(seed, 400), 400).amplitude_for(0.3, state) for seed in range(200)]
    pulls = np.array([(each.value - truth) / each.uncertainty for each in found])
    assert abs(pulls.mean()) < 4.5 / np.sqrt(200) + 0.2  # isotonic regression bends towards the data, a little
    assert 0.6 < pulls.std() < 1.4


def test_what_the_curve_does_not_reach_is_refused_with_its_range() -> None:
    curve = FlipCurve.fit(VOLTS[:6], sigmoid(VOLTS[:6], 1.2), sigmoid(VOLTS[:6], 1.16), 1000)
    with pytest.raises(ValueError, match=r"flip probability 0.9: the array has .* between 1 and 1.1 V"):
        curve.amplitude_for(0.9)
    with pytest.raises(FitError, match="rises over 1 amplitudes only"):
        FlipCurve.fit(VOLTS, 1 - sigmoid(VOLTS, 1.2), 1 - sigmoid(VOLTS, 1.2), 100)
    for bad in ((VOLTS[::-1], VOLTS * 0, VOLTS * 0), (VOLTS, VOLTS * 0 + 2, VOLTS * 0), (VOLTS, [0.1], [0.2])):
        with pytest.raises(ValueError, match=r"rising amplitudes|numbers from 0 to 1"):
            FlipCurve.fit(*bad, 100)
