"""Resistance follows the angle and the bias; the current carries Johnson noise."""

import numpy as np
import pytest
from scipy.constants import Boltzmann
from scipy.stats import chi2, norm

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.readout import Readout

DEVICE = Device()
PARALLEL = DEVICE.resistance_parallel


def test_the_parallel_resistance_does_not_depend_on_the_bias() -> None:
    voltages = np.linspace(-1.5, 1.5, 7)
    np.testing.assert_allclose(Readout(DEVICE).resistance(0.0, voltages), PARALLEL, rtol=1e-12)


def test_the_antiparallel_resistance_is_higher_by_tmr_at_zero_bias_and_by_half_of_it_at_vh() -> None:
    readout = Readout(DEVICE)
    assert readout.resistance(np.pi, 0.0) == pytest.approx(PARALLEL * (1 + DEVICE.tmr), rel=1e-12)
    assert readout.resistance(np.pi, DEVICE.tmr_bias) == pytest.approx(PARALLEL * (1 + DEVICE.tmr / 2), rel=1e-12)
    assert readout.resistance(np.pi, -DEVICE.tmr_bias) == readout.resistance(np.pi, DEVICE.tmr_bias)


def test_crossed_layers_conduct_by_the_mean_of_both_conductances() -> None:
    # Slonczewski, Phys. Rev. B 39, 6995 (1989): the conductance of a tunnel junction is linear in the cosine.
    for voltage in (0.0, 0.3):
        parallel, crossed, antiparallel = 1 / Readout(DEVICE).resistance([0, np.pi / 2, np.pi], voltage)
        assert crossed == pytest.approx((parallel + antiparallel) / 2, rel=1e-12)


@pytest.mark.parametrize("state", [0, 1])
def test_the_variance_of_the_current_is_4ktb_over_r(state: int) -> None:
    count, bandwidth, voltage = 200_000, 1e6, 0.1
    readout = Readout(DEVICE, Effects(["johnson"]))
    resistance = float(readout.resistance(np.pi * state, voltage))
    currents = readout.current(np.full(count, state), voltage, bandwidth, np.random.default_rng(1 + state))
    expected = 4 * Boltzmann * 300 * bandwidth / resistance
    low, high = chi2.ppf([norm.sf(4), norm.cdf(4)], count - 1) / (count - 1)
    assert low < currents.var(ddof=1) / expected < high
    assert currents.mean() == pytest.approx(voltage / resistance, abs=4 * np.sqrt(expected / count))


def test_without_bandwidth_the_current_is_ohms_law() -> None:
    states = np.array([[0, 1], [1, 0]], np.uint8)
    currents = Readout(DEVICE, Effects()).current(states, -0.1, 0.0, np.random.default_rng(0))
    high = PARALLEL * (1 + 1 / 1.04)
    np.testing.assert_allclose(currents, [[-0.1 / PARALLEL, -0.1 / high], [-0.1 / high, -0.1 / PARALLEL]], rtol=1e-12)


def test_impossible_reads_are_refused() -> None:
    readout, rng = Readout(DEVICE), np.random.default_rng(0)
    with pytest.raises(ValueError, match="bandwidth -1"):
        readout.current([0], 0.1, -1.0, rng)
    with pytest.raises(ValueError, match="read voltage inf"):
        readout.current([0], float("inf"), 1.0, rng)
    with pytest.raises(ValueError, match="state 3"):
        readout.current([3], 0.1, 1.0, rng)
