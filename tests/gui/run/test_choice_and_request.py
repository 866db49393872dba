"""The choice of a procedure, the form's presets, and the request that it makes."""

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from qtpy.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from qtpy.QtGui import QDragEnterEvent, QDropEvent
from qtpy.QtWidgets import QComboBox, QFileDialog, QInputDialog, QLabel, QPushButton

from mtjlab.core import InputError
from mtjlab.gui.run.file_target import FileTarget
from mtjlab.gui.run.form_request import FormRequest
from mtjlab.gui.run.form_sources import values_of_plan, values_of_recording
from mtjlab.gui.run.preset_bar import PresetBar
from mtjlab.gui.run.presets import Presets
from mtjlab.gui.run.procedure_choice import ProcedureChoice
from mtjlab.instruments import BenchFile
from mtjlab.procedures import ContactCheck, RandomBitstream, Retention, RunOptions, StopConditions, procedure_names
from mtjlab.procedures.running import plan_text

TWO = "class Base: pass\nclass One(Base): pass\nclass Two(Base): pass\n"


@pytest.fixture
def choice(qtbot):
    made = ProcedureChoice()
    qtbot.addWidget(made)
    made.show_chosen("retention", Retention)
    return made


def button(widget, text):
    (found,) = [each for each in widget.findChildren(QPushButton) if each.text() == text]
    return found


def test_every_installed_procedure_is_in_the_list_once_under_a_topic(choice):
    (box,) = choice.findChildren(QComboBox)
    shown = [box.itemText(place) for place in range(box.count())]
    assert sorted(name for name in shown if not name.startswith("—")) == sorted(procedure_names())
    assert shown[0] == "— Random bits —"
    assert not box.model().item(0).isEnabled()


def test_a_part_of_a_name_finds_procedures_and_no_topic(choice):
    (box,) = choice.findChildren(QComboBox)
    completer = box.completer()
    completer.setCompletionPrefix("NOISE")
    assert completer.currentCompletion() == "resistance-noise"
    completer.setCompletionPrefix("torque")
    assert completer.completionCount() == 0


def test_a_choice_is_told_once_and_none_that_is_shown_already(choice, qtbot):
    (box,) = choice.findChildren(QComboBox)
    told = []
    choice.chosen.connect(told.append)
    box.textActivated.emit("retention")
    box.textActivated.emit("— The junction —")
    assert told == []
    box.textActivated.emit("endurance")
    assert told == ["endurance"]


def test_ones_own_file_gives_its_class_or_asks_which(choice, qtbot, tmp_path, monkeypatch):
    file = tmp_path / "own.py"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QInputDialog, "getItem", lambda *arguments: (arguments[3][1], True))
    file.write_text(TWO)
    with qtbot.waitSignal(choice.chosen) as told:
        qtbot.mouseClick(button(choice, "Own procedure…"), Qt.MouseButton.LeftButton)
    assert told.args == [f"{file}:Two"]
    file.write_text("class Only(object): pass\n")
    with qtbot.waitSignal(choice.chosen) as told:
        qtbot.mouseClick(button(choice, "Own procedure…"), Qt.MouseButton.LeftButton)
    assert told.args == [f"{file}:Only"]
    for text in ("x = 1\n", "this is no Python (\n"):
        file.write_text(text)
        qtbot.mouseClick(button(choice, "Own procedure…"), Qt.MouseButton.LeftButton)
        assert any("own.py defines no class" in label.text() for label in choice.findChildren(QLabel))


def test_presets_may_be_saved_and_deleted_where_there_is_a_name(qtbot, tmp_path):
    presets = Presets(tmp_path)
    presets.save("retention", "slow", "")
    bar = PresetBar(presets)
    qtbot.addWidget(bar)
    (box,) = bar.findChildren(QComboBox)
    bar.show_presets("retention")
    assert (bar.name, box.count()) == ("", 1)
    assert not button(bar, "Save").isEnabled()
    box.setEditText("slow")
    assert (button(bar, "Save").isEnabled(), button(bar, "Delete").isEnabled()) == (True, True)
    box.setEditText("new")
    assert (button(bar, "Save").isEnabled(), button(bar, "Delete").isEnabled()) == (True, False)
    with qtbot.waitSignal(bar.save_asked) as told:
        button(bar, "Save").click()
    assert told.args == ["new"]
    with qtbot.waitSignal(bar.taken) as told:
        box.textActivated.emit("slow")
    assert told.args == [tmp_path / "retention" / "slow.toml"]
    bar.show_presets("endurance")
    assert box.count() == 0


@pytest.mark.parametrize(("name", "taken"), [("a.h5", True), ("a.toml", True), ("a.csv", False), ("", False)])
def test_recordings_and_plans_may_be_dropped_and_nothing_else(qtbot, tmp_path, name, taken):
    target, told = FileTarget(), []
    qtbot.addWidget(target)
    target.file_given.connect(told.append)
    data = QMimeData()
    if name:
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    hand = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(1, 1), Qt.DropAction.CopyAction, data, *hand)
    entering.ignore()
    target.dragEnterEvent(entering)
    assert entering.isAccepted() is taken
    target.dropEvent(QDropEvent(QPointF(1, 1), Qt.DropAction.CopyAction, data, *hand))
    assert told == ([tmp_path / name] if taken else [])


def test_a_request_of_one_run_is_the_same_here_and_on_the_queue(tmp_path):
    options = RunOptions(seed=3, sample={"wafer": "W1"}, stop_when=StopConditions(bits=500), notify="true")
    procedure = RandomBitstream(bits=1000, width=2e-9, mode="reset")
    request = FormRequest(procedure, "random-bitstream", options, tmp_path / "a.h5", "simulated")
    (here,) = request.runs(BenchFile.load("simulated"))
    executor = request.queue_request().executor()
    (queued,) = executor.runs
    assert here.procedure().width == queued.procedure().width == 2e-9
    assert {name: queued.parameters[name] for name in here.parameters} == here.parameters
    assert (queued.path, queued.seed) == (tmp_path / "a.h5", 3)
    assert (executor.options.sample, executor.options.stop_when) == (options.sample, options.stop_when)


def test_a_request_of_several_runs_is_its_plan_here_and_on_the_queue(tmp_path):
    text = plan_text(
        "contact-check", {"readings": 3}, [{"bias": [0.01, 0.02]}], names="{bias:.2f}", folder=str(tmp_path)
    )
    request = FormRequest(ContactCheck(), "contact-check", RunOptions(), tmp_path, "simulated", text)
    here, queued = request.runs(BenchFile.load("simulated")), request.queue_request().executor().runs
    assert [run.path.name for run in here] == ["0.01.h5", "0.02.h5"]
    assert [run.path for run in here] == [run.path for run in queued] == request.queue_request().paths()
    assert [run.parameters["bias"] for run in queued] == [0.01, 0.02]


def test_a_plan_with_more_sections_says_what_the_form_leaves_out(tmp_path):
    path = tmp_path / "night.toml"
    path.write_text(plan_text("retention", {"bias": 0.01}) + plan_text("endurance", {}) + plan_text("endurance", {}))
    values = values_of_plan(path)
    assert (values.name, values.kind, values.parameters) == ("retention", Retention, {"bias": 0.01})
    assert values.left_out == "It has 2 more sections that the form does not show."


def test_a_plan_of_ones_own_procedure_is_found_beside_it(tmp_path):
    (tmp_path / "own.py").write_text("from pymeasure.experiment import Procedure\nclass Own(Procedure):\n    pass\n")
    (tmp_path / "night.toml").write_text(plan_text("own.py:Own", {}))
    values = values_of_plan(tmp_path / "night.toml")
    assert (values.name, values.kind.__name__) == (f"{tmp_path / 'own.py'}:Own", "Own")


def test_what_is_no_recording_and_no_plan_is_refused(tmp_path):
    (tmp_path / "a.h5").write_text("no HDF5")
    with pytest.raises(ValueError, match=r"a\.h5"):
        values_of_recording(tmp_path / "a.h5", Retention, "retention")
    with pytest.raises(InputError, match=r"b\.toml"):
        values_of_plan(tmp_path / "b.toml")
