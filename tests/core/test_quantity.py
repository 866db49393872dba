"""A quantity keeps what is known of it: an uncertainty, or both ends of an interval."""

import math

import pytest

from mtjlab.core import InputError, Quantity


def test_the_interval_of_an_uncertainty_is_normal():
    low, high = Quantity(0.5, 0.1, "V").interval
    assert (low, high) == pytest.approx((0.5 - 0.1959964, 0.5 + 0.1959964), abs=1e-7)


def test_ends_are_kept_where_the_interval_is_not_symmetric():
    counted = Quantity(0.0, unit="1", low=0.0, high=3e-5)  # no error among 100,000 writes
    assert counted.has_ends
    assert counted.interval == (0.0, 3e-5)
    assert str(counted) == "0.000000 (0.000000 to 0.000030, 95 %)"


def test_nothing_is_known_of_a_bare_number():
    assert all(map(math.isnan, Quantity(3.0).interval))
    assert str(Quantity(3.0)) == "3"


@pytest.mark.parametrize("factor", [100.0, -2.0])
def test_another_unit_scales_all_that_is_known(factor):
    scaled = Quantity(0.3, 0.02, "1", 0.25, 0.36).scaled(factor, "%")
    assert scaled.value == pytest.approx(0.3 * factor)
    assert scaled.uncertainty == pytest.approx(0.02 * abs(factor))
    assert scaled.interval == pytest.approx(sorted((0.25 * factor, 0.36 * factor)))
    assert scaled.unit == "%"


def test_a_tuple_of_a_procedure_is_taken():
    assert Quantity.of((1, 2, "V"))[:3] == (1.0, 2.0, "V")
    assert Quantity.of((1e-5, math.nan, "1", 0, 3e-5)).interval == (0.0, 3e-5)


@pytest.mark.parametrize("found", [(1.0,), (1.0, 0.1), (1.0, 0.1, "V", 0.9), ("one", 0.1, "V"), 1.0, None])
def test_what_is_no_quantity_is_refused(found):
    with pytest.raises(InputError, match="is no result: give value, standard uncertainty, unit"):
        Quantity.of(found)
