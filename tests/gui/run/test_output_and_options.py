"""Where recordings go, what they are called, what is on the table, and what ends a run early."""

from pathlib import Path

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from qtpy.QtWidgets import QLabel, QLineEdit

from mtjlab.core import InputError
from mtjlab.gui.run.options_form import OptionsForm
from mtjlab.gui.run.output_form import OutputForm
from mtjlab.procedures import RunOptions, StopConditions
from mtjlab.procedures.running.run_spec import file_name


@pytest.fixture
def output(qtbot, tmp_path):
    made = OutputForm(tmp_path)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def options(qtbot):
    made = OptionsForm()
    qtbot.addWidget(made)
    return made


def line(widget, name):
    (found,) = [each for each in widget.findChildren(QLineEdit) if each.accessibleName() == name]
    return found


def type_name(output, qtbot, words):
    field = line(output, "File name")
    field.clear()
    qtbot.keyClicks(field, words)


def test_a_name_is_proposed_that_no_file_has(output, tmp_path):
    output.propose("retention")
    first = output.name
    assert first.startswith("retention-20")
    assert first.endswith(".h5")
    (tmp_path / first).touch()
    output.propose("retention")
    assert output.name != first
    assert output.is_valid


def test_a_name_that_was_typed_stays_until_it_is_used(output, qtbot):
    output.propose("retention")
    type_name(output, qtbot, "mine")
    output.propose("retention")
    assert output.name == "mine.h5"
    output.propose("retention", anew=True)
    assert output.name.startswith("retention-")
    type_name(output, qtbot, "mine.h5")
    assert output.name == "mine.h5"
    output.propose("endurance")  # another procedure
    assert output.name.startswith("endurance-")


def test_several_runs_are_named_by_a_template(output, qtbot):
    output.propose("retention", several=True)
    assert file_name(output.name, {"run": 7}).endswith("/007.h5")
    type_name(output, qtbot, "{bias:.3f}V-{run:03}")
    assert output.is_valid
    assert file_name(output.name, {"bias": 0.02, "run": 1}) == "0.020V-001.h5"


@pytest.mark.parametrize("name", ["", " ", "a:b", "a?", "a*b", 'say "x"', "../up", "x" * 250, "missing/x"])
def test_a_name_that_no_file_may_have_is_refused(output, qtbot, name):
    output.propose("retention")
    type_name(output, qtbot, name)
    assert not output.is_valid
    assert any(label.isVisible() and label.styleSheet() for label in output.findChildren(QLabel))


def test_the_folder_is_shown_whole_and_must_be_there(output, tmp_path, qtbot):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    output.propose("retention")
    with qtbot.waitSignal(output.changed):
        output.set_folder(folder)
    assert output.folder == folder
    assert any(label.toolTip() == str(folder) for label in output.findChildren(QLabel))
    assert output.is_valid
    output.set_folder(tmp_path / "gone")
    assert not output.is_valid


def test_a_relative_folder_becomes_an_absolute_one(output, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    output.set_folder(Path())
    assert output.folder == tmp_path


def test_empty_lines_are_the_defaults(options):
    assert options.is_valid
    assert options.options() == RunOptions()


def test_all_that_is_typed_reaches_the_options(options, tmp_path):
    words = {
        "Wafer": "W12", "Die": "3", "Device": "A7", "Operator": "E. N.", "Note": "wet day", "Seed": "5",
        "Stop after bits": "5 M", "Stop after time": "1 h", "Stop after health alarms": "2",
        "Folder for a copy": str(tmp_path), "Program at the end": "true",
    }  # fmt: skip
    for name, word in words.items():
        line(options, name).setText(word)
    sample = {"wafer": "W12", "die": "3", "device": "A7", "operator": "E. N.", "note": "wet day"}
    stop = StopConditions(bits=5_000_000, time=3600.0, alarms=2)
    assert options.options() == RunOptions(mirror=tmp_path, sample=sample, stop_when=stop, seed=5, notify="true")


@pytest.mark.parametrize(
    ("name", "word", "said"),
    [
        ("Seed", "five", "'five' is not a number"),
        ("Seed", "-1", "seed = -1: give a whole number"),
        ("Seed", "1e99", "give a whole number"),
        ("Stop after bits", "0", "stop condition bits = 0"),
        ("Stop after bits", "2.5", "stop condition bits = 2.5"),
        ("Stop after time", "5 V", "stop condition time = 5 V"),
        ("Stop after health alarms", "some", "stop condition alarms = some"),
        ("Folder for a copy", "/no/such/folder", "/no/such/folder is no folder"),
    ],
)
def test_a_line_that_is_wrong_is_red_and_said_with_what_is_allowed(options, name, word, said):
    line(options, name).setText(word)
    assert not options.is_valid
    assert "border" in line(options, name).styleSheet()
    assert said in line(options, name).toolTip()
    assert any(said in label.text() for label in options.findChildren(QLabel))
    line(options, name).clear()
    assert options.is_valid


def test_a_line_that_is_wrong_gives_no_options(options):
    line(options, "Seed").setText("five")
    with pytest.raises(InputError):
        options.options()


def test_what_a_plan_says_is_shown(options):
    options.show_sample({"wafer": "W1", "note": ""})
    options.show_options(StopConditions(bits=1000, time=60.5), 7)
    assert options.sample == {"wafer": "W1"}
    assert options.options().stop_when == StopConditions(bits=1000, time=60.5)
    options.show_options(StopConditions(), None)
    assert options.options() == RunOptions(sample={"wafer": "W1"})
