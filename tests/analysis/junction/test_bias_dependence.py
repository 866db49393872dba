"""The tunnel magnetoresistance falls with bias."""

import numpy as np
import pytest

from mtjlab.analysis.junction.bias_dependence import BiasDependence, resistance


def readings(seed, *, parallel=50e3, tmr=1.0, half_bias=0.5, noise=2e-8):
    volts = np.tile(np.concatenate([-np.linspace(0.4, 0.02, 20), np.linspace(0.02, 0.4, 20)]), 2)
    states = np.repeat([0, 1], 40)
    errors = np.full(80, noise)
    currents = volts / resistance(states, volts, parallel, tmr, half_bias)
    return volts, currents + np.random.default_rng(seed).normal(0, errors), states, errors


def test_at_the_half_bias_the_magnetoresistance_is_half():
    parallel, antiparallel = resistance([0, 1], 0.5, 50e3, 1.2, 0.5)
    assert antiparallel / parallel - 1 == pytest.approx(0.6)


def test_intervals_hold_the_truth_as_often_as_they_say():
    truths = {"parallel": 50e3, "tmr": 1.0, "half_bias": 0.5}
    held = dict.fromkeys(truths, 0)
    p_values = []
    for seed in range(200):
        fit = BiasDependence.fit(*readings(seed))
        p_values.append(fit.p_value)
        for name, truth in truths.items():
            low, high = getattr(fit, name).interval
            held[name] += low <= truth <= high
    # Binomial: 190 of 200, three standard deviations of 3.1.
    assert all(abs(count - 190) <= 9 for count in held.values()), held
    # The goodness is uniform where the model holds: Kolmogorov's 1 in 1000 for 200.
    ordered = np.sort(p_values)
    assert np.abs(ordered - (np.arange(200) + 0.5) / 200).max() < 1.95 / np.sqrt(200)


def test_a_device_that_did_not_switch_is_said_to():
    volts, currents, states, errors = readings(1, tmr=1e-9)
    with pytest.raises(ValueError, match="no magnetoresistance"):
        BiasDependence.fit(volts, currents, states, errors)


def test_an_open_device_is_said_to_be():
    volts, _, states, errors = readings(1)
    with pytest.raises(ValueError, match="open"):
        BiasDependence.fit(volts, np.random.default_rng(1).normal(0, 1e-12, 80), states, errors)


def test_one_state_only_is_refused():
    volts, currents, _, errors = readings(1)
    with pytest.raises(ValueError, match="three of each state"):
        BiasDependence.fit(volts, currents, np.zeros(80), errors)
