"""Switching by current pulses: loops, thermal activation, efficiency, contacts."""

import math

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.bar_contact import BarContact, BarContactState
from mtjlab.analysis.spin_orbit_torque.damping_like import BarLayers
from mtjlab.analysis.spin_orbit_torque.switching_loop import SwitchingLoop, two_levels
from mtjlab.analysis.spin_orbit_torque.switching_phase_map import SwitchingPhaseMap
from mtjlab.analysis.spin_orbit_torque.thermal_switching import ThermalSwitching
from mtjlab.core import FitError, Quantity

THRESHOLD, STABILITY = 2.2e-3, 40.0


def chance(currents, width, stability=STABILITY):
    return 1 - np.exp(-(width / 1e-9) * np.exp(-stability * (1 - np.abs(currents) / THRESHOLD)))


def loops(seed, width, count=10, points=40, noise=0.1):
    """Write 0, +max, 0, -max, 0 in small steps and probe; the state is ±1."""
    rng = np.random.default_rng(seed)
    ramp = np.linspace(0, 1.0 * THRESHOLD, points)
    cycle = np.concatenate([ramp, ramp[-2::-1], -ramp[1:], -ramp[-2::-1]])
    currents, state = np.tile(cycle, (count, 1)), -1.0
    states = np.empty_like(currents)
    for k, current in np.ndenumerate(currents):
        if current * state < 0 and rng.random() < chance(current, width):
            state = -state
        states[k] = state
    return currents, states + rng.normal(0, noise, states.shape)


def pulses(seed):
    """Take the attempts of loops at three widths."""
    rows = []
    for width in (1e-6, 1e-4, 1e-2):
        read = loops([seed, round(1e6 * width)], width)
        tried = SwitchingLoop.analyse(*read).attempts(*read)
        rows.append(np.stack([tried.currents, np.full(tried.currents.size, width), tried.switched]))
    return np.concatenate(rows, axis=1)


def test_threshold_and_stability_are_held_by_their_intervals():
    held = {"critical_current": 0, "stability": 0}
    for seed in range(20):
        fitted = ThermalSwitching.fit(*pulses(seed))
        for name, truth in (("critical_current", THRESHOLD), ("stability", STABILITY)):
            low, high = getattr(fitted, name).interval
            held[name] += low <= truth <= high
        assert fitted.goodness.p_value > 1e-4
    assert all(count >= 16 for count in held.values()), held  # 19 of 20; three deviations below


def test_the_critical_current_falls_with_the_logarithm_of_the_width():
    fitted = ThermalSwitching.fit(*pulses(1))
    expected = THRESHOLD * (1 - np.log(1e-4 / 1e-9) / STABILITY)
    assert fitted.current(1e-4) == pytest.approx(expected, rel=0.01)
    assert fitted.probability(fitted.current(1e-4), 1e-4) == pytest.approx(1 - 1 / math.e)


def test_heat_makes_the_barrier_less_high():
    rng = np.random.default_rng(3)
    currents, kelvin = np.tile(np.linspace(1e-3, 2e-3, 20), 60), np.repeat([300.0, 330.0, 360.0], 400)
    switched = rng.random(1200) < 1 - np.exp(-1e5 * np.exp(-STABILITY * 300 / kelvin * (1 - currents / THRESHOLD)))
    fitted = ThermalSwitching.fit(currents, np.full(1200, 1e-4), switched, kelvin)
    assert fitted.stability.value == pytest.approx(STABILITY, abs=3 * fitted.stability.uncertainty)
    cold = ThermalSwitching.fit(currents, np.full(1200, 1e-4), switched)
    assert abs(cold.stability.value - STABILITY) > 5 * cold.stability.uncertainty


@pytest.mark.parametrize(("switched", "words"), [(0, "no pulse switched"), (1, "every pulse switched")])
def test_pulses_of_one_outcome_fix_nothing(switched, words):
    with pytest.raises(ValueError, match=words):
        ThermalSwitching.fit(np.linspace(1e-3, 2e-3, 10), np.full(10, 1e-6), np.full(10, switched))


def test_a_loop_switches_at_both_signs():
    loop = SwitchingLoop.analyse(*loops(4, 1e-4))
    assert loop.upwards
    assert loop.positive.value > 0 > loop.negative.value
    assert loop.critical.value == pytest.approx(1.4e-3, abs=1e-4)
    assert abs(loop.offset.value) < 4 * loop.offset.uncertainty
    currents, signals = loops(4, 1e-4)
    assert not SwitchingLoop.analyse(currents, -signals).upwards


def test_what_does_not_switch_is_a_diagnosis():
    currents, signals = loops(5, 1e-4)
    with pytest.raises(ValueError, match="does not tell two states apart"):
        SwitchingLoop.analyse(currents, np.random.default_rng(1).normal(0, 1, signals.shape))
    with pytest.raises(ValueError, match=r"negative sign.*do not switch"):
        SwitchingLoop.analyse(currents[:1, :79], np.where(np.arange(79) > 30, 1.0, -1.0)[None])


@pytest.mark.parametrize("count", [6, 8, 20, 100])
def test_noise_is_not_taken_for_two_states(count):
    rng = np.random.default_rng(count)
    taken = 0
    for _ in range(100):
        try:
            two_levels(rng.normal(size=count))
            taken += 1
        except FitError:
            pass
    assert taken <= 2  # 0.1 expected


def test_efficiency_and_threshold_are_one_over_the_other():
    # w-cofeb: 7.09e10 A/m² at an efficiency of 0.36 (Ms 1e6 A/m, 2 nm, α 0.02, 10 mT, 0.4 T).
    layers = BarLayers(
        Quantity(1e6, 2e4, "A/m"), Quantity(2e-9), Quantity(0.02), Quantity(0.01), Quantity(0.4), Quantity(2e-14)
    )
    found = layers.efficiency(Quantity(7.09e10 * 2e-14, 0.0, "A"))
    assert found.value == pytest.approx(0.36, rel=1e-3)
    assert found.uncertainty == pytest.approx(0.36 * 0.02, rel=1e-3)
    assert layers.critical_current(found).value == pytest.approx(7.09e10 * 2e-14)


def test_the_phase_map_has_a_boundary_for_each_sign():
    rng, rows = np.random.default_rng(9), []
    for field in (-5e-3, 0.0, 5e-3):
        for current in np.linspace(-2e-3, 2e-3, 41):
            shifted = current * (1 + 20 * field)
            rows.append((current, field, rng.binomial(20, chance(shifted, 1e-4)), 20))
    found = SwitchingPhaseMap.fit(*np.array(rows).T)
    truth = np.array([THRESHOLD * (1 - np.log(1e5 / math.log(2)) / STABILITY) / (1 + 20 * f) for f in found.fields])
    for sign, side in ((1, found.positive), (-1, found.negative)):
        off = np.array([(each.value - sign * at) / each.uncertainty for each, at in zip(side, truth, strict=True)])
        assert np.abs(off).max() < 4


@pytest.mark.parametrize(
    ("resistance", "state"),
    [(500.0, "BAR"), (-500.0, "REVERSED"), (3e6, "OPEN"), (0.5, "SHORT")],
)
def test_contacts_are_told_apart(resistance, state):
    currents = np.array([1e-4, -1e-4, 2e-4, -2e-4, 1e-4, -1e-4])
    volts = resistance * currents + np.random.default_rng(1).normal(0, 1e-6, 6)
    judged = BarContact.judge(currents, volts, 500.0)
    assert judged.state is BarContactState[state]
    assert bool(judged.diagnosis) == (state != "BAR")


def test_a_source_at_its_compliance_sees_no_bar():
    assert BarContact.judge([1e-4, -1e-4] * 2, [2.0, -2.0] * 2, 500.0, 2.0).state is BarContactState.OPEN
