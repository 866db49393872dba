"""Parameters in groups, in the order of use, each with a sentence: those of mtjlab's procedures and of a user's own."""

from typing import ClassVar

import pytest
from pymeasure.experiment import FloatParameter, IntegerParameter, Procedure

from mtjlab.procedures import (
    MeasurementProcedure,
    PowerUps,
    RandomBitstream,
    Retention,
    find_procedure,
    grouped_parameters,
    parameter_note,
    procedure_names,
    stated_parameters,
)


class Plain(Procedure):
    """A user's."""

    gain = FloatParameter("Gain", default=1.0, description="Of the amplifier.")
    width = FloatParameter("Width", units="mm", default=1.0)


class Grouped(Plain):
    """A user's who knows groups."""

    steps = IntegerParameter("Steps", default=3)
    parameter_groups: ClassVar = {"Expert": ("gain",), "Stage": ("steps",)}
    parameter_notes: ClassVar = {"steps": "How many.", "gain": "Not told: the parameter says it itself."}


class Fitted(MeasurementProcedure):
    """One with a fit, and an override of where a common parameter stands."""

    settle = FloatParameter("Settle", default=1.0)
    guess = FloatParameter("Guess", default=1.0)
    bias = FloatParameter("Bias", default=1.0)
    fit_settings = ("guess",)


@pytest.mark.parametrize("name", procedure_names())
def test_each_parameter_of_an_installed_procedure_is_in_one_group(name):
    kind = find_procedure(name)
    grouped = [parameter for names in grouped_parameters(kind).values() for parameter in names]
    assert sorted(grouped) == sorted(stated_parameters(kind))


def test_the_bitstream_has_three_groups_in_the_order_of_use():
    groups = grouped_parameters(RandomBitstream)
    assert list(groups) == ["Basic", "Feedback", "Expert"]
    assert groups["Basic"][:3] == ["bits", "amplitude", "width"]
    assert groups["Feedback"][0] == "feedback"
    assert all(parameter_note(RandomBitstream, name) for names in groups.values() for name in names)


def test_what_a_derived_procedure_adds_is_basic():
    assert {"restarts", "samples", "off_time"} <= set(grouped_parameters(PowerUps)["Basic"])


def test_what_only_the_fit_uses_is_a_group_of_its_own():
    assert grouped_parameters(Fitted) == {"Basic": ["bias"], "Fit": ["guess"], "Expert": ["settle"]}
    assert grouped_parameters(Retention())["Fit"] == ["damping"]


def test_a_users_own_procedure_needs_no_groups():
    assert grouped_parameters(Plain) == {"": ["gain", "width"]}
    assert parameter_note(Plain, "gain") == "Of the amplifier."
    assert parameter_note(Plain, "width") == ""  # no pulse of ours


def test_a_users_own_procedure_may_have_groups():
    assert grouped_parameters(Grouped) == {"Basic": ["width"], "Stage": ["steps"], "Expert": ["gain"]}
    assert parameter_note(Grouped(), "steps") == "How many."
    assert parameter_note(Grouped(), "gain") == "Of the amplifier."
