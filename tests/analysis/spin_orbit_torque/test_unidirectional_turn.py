"""Unidirectional magnetoresistance against angle and field, beside what the field of the current does to the AMR."""

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.unidirectional_turn import UnidirectionalTurn
from mtjlab.core import FitError, InputError

CURRENT = 5e-3
FIELDS = (0.06, 0.12, 0.24)


def turns(bar, fields=FIELDS, points=25, power=0.0):
    """Turn each field once and read both signs; the UMR falls with a power of the field."""
    rows, usual = [], bar.umr
    for field in fields:
        bar.umr = usual * (field / fields[0]) ** power
        at, plus = bar.turn(field, points=points, current=CURRENT)
        minus = bar.turn(field, points=points, current=-CURRENT)[1]
        rows.append(np.stack([np.full(points, field), at, plus, minus]))
    bar.umr = usual
    return np.concatenate(rows, axis=1)


def test_umr_and_field_of_the_current_are_told_apart(make_bar):
    """The AMR's part is half as large as the UMR in the lowest field, and strong heat goes out."""
    bar = make_bar(1, heating=2e6, noise=0.005)
    found = UnidirectionalTurn.fit(*turns(bar), CURRENT)
    assert found.is_there
    np.testing.assert_array_equal(found.fields, FIELDS)
    for each in found.unidirectional:
        assert each.value == pytest.approx(bar.umr, abs=4 * each.uncertainty)
    assert found.per_ampere.value == pytest.approx(bar.per_ampere, abs=4 * found.per_ampere.uncertainty)
    assert found.per_ampere.uncertainty < 0.1
    assert found.constancy.p_value > 1e-3
    assert found.field_power.low < 0 < found.field_power.high or abs(found.field_power.value) < 0.1
    whole = bar.base + bar.heating * CURRENT**2
    assert found.ratios[0].value == pytest.approx(2 * found.unidirectional[0].value / whole, rel=1e-3)


def test_a_ratio_that_falls_with_the_field_has_a_power(make_bar):
    found = UnidirectionalTurn.fit(*turns(make_bar(2, noise=0.005), power=-0.5), CURRENT)
    assert found.field_power.value == pytest.approx(-0.5, abs=4 * found.field_power.uncertainty)
    assert found.field_power.uncertainty < 0.05
    assert found.constancy.p_value < 1e-6


def test_no_umr_is_none(make_bar):
    found = UnidirectionalTurn.fit(*turns(make_bar(3, umr=0.0, heating=2e6)), CURRENT)
    assert not found.is_there
    with pytest.raises(FitError, match="the ratio is 0 within its error in some field"):
        _ = found.field_power


def test_reversed_current_leads_turn_both_signs(make_bar):
    fields, at, plus, minus = turns(make_bar(4, noise=0.005))
    right = UnidirectionalTurn.fit(fields, at, plus, minus, CURRENT)
    wrong = UnidirectionalTurn.fit(fields, at, minus, plus, CURRENT)
    assert wrong.per_ampere.value == pytest.approx(-right.per_ampere.value)
    assert wrong.ratios[0].value == pytest.approx(-right.ratios[0].value)


def test_the_curve_follows_the_readings(make_bar):
    bar = make_bar(5, noise=0.005)
    fields, at, plus, minus = turns(bar)
    found = UnidirectionalTurn.fit(fields, at, plus, minus, CURRENT)
    first = fields == FIELDS[0]
    off = (plus - minus)[first] / 2 - found.curve(0, at[first])
    assert off.std() == pytest.approx(bar.noise / np.sqrt(2), rel=0.4)
    assert abs(found.offsets[0].value) < 4 * found.offsets[0].uncertainty + 1e-3


def test_one_field_says_nothing_of_others(make_bar):
    found = UnidirectionalTurn.fit(*turns(make_bar(6), fields=(0.1,)), CURRENT)
    for ask in ("constancy", "field_power"):
        with pytest.raises(FitError, match="one field: give two or more"):
            getattr(found, ask)


def test_what_can_not_be_turns_is_refused(make_bar):
    fields, at, plus, minus = turns(make_bar(7), fields=(0.1,))
    with pytest.raises(InputError, match="current = 0 A"):
        UnidirectionalTurn.fit(fields, at, plus, minus, 0.0)
    with pytest.raises(InputError, match="25 angles, 24 and 25 resistances"):
        UnidirectionalTurn.fit(fields, at, plus[1:], minus, CURRENT)
    with pytest.raises(FitError, match=r"8 angles at 0\.1 T: give at least 12"):
        UnidirectionalTurn.fit(fields[:8], at[:8], plus[:8], minus[:8], CURRENT)
    with pytest.raises(FitError, match="the AMR is below the noise"):
        UnidirectionalTurn.fit(*turns(make_bar(8, amr=0.0, umr=0.0)), CURRENT)


def test_a_field_below_the_anisotropy_field_is_refused(make_bar):
    """In 10 mT a bar of 30 mT keeps its state, and what it reads says nothing of the angle."""
    fields, at, plus, minus = turns(make_bar(9, noise=0.005), fields=(0.01, 0.24))
    with pytest.raises(FitError, match=r"does not turn with a field of 0\.01 T: the anisotropy field is 0\.0"):
        UnidirectionalTurn.fit(fields, at, plus, minus, CURRENT)
