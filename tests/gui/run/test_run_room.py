"""The form as a whole: sweeps, plans, presets, files, estimates, the dry run, the queue."""

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from qtpy.QtCore import QMimeData, QPointF, Qt, QUrl
from qtpy.QtGui import QDropEvent
from qtpy.QtWidgets import QLineEdit

from mtjlab.instruments import BenchFile
from mtjlab.procedures import ContactCheck, Plan, RunOptions, run
from mtjlab.procedures.running import RunQueue


def add_sweep(person, parameter="Largest bias", how="from, to, count", **words):
    person.press("Add sweep")
    person.pick("Sweep over", parameter)
    person.pick("Values as", how)
    for name, word in words.items():
        person.type(f"Sweep {name.rstrip('_')}", word)


def drop(room, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    room.dropEvent(
        QDropEvent(
            QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )


def test_a_sweep_becomes_a_plan_whose_runs_and_time_are_shown(person, qtbot):
    add_sweep(person, from_="10 mV", to="20 mV", count="3")
    assert "3 runs, a recording each." in person.texts()
    person.wait_for("3 runs\nTime:")
    with qtbot.waitSignal(person.room.start_requested) as asked:
        person.press("Start")
    (request,) = asked.args
    assert request.is_plan
    runs = request.runs(None)
    assert [each.parameters["bias"] for each in runs] == [0.01, 0.015, 0.02]
    assert {each.path.parent.parent for each in runs} == {person.room.folder}


def test_a_sweep_that_is_not_complete_or_refused_keeps_start_off(person):
    add_sweep(person, from_="10 mV", to="9 kV", count="3")
    assert person.is_red("Sweep to")
    assert not person.may_start
    person.type("Sweep to", "20 mV")
    assert person.may_start
    person.type("Sweep count", "1")
    assert not person.may_start
    person.press("Remove sweep")
    assert person.may_start
    assert "One run" in person.texts()


def test_a_plan_that_is_saved_opens_as_the_same_form_and_runs_by_the_command(person, open_room, tmp_path):
    add_sweep(person, how="list", values="10 mV, 0.02")
    person.type("Readings at each bias", "7")
    person.open_page("Sample and options")
    person.type("Wafer", 'W"12"')
    person.type("Seed", "5")
    path = tmp_path / "night.toml"
    person.room.save_plan(path)
    assert "Saved as night.toml. Run it by: mtjlab run night.toml" in person.texts()
    plan = Plan.load(path)
    assert [(each.parameters["bias"], each.parameters["readings"]) for each in plan.planned_runs()] == [
        (0.01, 7),
        (0.02, 7),
    ]
    assert (plan.seed, plan.sample.wafer) == (5, 'W"12"')
    again = open_room("retention")
    again.room.open_plan(path)
    assert (again.shown("Readings at each bias"), again.shown("Sweep values")) == ("7", "10 mV, 20 mV")
    again.open_page("Sample and options")
    assert (again.shown("Wafer"), again.shown("Seed")) == ('W"12"', "5")


def test_two_sweeps_are_combined_or_go_together(person, tmp_path):
    path = tmp_path / "plan.toml"
    text = (
        '[[runs]]\nprocedure = "contact-check"\nrepeats = 2\n[[runs.sweep]]\nbias = [0.01, 0.02]\nreadings = [5, 6]\n'
    )
    path.write_text(text + '[[runs.sweep]]\ncompliance = { from = 1e-6, to = 1e-5, count = 3, spacing = "log" }\n')
    person.room.open_plan(path)
    assert "12 runs, a recording each. Each value of one sweep is combined" in person.texts()
    assert person.room.is_valid
    person.room.save_plan(tmp_path / "again.toml")
    one, other = Plan.load(path).runs[0], Plan.load(tmp_path / "again.toml").runs[0]
    assert (one.sweep, one.repeats) == (other.sweep, other.repeats)


@pytest.mark.parametrize("text", ["", "not toml", '[[runs]]\nprocedure = "no-such"\n', '[[runs]]\nprocedur = "x"\n'])
def test_a_plan_that_is_wrong_is_refused_and_the_form_stays(person, tmp_path, text):
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    before = person.shown("Procedure")
    person.room.open_plan(path)
    assert person.shown("Procedure") == before
    assert person.room.is_valid
    person.room.take_parameters(path)
    assert "wrong.toml" in person.texts()


def test_a_preset_is_saved_taken_and_deleted(person, open_room):
    person.type("Readings at each bias", "9")
    person.type("Preset", "slow and sure")
    person.press("Save preset")
    assert "Saved as preset slow and sure." in person.texts()
    again = open_room()
    assert again.shown("Readings at each bias") != "9"
    again.pick("Preset", "slow and sure")
    assert again.room.procedure.readings == 9
    again.type("Preset", "slow and sure")
    again.press("Delete preset")
    assert again.field("Preset").findText("slow and sure") == -1


def test_a_preset_has_no_name_that_leads_out_of_its_folder(person, tmp_path):
    person.type("Preset", "../../evil")
    person.press("Save preset")
    assert "is no name of a preset" in person.texts()
    assert not list(tmp_path.rglob("evil*"))


def test_a_recording_that_is_dropped_gives_its_parameters_and_sample(open_room, tmp_path):
    path = tmp_path / "contact.h5"
    run(ContactCheck(bias=0.01, readings=2), "simulated", path, RunOptions(sample={"wafer": "W7"}))
    person = open_room("retention")
    drop(person.room, path)
    assert person.shown("Procedure") == "contact-check"
    assert (person.shown("Largest bias"), person.shown("Readings at each bias")) == ("10 mV", "2")
    person.open_page("Sample and options")
    assert person.shown("Wafer") == "W7"
    drop(person.room, tmp_path / "missing.h5")
    assert "missing.h5" in person.texts()


def test_a_file_that_exists_is_not_written_over(person, tmp_path):
    (tmp_path / "taken.h5").write_text("")
    person.type("File name", "taken")
    assert person.is_red("File name")
    assert "taken.h5 exists: choose another name" in person.texts()
    assert not person.may_start
    person.type("File name", "a:b")
    assert not person.may_start
    person.type("File name", "free")
    assert person.may_start
    assert person.room.request().output == tmp_path / "free.h5"
    person.room.set_folder(tmp_path / "gone")
    assert not person.may_start
    assert "is not there: choose another" in person.texts()


def test_options_are_checked_as_they_are_typed(person):
    person.open_page("Sample and options")
    for name, wrong, right in (
        ("Seed", "five", "5"),
        ("Stop after time", "soon", "20 min"),
        ("Stop after bits", "0", "5 M"),
    ):
        person.type(name, wrong)
        assert person.is_red(name)
        assert not person.may_start
        person.type(name, right)
        assert not person.is_red(name)
    options = person.room.request().options
    assert (options.seed, options.stop_when.time, options.stop_when.bits) == (5, 1200.0, 5_000_000)


def test_a_dry_run_says_in_place_what_the_bench_allows(person):
    person.press("Dry run")
    person.wait_for("within the limits of the bench simulated. No output was touched.")
    person.type("Readings at each bias", "6")
    assert "within the limits" not in person.texts()  # it was of other values


def test_the_queue_takes_what_the_form_asks_for(person, qtbot, tmp_path):
    person.type("Largest bias", "10 mV")
    queue = RunQueue(tmp_path / "queue.db")
    person.room.set_running(True)
    assert not person.may_start
    assert "A run is under way: add this one to the queue." in person.texts()
    with qtbot.waitSignal(person.room.queue_requested) as asked:
        person.press("Add to queue")
    (request,) = asked.args
    assert queue.add(request.queue_request(), BenchFile.load("simulated")) == 1
    executor = queue.entries()[0].request.executor()
    assert executor.runs[0].procedure().bias == 0.01
    person.room.set_running(False)
    assert person.may_start


def test_a_parameter_without_a_default_may_be_swept_instead(open_room, tmp_path):
    file = tmp_path / "own.py"
    file.write_text(
        "from pymeasure.experiment import FloatParameter, Procedure\n"
        "class Own(Procedure):\n    DATA_COLUMNS = ['x']\n    power = FloatParameter('Power', units='W')\n"
    )
    person = open_room(f"{file}:Own")
    assert not person.may_start
    add_sweep(person, "Power", from_="1 mW", to="1 W", step="1 mW", how="from, to, step")
    assert "1,000 runs, a recording each." in person.texts()
    assert person.may_start


def test_no_line_takes_the_file_that_is_dropped_on_the_form(person):
    add_sweep(person, how="list", values="10 mV")
    assert not [each.accessibleName() for each in person.room.findChildren(QLineEdit) if each.acceptDrops()]


def test_one_parameter_is_not_swept_twice(person):
    add_sweep(person, how="list", values="10 mV, 11 mV")
    path = person.room.folder / "plan.toml"
    person.room.save_plan(path)
    path.write_text(path.read_text() + "[[runs.sweep]]\nbias = [0.01]\n")
    person.room.open_plan(path)
    assert "bias is swept twice: remove one." in person.texts()
    assert not person.may_start
