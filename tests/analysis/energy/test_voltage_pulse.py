"""The energies of a pulse are those of the closed forms, of a numerical integral, and of the figures in the issue."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from mtjlab.analysis.energy.voltage_pulse import VoltagePulse, plate_capacitance
from mtjlab.analysis.junction.tunnel_resistance import TunnelResistance
from mtjlab.core import InputError

AREA = math.pi / 4 * (50e-9) ** 2
REFERENCE = TunnelResistance(100e-12 / AREA, tmr=1.0, half_bias=0.5)
"""RA 100 Ω·µm² on 50 nm."""


def integrated(pulse, junction, state):
    """Give ∫V²/R(V) dt of a trapezoid by quadrature, piece by piece."""
    flat = pulse.width - pulse.edge
    corners = np.cumsum([0.0, pulse.edge, flat, pulse.edge])
    levels = [pulse.base, pulse.top, pulse.top, pulse.base]

    def power(time):
        volts = np.interp(time, corners, levels)
        return volts**2 / float(junction.at(volts, state))

    return sum(quad(power, start, stop, epsabs=0, epsrel=1e-12)[0] for start, stop in pairwise(corners) if stop > start)


def test_the_reference_pillar_takes_44_femtojoules():
    pulse = VoltagePulse(1.5, 1e-9)
    assert pulse.heat(REFERENCE) == pytest.approx(44e-15, abs=0.5e-15)
    assert pulse.heat(REFERENCE) == pytest.approx(1.5**2 * 1e-9 * AREA / 100e-12)
    charge = pulse.charging(plate_capacitance(50e-9, 1.4e-9, 9.7))
    assert charge == pytest.approx(0.27e-15, abs=0.005e-15)


def test_pad_termination_and_read_take_what_their_closed_forms_say():
    pulse = VoltagePulse(1.5, 1e-9)
    assert pulse.charging(1e-12) == pytest.approx(2.3e-12, abs=0.05e-12)
    assert pulse.heat_in_resistor(50.0) == pytest.approx(45e-12)
    assert 200e-6 * REFERENCE.power(0.1, 0) == pytest.approx(39e-12, abs=0.5e-12)


@pytest.mark.parametrize("state", [0, 1])
@pytest.mark.parametrize(
    "pulse",
    [
        VoltagePulse(1.25, 10e-9, edge=1e-9, base=0.05),
        VoltagePulse(1.5, 1e-9, edge=50e-12),
        VoltagePulse(-1.5, 1e-9, edge=1e-9, base=0.1),  # a triangle of the other polarity, through zero
        VoltagePulse(0.3, 2e-9),
    ],
)
def test_edges_are_integrated_exactly(pulse, state):
    assert pulse.heat(REFERENCE, state) == pytest.approx(integrated(pulse, REFERENCE, state), rel=1e-9)


def test_a_trapezoid_in_a_resistor_counts_a_third_of_its_edges():
    pulse = VoltagePulse(2.0, 5e-9, edge=1e-9)
    assert pulse.heat_in_resistor(50.0) == pytest.approx(4.0 / 50 * (4e-9 + 2e-9 / 3))


def test_the_bias_of_the_pulse_and_not_of_the_read_sets_the_resistance():
    pulse = VoltagePulse(1.5, 1e-9)
    at_read = 1.5**2 * 1e-9 / float(REFERENCE.at(0.05, 1))
    # At 1.5 V a tenth of the magnetoresistance is left: 10/11 of the parallel state's heat, not 1/1.99.
    assert pulse.heat(REFERENCE, 1) == pytest.approx(pulse.heat(REFERENCE, 0) * 10 / 11)
    assert pulse.heat(REFERENCE, 1) > 1.8 * at_read


def test_a_junction_that_is_as_often_in_either_state_takes_the_mean():
    pulse = VoltagePulse(1.25, 10e-9, edge=1e-9)
    low, high = pulse.heat(REFERENCE, 1), pulse.heat(REFERENCE, 0)
    assert pulse.heat(REFERENCE, 0.5) == pytest.approx((low + high) / 2)


@pytest.mark.parametrize(
    "settings", [(1.0, 0.0), (1.0, 1e-9, 2e-9), (1.0, 1e-9, -1e-9), (math.nan, 1e-9), (1.0, math.inf)]
)
def test_impossible_pulses_are_refused(settings):
    with pytest.raises(InputError, match="expected"):
        VoltagePulse(*settings)


@pytest.mark.parametrize("wrong", [{"parallel": 0.0}, {"tmr": -0.1}, {"half_bias": 0.0}, {"parallel": math.inf}])
def test_impossible_junctions_are_refused(wrong):
    with pytest.raises(InputError, match="expected"):
        TunnelResistance(**{"parallel": 5e4, "tmr": 1.0, "half_bias": 0.5, **wrong})
