"""The same options hold however a run is started; what is wrong in them is said before anything is opened."""

import json
import os
import sys

import pytest

from mtjlab.core import InputError
from mtjlab.data import Recording
from mtjlab.instruments import LimitError, open_bench
from mtjlab.procedures import RandomBitstream, RunOptions, StopConditions, run
from mtjlab.procedures.running.run_request import RunRequest


@pytest.fixture
def hook(tmp_path):
    """Give a program to notify by, and what reads what it was told."""
    program = tmp_path / "hook.py"
    program.write_text(
        "import json, os, pathlib\n"
        "told = {name: word for name, word in os.environ.items() if name.startswith('MTJLAB_')}\n"
        f"pathlib.Path({str(tmp_path / 'told.json')!r}).write_text(json.dumps(told))\n"
    )
    return f'{sys.executable} "{program}"', lambda: json.loads((tmp_path / "told.json").read_text())


def test_python_opens_the_bench_with_the_seed_and_keeps_all_options(tmp_path, hook):
    command, told = hook
    (tmp_path / "copies").mkdir()
    options = RunOptions(
        seed=5,
        sample={"wafer": "W12"},
        mirror=tmp_path / "copies",
        stop_when=StopConditions(bits=5000),
        notify=command,
    )
    path = tmp_path / "a.h5"
    recording = run(RandomBitstream(bits=10**9), "simulated", path, options, progress=lambda done, total: None)
    assert (recording.status, recording.committed) == ("finished", 5000)
    assert recording.sample["wafer"] == "W12"
    assert recording.bench_attributes["seed"] == 5
    assert (Recording(tmp_path / "copies/a.h5").bits[:] == recording.bits[:]).all()
    assert (told()["MTJLAB_STATUS"], told()["MTJLAB_BITS"], told()["MTJLAB_FILE"]) == ("finished", "5000", str(path))
    resumed = run(RandomBitstream(bits=7500), "simulated", path, seed=5, resume=True, progress=lambda done, total: None)
    assert resumed.committed == 7500


def test_a_failure_is_told_to_the_program(tmp_path, hook):
    command, told = hook
    with pytest.raises(LimitError):
        run(RandomBitstream(amplitude=4.0), "simulated", tmp_path / "a.h5", notify=command)
    assert told()["MTJLAB_STATUS"] == "failed"
    assert "is refused" in told()["MTJLAB_MESSAGE"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"seed": -1}, "seed = -1: give a whole number from 0 to 4294967295"),
        ({"sample": {"colour": "red"}}, "sample 'colour': give one of wafer, die, device, operator, note"),
        ({"resmue": True}, "run has no option 'resmue'"),
        ({"notify": "no-such-program"}, "there is no program 'no-such-program'"),
        ({"seed": 5}, "this bench is open already; give the seed to open_bench"),
    ],
)
def test_what_is_wrong_is_said_before_anything_runs(tmp_path, options, message):
    with open_bench("simulated", seed=1) as bench, pytest.raises(InputError) as refused:
        run(RandomBitstream(bits=5000), bench, tmp_path / "a.h5", **options)
    assert message in str(refused.value)
    assert not (tmp_path / "a.h5").exists()


@pytest.mark.parametrize(
    ("words", "conditions"),
    [
        ({"bits": "1e6", "time": ""}, StopConditions(bits=1_000_000)),
        ({"bits": "20,000", "alarms": "4"}, StopConditions(bits=20_000, alarms=4)),
        ({"time": "0.5"}, StopConditions(time=0.5)),
    ],
)
def test_stop_conditions_are_read_as_people_write_them(words, conditions):
    assert StopConditions.parse(words) == conditions


@pytest.mark.parametrize("words", [{"bits": "many"}, {"bits": "0"}, {"time": "-1"}, {"alarms": "1.5"}, {"hours": "3"}])
def test_a_condition_that_is_none_is_refused(words):
    with pytest.raises(InputError, match="stop condition"):
        StopConditions.parse(words)


def test_a_request_of_an_older_queue_is_read(tmp_path):
    """The words that version 0.1 wrote, before a request had a sample and stop conditions."""
    old = {
        "what": "random-bitstream", "plan_text": None, "settings": {"bits": "2500"},
        "output": os.fspath(tmp_path / "a.h5"), "bench": None, "seed": 3, "resume": False, "notify": "", "mirror": None,
    }  # fmt: skip
    request = RunRequest.model_validate_json(json.dumps(old))
    (outcome,) = request.executor().run()
    assert (outcome.status, outcome.tally.bits) == ("finished", 2500)
    # A request without them is written as an older mtjlab can read it.
    assert set(json.loads(request.model_dump_json(exclude_defaults=True))) == {"what", "settings", "output", "seed"}


def test_a_request_parses_each_word_once(tmp_path, monkeypatch):
    request = RunRequest.of("random-bitstream", settings={"amplitude": "1.21"}, output=tmp_path / "a.h5")
    converted = []
    parameter = type(RandomBitstream().parameter_objects()["amplitude"])
    convert = parameter.convert

    def count(self, value):
        if value == "1.21":
            converted.append(value)
        return convert(self, value)

    monkeypatch.setattr(parameter, "convert", count)
    executor = request.executor()
    assert executor.runs[0].parameters["amplitude"] == 1.21
    parsed = len(converted)
    assert executor.runs[0].procedure().amplitude == 1.21
    assert len(converted) == parsed <= 3  # the check of the range looks at it, PyMeasure converts and then sets it


def test_options_of_a_request_are_instead_of_those_of_its_plan(tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'seed = 1\nsample = { wafer = "W1", die = "3" }\nstop = { bits = 1_000_000, time = 60 }\n'
        '[[runs]]\nprocedure = "random-bitstream"\nname = "a"\nparameters = { bits = 1e9 }\n'
    )
    request = RunRequest.of(str(plan), sample={"wafer": "W2"}, stop=StopConditions(bits=5000))
    executor = request.executor()
    assert executor.options.stop_when == StopConditions(bits=5000, time=60)
    (outcome,) = executor.run()
    assert outcome.tally.bits == 5000
    sample = Recording(tmp_path / "a.h5").sample
    assert (sample["wafer"], sample["die"]) == ("W2", "3")
