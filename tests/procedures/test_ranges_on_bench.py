"""What a parameter is said to take on a bench is what the bench allows: by limits, line, coils and the generator."""

import math

import pytest
from pymeasure.experiment import FloatParameter

from mtjlab.core.errors import InputError, MtjlabError
from mtjlab.core.toml_document import TomlDocument
from mtjlab.instruments.bench.allowed_range import PulseSettings, allowed_range
from mtjlab.instruments.bench.file import BenchFile, shipped_benches
from mtjlab.instruments.bench.null_bench import unplugged_bench
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures import RandomBitstream, ResistanceAgainstField
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.parameters import assign
from mtjlab.procedures.measurements.registry import find_procedure, procedure_names
from mtjlab.procedures.measurements.suggested_values import procedure_on


def changed(text, **keys):
    for key, value in keys.items():
        head = text.index(f"\n{key} = ")
        text = f"{text[:head]}\n{key} = {value}{text[text.index(chr(10), head + 1) :]}"
    return BenchFile.parse(TomlDocument("text", text))


def refusal(procedure, file):
    """Let a procedure make its settings on a bench without instruments, and give what refuses them."""
    with unplugged_bench(file) as procedure.bench:
        try:
            procedure.configure()
        except MtjlabError as error:
            return error
    return None


def ends_of(file, name, parameter):
    return procedure_on(find_procedure(name), file).parameter_objects()[parameter].on_bench


@pytest.mark.parametrize("bench", sorted(shipped_benches()))
def test_the_interlock_allows_both_ends_of_every_range_that_is_told(bench):
    file = BenchFile.load(bench)
    for name in procedure_names():
        kind = find_procedure(name)
        usual = procedure_on(kind, file)
        if refusal(usual, file) is not None:
            continue  # this bench has not what the procedure needs
        for attribute, parameter in usual.parameter_objects().items():
            told = getattr(parameter, "on_bench", None)
            for end in () if told is None or told.missing else (told.low, told.high):
                procedure = procedure_on(kind, file)
                setattr(procedure, attribute, end)
                assert not isinstance(refusal(procedure, file), LimitError), (name, attribute, end)


@pytest.mark.parametrize(
    ("bench", "attribute"),
    [("simulated-fast", "amplitude"), ("simulated-fast", "bias"), ("simulated", "width"), ("simulated", "compliance")],
)
def test_the_interlock_refuses_what_is_beyond(bench, attribute):
    file = BenchFile.load(bench)
    procedure = procedure_on(RandomBitstream, file)
    setattr(procedure, attribute, 1.0001 * procedure.parameter_objects()[attribute].on_bench.high)
    assert isinstance(refusal(procedure, file), LimitError)


def test_the_line_and_the_bias_are_in_the_range_of_the_amplitude():
    fast = BenchFile.load("simulated-fast")
    # 101.9 kΩ behind 50 Ω, driven by twice the amplitude.
    gain = 2 * 101.9e3 / (101.9e3 + 50)
    assert allowed_range(fast, "pulse_amplitude").high == pytest.approx(1.8 / gain, rel=1e-5)
    biased = allowed_range(fast, "pulse_amplitude", PulseSettings(bias=0.05))
    assert biased.high == pytest.approx(1.75 / gain, rel=1e-5)
    assert biased.low == pytest.approx(-1.85 / gain, rel=1e-5) or biased.low == pytest.approx(-1.8 / gain, rel=1e-5)


def test_the_energy_of_a_pulse_is_in_the_range_of_its_width():
    file = BenchFile.load("simulated")
    told = allowed_range(file, "pulse_width", PulseSettings(amplitude=1.25, bias=0.05))
    volts = 1.25 * (1e6 + 50) / 1e6 * 50.9e3 / 50.95e3 + 0.05
    assert told.high == pytest.approx(2e-12 * 50.9e3 / volts**2, rel=1e-5)


def test_what_the_instruments_make_is_in_the_range():
    width = ends_of(BenchFile.load("simulated-fast"), "random-bitstream", "width")
    assert (width.low, width.high) == (1e-10, 10.2e-9)
    width = ends_of(BenchFile.load("simulated"), "random-bitstream", "width")
    assert width.low == 1.5e-9
    loops = shipped_benches()["simulated-loops"].replace("constant = 1.0 ", "constant = 0.5 ")
    assert allowed_range(BenchFile.parse(TomlDocument("text", loops)), "field").high == pytest.approx(0.1)
    narrow = changed(shipped_benches()["simulated-loops"], field=0.05)
    field = ends_of(narrow, "resistance-against-field", "lowest")
    assert (field.low, field.high) == (-0.05, 0.05)


def test_a_setting_whose_instrument_is_missing_says_which():
    told = ends_of(BenchFile.load("simulated"), "resistance-against-field", "highest")
    assert told.words == "no coil on this bench: add [roles.coil] to the bench file of simulated"


def test_a_message_about_a_value_tells_the_range_of_the_bench():
    file = BenchFile.load("simulated-fast")
    with pytest.raises(InputError, match=r"Pulse amplitude takes 0\.05 to 0\.875429 V on the bench simulated-fast"):
        assign(procedure_on(RandomBitstream, file), "amplitude", "7", "--set amplitude=7")
    with pytest.raises(InputError, match=r"Pulse amplitude takes 0\.05 to 5 V$"):
        assign(RandomBitstream(), "amplitude", "7", "--set amplitude=7")
    with pytest.raises(InputError, match=r"Lowest field takes -10 to 10 T$"):  # this bench has no coil to tell a range
        assign(procedure_on(ResistanceAgainstField, file), "lowest", "70", "--set lowest=70")


def test_every_number_that_is_set_on_an_instrument_states_its_limit():
    units = {"V", "T", "A"}
    free = {"resolution", "field_step", "step", "amplitude_step", "in_plane_field", "cancelling"}
    free |= {"anisotropy_field", "demagnetising_field"}  # known of the layers of a bar
    for name in procedure_names():
        for attribute, parameter in find_procedure(name)().parameter_objects().items():
            if isinstance(parameter, FloatParameter) and parameter.units in units and attribute not in free:
                assert isinstance(parameter, LimitedParameter), (name, attribute)
                assert math.isfinite(parameter.maximum)
