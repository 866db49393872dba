"""Heat over the barrier: the textbook's switching current, and dwell times."""

import math

import numpy as np
import pytest

from mtjlab.instruments.simulated import BarParameters, Landscape, SimulatedBar
from mtjlab.instruments.simulated.bar.thermal_switching import ATTEMPT_TIME, escape_rate, probability_of_second

NONE = (0.0, 0.0, 0.0)


@pytest.fixture
def bar():
    """Give an aligned bar whose field-like field cancels Oersted's."""
    aligned = BarParameters(easy_axis_tilt=0.0)
    cancelling = -aligned.oersted_per_current * aligned.torque.field_like / aligned.field_like_per_current
    return aligned.model_copy(
        update={"torque": aligned.torque.model_copy(update={"field_like": cancelling})},
    )


def test_the_attempt_time_is_a_nanosecond():
    assert ATTEMPT_TIME == 1e-9


def test_without_current_the_rate_is_arrhenius(bar):
    wells = Landscape(bar, NONE, 0.0).wells
    for well in wells:
        assert escape_rate(bar, well, 300.0) == pytest.approx(1e9 * math.exp(-bar.thermal_stability), rel=1e-6)


def test_stability_falls_as_the_temperature_rises(bar):
    assert bar.stability_at(600.0) == pytest.approx(bar.thermal_stability / 2)
    well = Landscape(bar, NONE, 0.0).wells[0]
    assert escape_rate(bar, well, 600.0) == pytest.approx(1e9 * math.exp(-bar.thermal_stability / 2), rel=1e-6)


@pytest.mark.parametrize("width", [1e-7, 1e-6, 1e-3, 1.0])
def test_a_pulse_of_the_textbooks_current_switches_with_1_minus_1_over_e(bar, width):
    """Jc = Jc0·[1 - (1/Δ)·ln(t/τ0)]."""
    current = bar.onset_current * (1 - math.log(width / 1e-9) / bar.thermal_stability)
    landscape = Landscape(bar, NONE, current)
    found = probability_of_second(bar, landscape, 0, 300.0, width)
    assert found == pytest.approx(1 - math.exp(-1), rel=0.08)  # b²/Beff and the onset's own Bk are not in the formula
    assert probability_of_second(bar, landscape, 1, 300.0, width) == pytest.approx(1.0)


def test_past_the_onset_the_attempt_time_is_all_it_takes(bar):
    well = Landscape(bar, NONE, 2 * bar.onset_current).wells[0]
    assert escape_rate(bar, well, 300.0) == pytest.approx(1e9)


def test_one_well_alone_is_not_left(bar):
    well = Landscape(bar, (0.0, 0.02, 0.0), 0.0).wells[0]
    assert escape_rate(bar, well, 300.0) == 0.0


def test_probabilities_are_those_of_a_two_state_process(bar):
    """At no time the state is as it was, after a long time it is where the lower energy is."""
    landscape = Landscape(bar, (0.0, 2e-3, 0.0), 0.0)
    for well in (0, 1):
        assert probability_of_second(bar, landscape, well, 300.0, 0.0) == well
    up, down = (escape_rate(bar, each, 300.0) for each in landscape.wells)
    energies = [landscape.energy(well.angle) for well in landscape.wells]
    boltzmann = bar.saturation_magnetisation * bar.activation_volume * (energies[0] - energies[1])
    assert math.log(up / down) == pytest.approx(boltzmann / (1.380649e-23 * 300), rel=1e-6)
    assert probability_of_second(bar, landscape, 0, 300.0, 1e9 / up) == pytest.approx(up / (up + down))


def test_a_low_barrier_dwells_as_long_as_its_rate_says():
    """Δ of 12: both states in turn, for τ0·exp(Δ) on average."""
    low = BarParameters(easy_axis_tilt=0.0, activation_volume=3.313e-23 * 0.3, heating={"thermal_resistance": 0.0})
    device, step = SimulatedBar(low, seed=1), 20e-6
    states = []
    for _ in range(4000):
        device.advance(step)
        states.append(device.m[1] > 0)
    changes = np.count_nonzero(np.diff(states))
    rate = 1e9 * math.exp(-low.thermal_stability)
    expected = 4000 * (1 - math.exp(-2 * rate * step)) / 2
    assert changes == pytest.approx(expected, abs=4 * math.sqrt(expected))
    assert np.mean(states) == pytest.approx(0.5, abs=4 * math.sqrt(0.25 / (expected / 2)))


def test_heat_of_a_current_shortens_the_dwell():
    """The same current with and without a thermal resistance: only the hot bar is written."""
    written = []
    for resistance in (0.0, 4e4):
        bar = BarParameters.model_validate({"heating": {"thermal_resistance": resistance}})
        device, count = SimulatedBar(bar, seed=2), 0
        for _ in range(40):
            device.pulse(-3e-3, 1e-6)
            device.pulse(1.6e-3, 1e-6)
            count += device.m[1] > 0
        written.append(count)
    assert written[0] + 10 < written[1]
