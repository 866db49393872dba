"""The bar's magnet under a current: where precession begins to grow, what reverses it, and how the two models meet."""

import math

import numpy as np
import pytest

from mtjlab.instruments.simulated import BarMacrospin, BarParameters, Landscape, SimulatedBar, load_bar
from mtjlab.instruments.simulated.bar.thermal_switching import probability_of_second


def without_field(**changes):
    """Give an aligned bar whose field-like field cancels Oersted's, so that a current acts by its push alone."""
    bar = BarParameters(easy_axis_tilt=0.0)
    cancelling = -bar.oersted_per_current * bar.torque.field_like / bar.field_like_per_current
    return BarParameters.model_validate({"easy_axis_tilt": 0.0, "torque": {"field_like": cancelling}} | changes)


@pytest.mark.parametrize("damping", [0.02, 0.05, 0.1])
def test_precession_grows_from_the_textbook_current_on(damping):
    """Jc0 = (2e/ħ)·Ms·t·α·(Bk + Beff/2)/ξ_DL, Bk the anisotropy field; no heat, no field-like torque."""
    bar = without_field(damping=damping, torque={"field_like": 0.0})
    macrospin = BarMacrospin(bar)
    assert macrospin.onset_current() == pytest.approx(bar.onset_current, rel=0.03)
    assert macrospin.growth_rate(0.97 * bar.onset_current) < 0 < macrospin.growth_rate(1.03 * bar.onset_current)


def test_growth_below_the_onset_is_the_damping():
    """Without current, precession decays at αγ(Bk + Beff/2)."""
    bar = without_field()
    rate = 0.02 * 1.76e11 * (bar.anisotropy_field + bar.demagnetising_field / 2)
    assert BarMacrospin(bar).growth_rate(0.0) == pytest.approx(-rate, rel=0.03)


def test_reversal_takes_a_quarter_more():
    bar = without_field()
    assert BarMacrospin(bar).reversal_current(tolerance=0.02) / bar.onset_current == pytest.approx(1.24, abs=0.05)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_sign_of_the_current_decides_the_state_of_a_type_y_bar(sign):
    for width in (50e-9, 1e-6):
        bar = SimulatedBar(BarParameters(), seed=1)
        for _ in range(3):
            bar.pulse(-sign * 1.5 * bar.parameters.onset_current, width)
            bar.pulse(sign * 1.5 * bar.parameters.onset_current, width)
            assert np.sign(bar.m[1]) == sign


@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize("current", [-4e-3, 4e-3])
def test_under_a_current_the_magnet_comes_to_rest_where_the_landscape_says(axis, current):
    """Both torques and a field out of the plane; without heat, and with enough damping to see the end of it."""
    bar = BarParameters.model_validate(
        {"easy_axis": axis, "easy_axis_tilt": 0.3, "damping": 0.3, "torque": {"field_like": -0.02}}
    )
    for field, tolerance in (((0.0, 1e-3, 0.0), 1e-3), ((0.0, 0.0, 0.03), 2e-3)):
        landscape = Landscape(bar, field, current)
        for well in landscape.wells:
            rest = landscape.magnetisation(well.angle)
            m = BarMacrospin(bar).advance(rest, 10e-9, current=current, field=field, temperature=0.0, dt=2e-12)
            assert m[0] == pytest.approx(rest, abs=tolerance)


def test_a_canted_bar_of_type_x_has_its_onset_where_its_well_has_lost_its_hold():
    """The share of m along y that the canting gives is what the torque acts on."""
    bar = load_bar("w-cofeb-x").model_copy(update={"torque": without_field().torque})
    expected = bar.onset_current / math.sin(bar.easy_axis_tilt)
    assert BarMacrospin(bar).onset_current() == pytest.approx(expected, rel=0.1)
    wells = Landscape(bar, (0.0, 0.0, 0.0), expected).wells
    assert min(well.hold for well in wells) == pytest.approx(0, abs=0.1)


def switched_share(bar, current, width, shots):
    """Give the share of macrospins that a pulse reverses which pushes them out of their well, in heat."""
    wells = Landscape(bar, (0.0, 0.0, 0.0), 0.0).wells
    pushed = min(range(2), key=lambda each: bar.push_per_current * current * math.sin(wells[each].angle))
    macrospin = BarMacrospin(bar, seed=1)
    m = macrospin.advance(macrospin.start(shots, pushed), width, current=current, dt=2e-12)
    m = macrospin.advance(m, 10e-9, dt=2e-12)
    return np.mean(np.cos(np.arctan2(m[:, 1], m[:, 0]) - wells[pushed].angle) < 0)


def test_both_models_switch_at_the_same_current_at_100_ns_within_15_percent():
    """Where the rate model has P = 1/2, Jc0·[1 - ln(t/(τ0·ln 2))/Δ], the dynamics have less; 15 % above, more."""
    bar = without_field()
    half = bar.onset_current * (1 - math.log(100 / math.log(2)) / bar.thermal_stability)
    wells = Landscape(bar, (0.0, 0.0, 0.0), half)
    assert probability_of_second(bar, wells, 0, bar.temperature, 100e-9) == pytest.approx(0.5, abs=0.01)
    assert switched_share(bar, half, 100e-9, 16) < 0.3
    assert switched_share(bar, 1.15 * half, 100e-9, 24) > 0.5


def test_the_thermal_field_keeps_the_angles_of_equilibrium():
    """<δφ²> = kT/(Ms·Va·Bk): the equipartition of heat over the two small angles."""
    bar = without_field()
    macrospin = BarMacrospin(bar, seed=1)
    m = macrospin.advance(macrospin.start(400, 1), 4e-9, dt=2e-12)
    heat = 1.380649e-23 * bar.temperature / (bar.saturation_magnetisation * bar.activation_volume)
    assert np.var(m[:, 0]) == pytest.approx(heat / bar.anisotropy_field, rel=0.25)
    assert np.var(m[:, 2]) == pytest.approx(heat / (bar.anisotropy_field + bar.demagnetising_field), rel=0.25)
