"""The tunnel magnetoresistance falls with bias."""

import numpy as np
import pytest

from mtjlab.analysis.junction.bias_dependence import BiasDependence, resistance
from mtjlab.analysis.junction.tilt import Tilt
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.readout import Readout


def readings(seed, *, parallel=50e3, tmr=1.0, half_bias=0.5, noise=2e-8):
    # The procedure's order: both polarities of each bias, either state under each.
    volts = np.repeat(np.linspace(0.02, 0.4, 20), 4) * np.tile([1, 1, -1, -1], 20)
    states = np.tile([0, 1], 40)
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


def test_a_law_that_does_not_hold_has_no_goodness():
    # A barrier of which a parallel share conducts with the cube of the voltage, as a leak through defects does.
    volts, currents, states, errors = readings(3)
    assert BiasDependence.fit(volts, currents + 6e-6 * volts**3, states, errors).p_value < 1e-3


def test_the_fitted_curves_are_those_of_the_readings():
    volts, currents, states, errors = readings(4)
    fit = BiasDependence.fit(volts, currents, states, errors)
    both = np.where(states == 0, *fit.resistances(volts))
    z = (currents - volts / both) / errors
    # 80 readings and four parameters: chi-square of 76, four standard deviations of 12.
    assert abs(z @ z - 76) < 4 * np.sqrt(2 * 76)


def test_tilted_states_give_the_numbers_of_untilted_ones():
    # The simulated device integrates over its own landscape, with the torque by its own constants; no noise.
    device = Device()
    readout = Readout(device)
    volts = np.concatenate([-np.linspace(0.15, 0.015, 10), np.linspace(0.015, 0.15, 10)])
    ohms = np.array([readout.levels(float(each)) for each in volts])
    volts, states = np.tile(volts, 2), np.repeat([0, 1], 20)
    currents = volts / ohms.T.ravel()
    anisotropy, less = device.anisotropy_field(0.0), device.anisotropy_field(0.1)
    tilt = Tilt(device.thermal_stability, device.in_plane_field / anisotropy, 0.1 * anisotropy / (anisotropy - less))
    fit = BiasDependence.fit(volts, currents, states, np.full(40, 1e-12), tilt)
    assert fit.tmr.value == pytest.approx(device.tmr, rel=2e-4)
    assert fit.half_bias.value == pytest.approx(device.tmr_bias, rel=5e-4)
    assert fit.parallel.value == pytest.approx(device.resistance_parallel, rel=1e-4)
    tilted = BiasDependence.fit(volts, currents, states, np.full(40, 1e-12))
    assert tilted.tmr.value < 0.98 * device.tmr


def test_a_layer_that_a_bias_frees_is_said_to():
    with pytest.raises(ValueError, match="a state needs more than 2"):
        Tilt(45.0, 0.0, 0.2).cosines(np.array([0.1, 0.195]))


def test_a_device_that_did_not_switch_is_said_to():
    for seed in range(30):
        volts, currents, states, errors = readings(seed, tmr=1e-9)
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
