"""Parameters are typed as people say them; what is refused is red in its place, and Start is off."""

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.gui.run.parameter_form import ParameterForm
from mtjlab.instruments import BenchFile
from mtjlab.procedures import find_procedure, procedure_names, set_values

OWN = '''
from pymeasure.experiment import BooleanParameter, FloatParameter, IntegerParameter, Parameter, Procedure

class Heater(Procedure):
    """Heat and look."""

    power = FloatParameter("Power", units="mW", description="How hot.")
    pulsed = BooleanParameter("Pulsed", default=False)
    pulses = IntegerParameter("Pulses", default=3, minimum=1, maximum=10, group_by="pulsed")
    label = Parameter("Label", default="x")
    DATA_COLUMNS = ["T (K)"]

    def get_estimates(self):
        ESTIMATES
'''


def test_a_value_is_typed_with_its_unit_refused_in_its_place_corrected_and_started(person, qtbot):
    assert person.may_start
    person.type("Largest bias", "10 ns")
    assert person.is_red("Largest bias")
    assert not person.may_start
    assert "'10 ns' is not in V: give a number in V, or a value such as 1250 mV" in person.texts()
    person.type("Largest bias", "25 mV")
    assert not person.is_red("Largest bias")
    with qtbot.waitSignal(person.room.start_requested) as asked:
        person.press("Start")
    (request,) = asked.args
    assert (request.procedure.bias, request.name, request.is_plan) == (0.025, "contact-check", False)
    assert request.output.parent == person.room.folder


def test_what_the_bench_does_not_allow_is_refused_with_what_it_does(person):
    person.type("Largest bias", "3 V")
    assert person.is_red("Largest bias")
    assert not person.room.is_valid
    assert "allows" in person.texts() or "takes" in person.texts()


def test_a_range_follows_the_other_parameters(open_room):
    person = open_room("random-bitstream")
    wide = person.texts()
    person.type("Pulse width", "50 ns")
    assert person.texts() != wide  # a longer pulse may be less high
    person.type("Pulse amplitude", "1.7 V")
    assert person.is_red("Pulse amplitude")
    person.type("Pulse width", "2 ns")
    assert not person.is_red("Pulse amplitude")


def test_a_changed_value_shows_its_default_and_goes_back_to_it(person):
    before = person.shown("Readings at each bias")
    person.type("Readings at each bias", "7")
    assert f"Default {before}." in person.texts()
    assert person.room.procedure.readings == 7
    person.press("Reset Readings at each bias")
    assert person.shown("Readings at each bias") == before
    assert "Default" not in person.texts()


def test_parameters_stand_in_groups_with_a_sentence_unit_and_range(open_room):
    person = open_room("random-bitstream")
    for group in ("Basic (11)", "Feedback (10)", "Expert (8)"):
        assert person.button(group).isChecked()
    assert "Length of each pulse at half of its height. 1.5 ns to" in person.texts()
    assert person.shown("Pulse width") == "10 ns"
    assert person.shown("Bits") == "1 M"
    person.press("Feedback (10)")
    with pytest.raises(AssertionError, match="0 inputs are called Actuator"):
        person.field("Actuator")


def test_another_bench_has_other_ranges_and_what_was_typed_stays(open_room):
    person = open_room("random-bitstream")
    person.type("Bits", "5 M")
    person.room.set_bench(BenchFile.load("simulated-fast"))
    assert "on simulated-fast" in person.texts()
    assert person.room.procedure.bits == 5_000_000
    assert person.room.procedure.amplitude == 0.8415  # the default of that bench


def test_without_a_bench_nothing_starts_and_the_form_says_why(open_room):
    person = open_room(bench=None)
    assert not person.may_start
    assert "There is no bench: open one." in person.texts()


@pytest.mark.parametrize("estimates", ["raise RuntimeError('half typed')", "return 4020", "return [('Time', 'long')]"])
def test_ones_own_procedure_works_whatever_its_estimate_does(open_room, tmp_path, estimates):
    file = tmp_path / "own.py"
    file.write_text(OWN.replace("ESTIMATES", estimates))
    person = open_room(f"{file}:Heater")
    assert "Heat and look." in person.texts()
    assert "How hot." in person.texts()
    assert "There is no default: give a value." in person.texts()
    assert not person.may_start
    person.type("Power", "1 W")
    assert person.room.procedure.power == 1000.0  # its unit is mW
    assert person.may_start
    with pytest.raises(AssertionError, match="0 inputs"):
        person.field("Pulses")  # PyMeasure's group_by: they mean nothing unless it is pulsed
    person.pick("Pulsed", True)
    assert person.shown("Pulses") == "3"
    person.wait_for(
        {"return 4020": "1 h 7 min, until", "raise": "Time: unknown"}.get(estimates.partition(" (")[0], "Time: ")
    )


def test_a_procedure_that_there_is_none_of_is_refused_in_its_place(person, qtbot, tmp_path):
    person.type("Procedure", "no-such")
    qtbot.keyClick(person.field("Procedure").lineEdit(), "\r")
    assert person.is_red("Procedure")
    assert "procedure 'no-such' is not known" in person.texts()
    person.pick("Procedure", "retention")
    assert not person.is_red("Procedure")
    assert "Time how long each state lasts" in person.texts()


@pytest.mark.parametrize("name", procedure_names())
def test_every_installed_procedure_is_shown_with_its_defaults_on_the_bench(qtbot, name):
    kind, bench = find_procedure(name), BenchFile.load("simulated")
    form = ParameterForm(kind, bench)
    qtbot.addWidget(form)
    assert form.changes == {}
    values = set_values(form.procedure)
    form.show_values(values)  # what is shown is read as the same values
    assert set_values(form.procedure) == values


def test_each_request_has_a_procedure_of_its_own(qtbot):
    form = ParameterForm(find_procedure("contact-check"), BenchFile.load("simulated"))
    qtbot.addWidget(form)
    form.fields["readings"].show_value(7)
    one, other = form.get_procedure(), form.get_procedure()
    assert one is not other
    assert one.readings == other.readings == 7
    form.fields["readings"].show_value(8)
    assert one.readings == 7


@pytest.mark.parametrize(
    ("name", "word", "said"),
    [
        ("bias", "10 ns", "Largest bias = 10 ns: '10 ns' is not in V"),
        ("bias", "0.9", "Largest bias = 0.9"),
        ("readings", "many", "Readings at each bias = many: Readings at each bias takes whole numbers"),
    ],
)
def test_no_procedure_is_made_of_what_is_refused(qtbot, name, word, said):
    form = ParameterForm(find_procedure("contact-check"), BenchFile.load("simulated"))
    qtbot.addWidget(form)
    form.fields[name].show_value(word)
    assert list(form.refused) == [name]
    with pytest.raises(ValueError, match=said):
        form.get_procedure()
    form.fields[name].reset()
    assert form.is_valid


def test_values_that_are_shown_replace_all_that_was_typed(qtbot):
    form = ParameterForm(find_procedure("random-bitstream"))
    qtbot.addWidget(form)
    form.fields["bits"].show_value(10)
    form.show_values({"width": "2 ns", "amplitude": 1.3, "no_such_parameter": 1})
    assert form.changes == {"width": 2e-9, "amplitude": 1.3}
    form.show_values({"width": "2 V"})
    assert form.refused.keys() == {"width"}
    assert form.fields["width"].word == "2 V"  # as it was given, in red
