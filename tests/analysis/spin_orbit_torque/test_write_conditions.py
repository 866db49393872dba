"""What is not known of heat, field and layers goes into the threshold, the stability and what follows from them."""

import math

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.damping_like import BarLayers, density_in
from mtjlab.analysis.spin_orbit_torque.thermal_switching import ThermalSwitching, barrier_left
from mtjlab.analysis.spin_orbit_torque.write_conditions import WriteConditions, widened
from mtjlab.core import InputError, Quantity

BARRIER, THRESHOLD, HEATING, PER_AMPERE, ANISOTROPY = 40.0, 2e-3, 8e6, 0.5, 0.01
EXACT = WriteConditions(Quantity(HEATING, 0.0), Quantity(PER_AMPERE, 0.0), Quantity(ANISOTROPY, 0.0))


@pytest.fixture(scope="module")
def pulses():
    """Pulses of a bar that is heated and helped by the current's field, 40 at each current and width."""
    rng = np.random.default_rng(1)
    currents = np.repeat(np.tile(np.linspace(0.4e-3, 1.6e-3, 25), 3), 40)
    widths = np.repeat([1e-6, 1e-5, 1e-4], 1000)
    left = barrier_left(currents, PER_AMPERE, ANISOTROPY) / (1 + HEATING * currents**2 / 300)
    rate = widths / 1e-9 * np.exp(-BARRIER * left * (1 - currents / THRESHOLD))
    return currents, widths, rng.random(currents.size) < -np.expm1(-rate)


def test_conditions_that_are_known_exactly_leave_the_fit_as_it_is(pulses):
    currents, widths, switched = pulses
    found = EXACT.fit(currents, widths, switched)
    left, heated = barrier_left(currents, PER_AMPERE, ANISOTROPY), 300 + HEATING * currents**2
    assert found == ThermalSwitching.fit(currents, widths, switched, heated, barriers=left)
    assert found.critical_current.low < THRESHOLD < found.critical_current.high
    assert found.stability.value == pytest.approx(BARRIER, abs=4 * found.stability.uncertainty)


@pytest.mark.parametrize(("name", "error"), [("heating", 0.3), ("per_ampere", 0.3), ("anisotropy_field", 0.3)])
def test_a_condition_that_is_off_by_its_uncertainty_is_off_by_what_is_added(pulses, name, error):
    """A standard uncertainty off, the threshold is off by about what the uncertainty grew by, in squares."""
    exact = EXACT.fit(*pulses)
    known = getattr(EXACT, name)
    conditions = dict(vars(EXACT))
    conditions[name] = known._replace(uncertainty=error * known.value)
    told = WriteConditions(**conditions).fit(*pulses)
    assert told.critical_current.value == exact.critical_current.value
    assert told.critical_current.low < exact.critical_current.low
    assert told.critical_current.high > exact.critical_current.high
    added = math.sqrt(told.critical_current.uncertainty**2 - exact.critical_current.uncertainty**2)
    conditions[name] = known._replace(value=(1 + error / 2) * known.value)
    off = WriteConditions(**conditions).fit(*pulses).critical_current.value - exact.critical_current.value
    assert 2 * abs(off) == pytest.approx(added, rel=0.35)
    assert added > 0.1 * exact.critical_current.uncertainty
    assert told.stability.uncertainty > exact.stability.uncertainty


def test_uncertainties_of_conditions_add_in_squares(pulses):
    heat, both = (
        WriteConditions(Quantity(HEATING, 0.2 * HEATING), Quantity(PER_AMPERE, e), Quantity(ANISOTROPY, 0.0))
        for e in (0.0, 0.1)
    )
    field = WriteConditions(Quantity(HEATING, 0.0), Quantity(PER_AMPERE, 0.1), Quantity(ANISOTROPY, 0.0))
    none, one, other, all_ = (
        each.fit(*pulses).critical_current.uncertainty ** 2 for each in (EXACT, heat, field, both)
    )
    assert all_ == pytest.approx(one + other - none, rel=1e-6)


def test_without_conditions_it_is_the_law_alone(pulses):
    currents, widths, switched = pulses
    assert WriteConditions().fit(currents, widths, switched) == ThermalSwitching.fit(currents, widths, switched)
    # A field per ampere does nothing where the anisotropy field is not known.
    field = WriteConditions(per_ampere=Quantity(PER_AMPERE, 0.1))
    assert field.fit(currents, widths, switched) == ThermalSwitching.fit(currents, widths, switched)


@pytest.mark.parametrize("wrong", [Quantity(math.nan, 0.0), Quantity(1.0, -1.0), Quantity(1.0, math.nan)])
def test_conditions_are_numbers_with_uncertainties(wrong):
    with pytest.raises(InputError, match=r"heating = .*expected a number and its standard uncertainty"):
        WriteConditions(heating=wrong)


def test_a_density_has_the_uncertainty_of_the_section():
    current = Quantity(2e-3, 4e-5, "A", 1.9e-3, 2.06e-3)
    found = density_in(Quantity(2e-14, 6e-16, "m²"), current)
    assert (found.value, found.unit) == (pytest.approx(1e11), "A/m²")
    assert found.uncertainty == pytest.approx(1e11 * math.hypot(0.02, 0.03))
    # Each end by the current's own, and what the section adds to it.
    reach = 1.959964 * 0.03e11
    assert found.low == pytest.approx(1e11 - math.hypot(0.05e11, reach), rel=1e-6)
    assert found.high == pytest.approx(1e11 + math.hypot(0.03e11, reach), rel=1e-6)
    assert density_in(Quantity(2e-14, 0.0, "m²"), current).uncertainty == pytest.approx(2e9)


def test_the_layers_give_the_density_of_their_section():
    section = Quantity(2e-14, 4e-16, "m²")
    layers = BarLayers(*(Quantity(each, 0.0) for each in (1e6, 2e-9, 0.02, 0.01, 0.4)), section)
    current = Quantity(2e-3, 4e-5, "A")
    assert layers.current_density(current)[:3] == density_in(section, current)[:3]


def test_widening_by_nothing_changes_nothing():
    plain, ends = Quantity(1.0, 0.1, "T"), Quantity(1.0, 0.1, "T", 0.7, 1.1)
    assert widened(plain, 0.0) == plain
    assert widened(ends, 0.0).interval == pytest.approx(ends.interval)
    assert widened(plain, 0.1).uncertainty == pytest.approx(0.1 * math.sqrt(2))
