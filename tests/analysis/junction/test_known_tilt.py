"""A layer that is not upright, behind leads: what of it is not known is part of the uncertainty."""

import numpy as np
import pytest

from mtjlab.analysis.junction.bias_dependence import BiasDependence
from mtjlab.analysis.junction.hysteresis_loop import HysteresisLoop
from mtjlab.analysis.junction.known_tilt import KnownTilt
from mtjlab.analysis.junction.tilt import Tilt

VOLTS = np.repeat(np.linspace(0.02, 0.2, 10), 4) * np.tile([1, 1, -1, -1], 10)
STATES = np.tile([0, 1], 20)


def resistances(states, volts, tilt, torque, leads, *, parallel=50e3, tmr=1.0, half_bias=0.5):
    """Resistance of a junction whose conductance is linear in cos θ, its TMR halved at `half_bias`."""
    along, against = tilt.cosines(volts, torque)
    ratio = tmr / (1 + (volts / half_bias) ** 2)
    cosine = np.where(states == 0, along, -against)
    return parallel * (1 + ratio) / (1 + ratio * (1 + cosine) / 2) + leads


def devices(count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        cancelling = rng.uniform(0.9, 3) * rng.choice([-1, 1])
        tilt = Tilt(rng.uniform(25, 80), rng.uniform(0, 0.3), cancelling)
        yield tilt, rng.uniform(-0.8, 0.8), rng.uniform(0, 120), rng


def readings(tilt, torque, leads, rng, relative=2e-4):
    currents = VOLTS / resistances(STATES, VOLTS, tilt, torque, leads)
    errors = relative * np.abs(currents)
    return currents + rng.normal(0, errors), errors


def test_intervals_hold_the_upright_layers_numbers_whatever_the_tilt():
    held = dict.fromkeys(("tmr", "half_bias", "parallel"), 0)
    for tilt, torque, leads, rng in devices(16, seed=5):
        currents, errors = readings(tilt, torque, leads, rng)
        fit = BiasDependence.fit(VOLTS, currents, STATES, errors, KnownTilt.of())
        for name, truth in (("tmr", 1.0), ("half_bias", 0.5), ("parallel", 50e3)):
            low, high = getattr(fit, name).interval
            held[name] += low <= truth <= high
        assert fit.tmr.uncertainty < 0.05
    # Binomial: 15.2 of 16; 11 or fewer come once in a thousand.
    assert min(held.values()) >= 12, held


def test_the_uncertainty_of_what_is_told_is_in_that_of_the_magnetoresistance():
    rng = np.random.default_rng(2)
    tilt = Tilt(45.0, 0.148, 1.3)
    currents, errors = readings(tilt, 0.4, 100.0, rng)
    # A retention run tells Δ and Hx/Bk; these are off by their own standard uncertainties of 20 %.
    told = {"stability": 54.0, "tilting": 0.118, "cancelling": 1.3, "leads": 100.0}
    exact = dict.fromkeys(("stability_error", "tilting_error", "cancelling_error", "leads_error"), 0.0)
    uncertain = BiasDependence.fit(VOLTS, currents, STATES, errors, KnownTilt.of(**told)).tmr
    taken_as_exact = BiasDependence.fit(VOLTS, currents, STATES, errors, KnownTilt.of(**told, **exact)).tmr
    assert abs(uncertain.value - 1) < 2 * uncertain.uncertainty
    assert abs(taken_as_exact.value - 1) > 5 * taken_as_exact.uncertainty


def test_upright_states_that_do_not_fit_have_wider_uncertainties():
    rng = np.random.default_rng(3)
    currents, errors = readings(Tilt(45.0, 0.148, 1.3), 0.4, 0.0, rng)
    fit = BiasDependence.fit(VOLTS, currents, STATES, errors)
    assert fit.p_value < 1e-3
    assert fit.tmr.value == pytest.approx(0.966, abs=0.01)


def test_a_loops_resistances_are_those_of_the_upright_layer():
    held = 0
    for tilt, _, leads, rng in devices(60, seed=7):
        up = np.linspace(-0.1, 0.1, 101)
        fields = np.broadcast_to(np.stack([up, up[::-1]]), (5, 2, 101))
        high = np.stack([up < 0.03, up[::-1] < -0.03]).astype(int)
        clean = resistances(high.ravel(), np.full(high.size, 0.02), tilt, 0.0, leads).reshape(high.shape)
        loop = HysteresisLoop.analyse(fields, clean * (1 + 2e-3 * rng.standard_normal(fields.shape)))
        *_, tmr = loop.upright(KnownTilt.of(), 0.02)
        low, upper = tmr.interval
        held += low <= 1 / (1 + (0.02 / 0.5) ** 2) <= upper
        assert loop.tmr.value < tmr.value
    # Binomial: 57 of 60 with a standard deviation of 1.7; 50 or fewer come once in ten thousand.
    assert held > 50


def test_with_four_wires_no_leads_are_read():
    assert KnownTilt.of(four_wires=True).at(np.zeros(3), 0.1)[1] == 0.0
