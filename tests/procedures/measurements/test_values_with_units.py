"""Parameters take values as people say them, by `--set`, in plans and from Python; a bare number stays SI."""

import pytest
from pymeasure.experiment import FloatParameter, IntegerParameter, Procedure

from mtjlab.core import InputError
from mtjlab.procedures import Plan, RandomBitstream, assign, parse


class Heater(Procedure):
    """One of a user, whose units are the user's."""

    voltage = FloatParameter("Voltage", units="mV", default=1.0)
    steps = IntegerParameter("Steps", default=3, minimum=1, maximum=10_000)
    gain = FloatParameter("Gain", units="arb. u.", default=1.0)


def test_values_with_units_are_converted_and_bare_numbers_stay_si():
    words = {
        "width": "10 ns",
        "amplitude": "1250 mV",
        "bits": "5 M",
        "field": "80 Oe",
        "share": "20 %",
        "settle": "2e-6",
    }
    assert parse(RandomBitstream(), words) == {
        "width": 1e-8, "amplitude": 1.25, "bits": 5_000_000, "field": 8e-3, "share": 0.2, "settle": 2e-6,
    }  # fmt: skip


def test_a_users_own_procedure_takes_values_with_units():
    assert parse(Heater(), {"voltage": "1 V", "steps": "2 k", "gain": "3 arb. u."}) == {
        "voltage": 1000.0, "steps": 2000, "gain": 3.0,
    }  # fmt: skip
    assert parse(Heater(), {"voltage": "7"}) == {"voltage": 7.0}  # in the parameter's own unit


@pytest.mark.parametrize(
    ("name", "word", "said"),
    [
        ("width", "10 V", r"^width = 10 V: Pulse width: '10 V' is not in s: .* 10 ns$"),
        ("bits", "5 s", r"^bits = 5 s: Bits: '5 s' is not a number without a unit: .* 5 M or 2e6$"),
        ("bits", "2.5", "whole numbers"),
        ("bits", "1e999999999", "whole numbers"),
        ("amplitude", "10 kV", "Pulse amplitude takes 0.05 to 5 V"),
        ("amplitude", "1,250", "write a decimal point, not a comma"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(name, word, said):
    with pytest.raises(InputError, match=said) as refused:
        assign(RandomBitstream(), name, word, f"{name} = {word}")
    assert "\n" not in str(refused.value)


def test_a_plan_says_values_with_units_and_in_si_for_the_same_runs(tmp_path):
    text = """
    [[runs]]
    procedure = "random-bitstream"
    parameters = {{ width = {width}, bits = {bits} }}
    [[runs.sweep]]
    amplitude = {amplitudes}
    """
    said = text.format(width='"10 ns"', bits='"1 k"', amplitudes='["1250 mV", "1.3 V"]')
    bare = text.format(width="1e-8", bits="1000", amplitudes="[1.25, 1.3]")
    one, other = (Plan.parse(each, tmp_path / "night.toml").planned_runs() for each in (said, bare))
    assert [run.parameters for run in one] == [run.parameters for run in other]
    assert [run.parameters["amplitude"] for run in one] == [1.25, 1.3]
