"""Holm's procedure against examples worked by hand."""

import math

import pytest

from mtjlab.analysis.randomness.holm_procedure import holm


def test_a_family_of_four_worked_by_hand() -> None:
    # Sorted: 0.005·4 = 0.020, 0.01·3 = 0.030, 0.03·2 = 0.060, 0.04·1 = 0.040 raised to the 0.060 before it.
    decision = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}, 0.05)
    assert dict(decision.adjusted) == pytest.approx({"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06})
    assert decision.rejected == {"a", "d"}


def test_nothing_after_the_first_that_stands_is_rejected() -> None:
    # 0.02 fails against 0.05/3, so 0.021 (below 0.05/2) and 0.022 (below 0.05) stand with it.
    assert holm({"a": 0.02, "b": 0.021, "c": 0.022}, 0.05).rejected == frozenset()


def test_adjusted_values_end_at_one_and_a_single_one_is_left_alone() -> None:
    assert holm({"a": 0.6, "b": 0.7}).adjusted == {"a": 1.0, "b": 1.0}
    assert holm({"a": 0.01}, 0.01).rejected == {"a"}
    assert holm({}).rejected == frozenset()


@pytest.mark.parametrize("p_value", [-0.1, 1.1, math.nan])
def test_what_is_no_probability_is_refused(p_value: float) -> None:
    with pytest.raises(ValueError, match="p-value of runs"):
        holm({"runs": p_value})


@pytest.mark.parametrize("level", [0.0, 1.0, 5.0])
def test_level_is_a_share(level: float) -> None:
    with pytest.raises(ValueError, match="level"):
        holm({"a": 0.5}, level)
