"""The line through shifts against current, and what follows from it."""

import math

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.current_induced_field import CurrentInducedField, oersted_field
from mtjlab.analysis.spin_orbit_torque.damping_like import BarLayers, threshold_from_coercive_shifts
from mtjlab.core import FitError, InputError, Quantity

CURRENTS = np.array([-5e-3, -2e-3, 2e-3, 5e-3])
ERRORS = np.array([2e-5, 1e-5, 1e-5, 2e-5])
LAYERS = {
    "magnetisation": Quantity(1e6, 0.0, "A/m"),
    "thickness": Quantity(2e-9, 0.0, "m"),
    "damping": Quantity(0.02, 0.0, "1"),
    "anisotropy_field": Quantity(0.01, 0.0, "T"),
    "demagnetising_field": Quantity(0.4, 0.0, "T"),
    "metal_section": Quantity(2e-14, 0.0, "m²"),
}


def test_a_line_without_noise_is_found_exactly():
    found = CurrentInducedField.of_shifts(CURRENTS, 1e-4 + 1.5 * CURRENTS, ERRORS**2)
    assert found.per_ampere.value == pytest.approx(1.5)
    assert found.offset.value == pytest.approx(1e-4)
    assert found.goodness.chi_square == pytest.approx(0, abs=1e-12)
    # Weighted least squares: the variance of the slope is 1/Σ(I²/σ²) for currents in pairs.
    assert found.per_ampere.uncertainty == pytest.approx(1 / math.sqrt((CURRENTS**2 / ERRORS**2).sum()), rel=1e-6)
    assert found.offset.uncertainty == pytest.approx(1 / math.sqrt((1 / ERRORS**2).sum()), rel=1e-6)


def test_variances_are_a_covariance_without_the_rest():
    shifts = 1.5 * CURRENTS + np.array([1e-5, -1e-5, 2e-5, 0.0])
    narrow = CurrentInducedField.of_shifts(CURRENTS, shifts, ERRORS**2)
    assert narrow == CurrentInducedField.of_shifts(CURRENTS, shifts, np.diag(ERRORS**2))


def test_an_error_that_all_shifts_share_is_the_offsets_alone():
    shared = np.diag(ERRORS**2) + (1e-3) ** 2
    found = CurrentInducedField.of_shifts(CURRENTS, 1.5 * CURRENTS, shared)
    alone = CurrentInducedField.of_shifts(CURRENTS, 1.5 * CURRENTS, ERRORS**2)
    assert found.per_ampere.uncertainty == pytest.approx(alone.per_ampere.uncertainty, rel=1e-3)
    assert found.offset.uncertainty == pytest.approx(1e-3, rel=1e-3)


def test_the_order_of_the_currents_does_not_matter():
    shifts, order = 1.5 * CURRENTS + np.array([1e-5, -1e-5, 2e-5, 0.0]), [2, 0, 3, 1]
    one = CurrentInducedField.of_shifts(CURRENTS, shifts, ERRORS**2)
    other = CurrentInducedField.of_shifts(CURRENTS[order], shifts[order], ERRORS[order] ** 2)
    assert other.per_ampere.value == pytest.approx(one.per_ampere.value)
    assert other.per_ampere.uncertainty == pytest.approx(one.per_ampere.uncertainty)


def test_shifts_that_scatter_more_than_their_errors_widen_them():
    off = np.array([1.0, -2.0, 1.5, -0.5]) * 1e-4
    found = CurrentInducedField.of_shifts(CURRENTS, 1.5 * CURRENTS + off, ERRORS**2)
    calm = CurrentInducedField.of_shifts(CURRENTS, 1.5 * CURRENTS, ERRORS**2)
    assert found.goodness.chi_square > 10
    assert found.per_ampere.uncertainty > calm.per_ampere.uncertainty * math.sqrt(found.goodness.chi_square / 2)


def test_what_is_not_known_of_oersteds_field_widens_the_field_like_one():
    oersted = Quantity(-0.13, 0.5, "T/A")
    found = CurrentInducedField.of_shifts(CURRENTS, 1.5 * CURRENTS, ERRORS**2, oersted)
    assert found.field_like.value == pytest.approx(1.63)
    assert found.field_like.uncertainty == pytest.approx(math.hypot(0.5, found.per_ampere.uncertainty))
    assert found.oersted == oersted


@pytest.mark.parametrize("currents", [[1e-3, -1e-3], [1e-3] * 4, []])
def test_a_line_takes_three_currents_that_differ(currents):
    with pytest.raises(FitError, match=f"{len(currents)} currents: give three or more, of both signs"):
        CurrentInducedField.of_shifts(currents, np.zeros(len(currents)), np.ones(len(currents)))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"width": -1e-6}, "width = -1e-06 m: expected the width of the bar, above 0"),
        ({"width": math.inf}, "width = inf m"),
        ({"width": 1e-6, "share": 1.5}, "share = 1.5: expected the share of the current in the metal, 0 to 1"),
        ({"width": 1e-6, "share": -0.1}, "share = -0.1"),
    ],
)
def test_an_oersted_field_of_no_strip_is_refused(words, message):
    with pytest.raises(InputError, match=message):
        oersted_field(**words)


def test_no_current_in_the_metal_makes_no_field():
    assert oersted_field(5e-6, 0.0) == 0
    assert oersted_field(5e-6) == -oersted_field(5e-6, metal_below=False)


def test_the_threshold_is_the_reach_over_the_slope():
    """dBc/dI = -(Bk - Bc)/(2 Ic)."""
    found = threshold_from_coercive_shifts(CURRENTS, -0.6 * CURRENTS, ERRORS, 0.015, 0.03)
    assert found.value == pytest.approx(0.0075 / 0.6)
    assert found.low < found.value < found.high
    turned = threshold_from_coercive_shifts(CURRENTS, 0.6 * CURRENTS, ERRORS, 0.015, 0.03)
    assert (turned.value, turned.low, turned.high) == pytest.approx((-found.value, -found.high, -found.low))


def test_shifts_that_show_no_slope_bound_no_threshold():
    found = threshold_from_coercive_shifts(CURRENTS, 1e-3 * CURRENTS, np.full(4, 1e-3), 0.015, 0.03)
    assert found.interval == (-math.inf, math.inf)


def test_a_coercive_field_beyond_the_anisotropy_is_refused():
    with pytest.raises(InputError, match=r"coercive field = 0\.03 T: expected less than the anisotropy field"):
        threshold_from_coercive_shifts(CURRENTS, CURRENTS, ERRORS, 0.03, 0.03)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_layers_are_of_positive_numbers(name, value):
    with pytest.raises(InputError, match=f"{name.replace('_', ' ')} = {value:g}: expected a positive number"):
        BarLayers(**LAYERS | {name: Quantity(value, 0.0, "1")})


@pytest.mark.parametrize("name", ["magnetisation", "thickness", "damping", "metal_section"])
def test_the_threshold_is_proportional_to_each_layer(name):
    double = BarLayers(**LAYERS | {name: LAYERS[name].scaled(2.0, LAYERS[name].unit)})
    ratio = double.critical_current(Quantity(0.36)).value / BarLayers(**LAYERS).critical_current(Quantity(0.36)).value
    assert ratio == pytest.approx(2)


def test_the_threshold_follows_the_fields_of_a_precession_in_the_plane():
    """(Bk + Beff/2): 0.21 T, and 0.41 T at twice Beff."""
    strong = BarLayers(**LAYERS | {"demagnetising_field": Quantity(0.8, 0.0, "T")})
    ratio = strong.critical_current(Quantity(0.36)).value / BarLayers(**LAYERS).critical_current(Quantity(0.36)).value
    assert ratio == pytest.approx(0.41 / 0.21)


def test_uncertainties_of_layers_add_in_squares_and_signs_stay():
    parts = {name: each._replace(uncertainty=0.03 * each.value) for name, each in LAYERS.items()}
    found = BarLayers(**parts).efficiency(Quantity(-1.4e-3, 0.0, "A"))
    assert found.value < 0
    fields = 0.03 * math.hypot(0.01, 0.2) / 0.21
    assert found.uncertainty / abs(found.value) == pytest.approx(math.hypot(0.06, fields))
    assert BarLayers(**LAYERS).efficiency(Quantity(1.4e-3)).uncertainty == 0  # not told is not counted
