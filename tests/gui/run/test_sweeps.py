"""Sweeps on the form: lists and ranges with units, checked against the parameter, together or each with each."""

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from qtpy.QtWidgets import QLabel, QLineEdit

from mtjlab.core import InputError
from mtjlab.gui.run.sweep_form import SweepForm
from mtjlab.gui.run.sweep_row import SweepRow
from mtjlab.procedures import RandomBitstream
from mtjlab.procedures.running import MOST, Range, points_of


@pytest.fixture
def row(qtbot):
    made = SweepRow(RandomBitstream, is_first=True)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def form(qtbot):
    made = SweepForm(RandomBitstream)
    qtbot.addWidget(made)
    made.show()
    return made


def lines(row):
    return {line.accessibleName(): line for line in row.findChildren(QLineEdit) if line.isVisible()}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("amplitude", [1.2, 1.25, 1.3]),
        ("bits", [1000, 2_500_000, 1_234_567]),
        ("mode", ["toggle", "reset"]),
        ("width", Range.model_validate({"from": 1e-9, "to": 1e-8, "step": 1e-9})),
        ("amplitude", Range.model_validate({"from": 1.2, "to": 1.3, "count": 11})),
        ("width", Range.model_validate({"from": 1e-9, "to": 1e-7, "count": 3, "spacing": "log"})),
        ("block", Range.model_validate({"from": 100, "to": 500, "step": 100})),
    ],
)
def test_a_sweep_that_is_shown_is_read_as_the_same(row, name, values):
    row.show_sweep(name, values, together=False)
    assert (row.name, row.values(), row.is_valid) == (name, values, True)


def test_a_range_shows_the_lines_that_it_needs(row):
    row.show_sweep("width", Range.model_validate({"from": 1e-9, "to": 1e-8, "step": 1e-9}), together=False)
    assert {name: line.text() for name, line in lines(row).items()} == {
        "Sweep from": "1 ns", "Sweep to": "10 ns", "Sweep step": "1 ns",
    }  # fmt: skip
    row.show_sweep("width", [1e-9], together=False)
    assert {name: line.text() for name, line in lines(row).items()} == {"Sweep values": "1 ns"}


@pytest.mark.parametrize(
    ("line", "word", "said"),
    [
        ("Sweep from", "", "Give from."),
        ("Sweep from", "1 V", "'1 V' is not in s"),
        ("Sweep to", "1 h", "Pulse width takes"),
        ("Sweep step", "0", "is no range"),
        ("Sweep step", "-1 ns", "is no range"),
        ("Sweep step", "1 as", "is no range"),  # a billion values
    ],
)
def test_what_a_range_does_not_take_is_said_below_it(row, line, word, said):
    row.show_sweep("width", Range.model_validate({"from": 1e-9, "to": 1e-8, "step": 1e-9}), together=False)
    lines(row)[line].setText(word)
    assert not row.is_valid
    assert any(said in label.text() for label in row.findChildren(QLabel))
    with pytest.raises(InputError):
        row.values()


def test_only_whole_numbers_sweep_a_count(row):
    row.show_sweep("block", Range.model_validate({"from": 100, "to": 101, "count": 3}), together=False)
    assert not row.is_valid
    row.show_sweep("block", Range.model_validate({"from": 100, "to": 102, "count": 3}), together=False)
    assert row.is_valid


@pytest.mark.parametrize("word", ["", "1", "2.5", "-3", "many", "9" * 40])
def test_a_count_is_a_whole_number_from_two(row, word):
    row.show_sweep("width", Range.model_validate({"from": 1e-9, "to": 1e-8, "count": 4}), together=False)
    lines(row)["Sweep count"].setText(word)
    assert not row.is_valid


def test_a_list_needs_values_that_its_parameter_takes(row):
    row.show_sweep("mode", ["toggle"], together=False)
    for words, right in (("", False), ("reset, toggle", True), ("reset, sideways", False), (" , ", False)):
        lines(row)["Sweep values"].setText(words)
        assert row.is_valid is right


def test_an_empty_form_is_one_run(form):
    assert (form.is_used, form.is_valid, form.sweeps(), form.swept) == (False, True, [], set())


def test_sweeps_of_a_plan_are_shown_as_they_are(form):
    sweeps = [{"amplitude": [1.2, 1.3], "width": [1e-8, 2e-8]}, {"bits": [1000, 2000, 3000]}]
    form.show_sweeps(sweeps, 2)
    assert (form.sweeps(), form.repeats, form.is_used) == (sweeps, 2, True)
    assert form.swept == {"amplitude", "width", "bits"}
    assert len(points_of(form.sweeps())) == 6
    form.show_sweeps([])
    assert (form.sweeps(), form.repeats, form.is_used) == ([], 1, False)


def test_lists_that_go_together_are_of_one_length(form):
    form.show_sweeps([{"amplitude": [1.2, 1.3], "width": [1e-8]}])
    assert not form.is_valid
    assert any("different numbers of them" in label.text() for label in form.findChildren(QLabel))


def test_more_runs_than_a_plan_has_are_refused(form):
    many = Range.model_validate({"from": 1.0, "to": 1.3, "count": 200})
    form.show_sweeps([{"amplitude": many}, {"width": Range.model_validate({"from": 1e-9, "to": 2e-9, "count": 51})}])
    assert not form.is_valid
    assert any(f"more than {MOST:,}" in label.text() for label in form.findChildren(QLabel))


def test_repeats_alone_are_several_runs(form):
    form.show_sweeps([], 3)
    assert (form.is_used, form.is_valid) == (True, True)
    assert any(label.text() == "3 runs, a recording each." for label in form.findChildren(QLabel))


def test_the_first_sweep_goes_together_with_none(form, qtbot):
    form.show_sweeps([{"amplitude": [1.2, 1.3], "width": [1e-8, 2e-8]}])
    first, second = form.findChildren(SweepRow)
    assert (first.is_together, second.is_together) == (False, True)
    first.removed.emit()
    qtbot.waitUntil(lambda: len(form.findChildren(SweepRow)) == 1)
    assert not second.is_together
    assert form.sweeps() == [{"width": [1e-8, 2e-8]}]
