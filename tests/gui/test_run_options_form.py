"""A run from the window has the options of one from the command: sample, stop conditions, seed, mirror, program."""

import sys

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.core import InputError
from mtjlab.data import Recording
from mtjlab.gui.run_options_form import RunOptionsForm
from mtjlab.gui.runner_window import RunnerWindow
from mtjlab.procedures import RunOptions, StopConditions


def test_empty_lines_are_the_defaults(application):
    assert RunOptionsForm().options() == RunOptions()


@pytest.mark.parametrize(
    ("name", "word", "message"),
    [
        ("seed", "five", "seed = five: give a whole number"),
        ("seed", "-1", "seed = -1: give a whole number"),
        ("bits", "0", "stop condition bits = 0"),
        ("time", "soon", "stop condition time = soon"),
    ],
)
def test_a_line_that_is_wrong_is_said_with_what_is_allowed(application, name, word, message):
    form = RunOptionsForm()
    form.lines[name].setText(word)
    with pytest.raises(InputError) as refused:
        form.options()
    assert message in str(refused.value)


def test_a_run_that_is_resumed_keeps_its_seed_and_sample(application):
    form = RunOptionsForm()
    for name, word in {"seed": "5", "wafer": "W12", "alarms": "3"}.items():
        form.lines[name].setText(word)
    assert form.options(resume=True) == RunOptions(resume=True, stop_when=StopConditions(alarms=3))


def test_all_options_reach_the_recording(application, tmp_path, wait_for_end):
    (tmp_path / "copies").mkdir()
    told = tmp_path / "told.txt"
    program = tmp_path / "hook.py"
    program.write_text(f"import os, pathlib\npathlib.Path({str(told)!r}).write_text(os.environ['MTJLAB_STATUS'])\n")
    window = RunnerWindow("simulated", tmp_path)
    window.inputs.set("bits", "1e12")
    words = {
        "wafer": "W12", "operator": "E. N.", "bits": "20,000", "seed": "5", "mirror": str(tmp_path / "copies"),
        "notify": f'{sys.executable} "{program}"',
    }  # fmt: skip
    for name, word in words.items():
        window.options.lines[name].setText(word)
    window.start()
    wait_for_end(window)
    window.close()
    assert window.run.error is None
    recording = Recording(window.run.path)
    assert (recording.status, recording.committed) == ("finished", 20_000)
    assert (recording.sample["wafer"], recording.sample["operator"]) == ("W12", "E. N.")
    assert recording.bench_attributes["seed"] == 5
    assert Recording(tmp_path / "copies" / window.run.path.name).committed == 20_000
    assert told.read_text() == "finished"
