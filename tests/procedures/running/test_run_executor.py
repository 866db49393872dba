"""A plan is run run by run, stops where its conditions say, and continues at the point where it was."""

import os
import signal
import sys
import threading

import numpy as np
import pytest

from mtjlab.data.recording import Recording
from mtjlab.data.recording_error import RecordingError
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running.plan import Plan
from mtjlab.procedures.running.recording_worker import RecordingWorker
from mtjlab.procedures.running.run_options import RunHooks, RunOptions

PLAN = """\
seed = 5
folder = "out"
sample = { wafer = "W12" }

[[runs]]
procedure = "random-bitstream"
name = "{amplitude}"
parameters = { bits = 20_000 }
[[runs.sweep]]
amplitude = [1.2, 1.25, 1.3]
"""

ROWS = """\
from pymeasure.experiment import IntegerParameter, Procedure
class Ramp(Procedure):
    steps = IntegerParameter('Steps', default=3)
    DATA_COLUMNS = ['Step']
    def get_estimates(self):
        return 2.5
    def execute(self):
        for step in range(self.steps):
            self.emit('results', {'Step': step})
            if self.should_stop():
                return
"""


def load(folder, text=PLAN):
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return Plan.load(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    load(folder).executor().run()
    return folder / "out"


def test_all_runs_are_made_with_their_own_seed_and_keep_the_plan(whole):
    recordings = [Recording(whole / f"{amplitude}.h5") for amplitude in (1.2, 1.25, 1.3)]
    for recording, amplitude in zip(recordings, (1.2, 1.25, 1.3), strict=True):
        assert (recording.status, recording.committed) == ("finished", 20_000)
        assert recording.parameters["amplitude"].value == amplitude
        assert recording.plan == PLAN
        assert recording.sample["wafer"] == "W12"
        assert recording.sample["device"] == "reference"
    assert len({recording.bench_attributes["seed"] for recording in recordings}) == 3


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to itself")
def test_an_interrupted_plan_goes_on_to_the_content_of_an_uninterrupted_one(whole, tmp_path, monkeypatch):
    plan = load(tmp_path)
    pressed, told = threading.Event(), threading.Event()
    stop = RecordingWorker.stop

    def stop_and_tell(worker, *why):
        stop(worker, *why)
        told.set()

    def stage(name):
        def progress(done, total):
            if name == "1.25" and done / total > 0.4 and not pressed.is_set():
                pressed.set()
                os.kill(os.getpid(), signal.SIGINT)
                assert told.wait(60)  # else the run might end before it is told

        return progress

    monkeypatch.setattr(RecordingWorker, "stop", stop_and_tell)

    first = plan.executor(hooks=RunHooks(stage=stage))
    with pytest.raises(KeyboardInterrupt):
        first.run()
    assert [outcome.status for outcome in first.outcomes] == ["finished", "aborted"]
    assert not (tmp_path / "out/1.3.h5").exists()
    again = plan.executor(RunOptions(resume=True)).run()
    assert [outcome.status for outcome in again] == ["found", "finished", "finished"]
    for name in ("1.2.h5", "1.25.h5", "1.3.h5"):
        np.testing.assert_array_equal(Recording(tmp_path / "out" / name).bits[:], Recording(whole / name).bits[:])
    assert [outcome.status for outcome in plan.executor(RunOptions(resume=True)).run()] == ["found"] * 3


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to itself")
def test_a_second_control_c_stops_a_plan_within_the_block_and_it_goes_on(whole, tmp_path, monkeypatch):
    hangs, told, let_go = threading.Event(), threading.Event(), threading.Event()
    execute, stop = RandomBitstream.execute, RecordingWorker.stop

    def stop_and_tell(worker, *why):
        stop(worker, *why)
        told.set()

    def execute_and_hang(self):
        report = self.report

        def report_or_hang(event):
            report(event)
            if self.amplitude == 1.25 and isinstance(event, ProgressEvent) and not hangs.is_set():
                hangs.set()
                let_go.wait(100)  # a block that takes its time, and does not ask whether to stop
                raise InstrumentError("nobody listens any more")

        self.report = report_or_hang
        execute(self)

    monkeypatch.setattr(RecordingWorker, "stop", stop_and_tell)
    monkeypatch.setattr(RandomBitstream, "execute", execute_and_hang)
    plan = load(tmp_path)

    def press_twice():
        for heard in (hangs, told):
            assert heard.wait(100)
            os.kill(os.getpid(), signal.SIGINT)

    presser = threading.Thread(target=press_twice)
    presser.start()
    first = plan.executor()
    with pytest.raises(KeyboardInterrupt):
        first.run()
    let_go.set()
    presser.join()
    assert [outcome.status for outcome in first.outcomes] == ["finished", "aborted"]
    assert Recording(tmp_path / "out/1.25.h5").segments()["why"].tolist() == ["stopped at once by the user"]
    again = plan.executor(RunOptions(resume=True)).run()
    assert [outcome.status for outcome in again] == ["found", "finished", "finished"]
    for name in ("1.25.h5", "1.3.h5"):
        np.testing.assert_array_equal(Recording(tmp_path / "out" / name).bits[:], Recording(whole / name).bits[:])


def test_progress_is_of_each_run_and_of_the_whole(tmp_path):
    seen = {}
    load(tmp_path).executor(
        hooks=RunHooks(stage=lambda name: lambda done, total: seen.setdefault(name, []).append(done / total))
    ).run()
    assert set(seen) == {"1.2", "1.25", "1.3", "whole plan"}
    assert seen["1.25"][-1] == 1
    shares = seen["whole plan"]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    assert any(share == pytest.approx(1 / 3) for share in shares)


def test_a_run_that_a_condition_ends_is_shown_as_done(tmp_path):
    seen = {}
    text = PLAN.replace("{ bits = 20_000 }", "{ bits = 1e12 }\nstop = { bits = 5000 }")
    plan = load(tmp_path, text)
    plan.executor(
        hooks=RunHooks(stage=lambda name: lambda done, total: seen.setdefault(name, []).append(done / total))
    ).run()
    assert [shares[-1] for shares in seen.values()] == [1.0] * 4


def test_recordings_in_the_way_are_refused_before_anything_is_run(tmp_path):
    plan = load(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/1.3.h5").write_bytes(b"precious")
    with pytest.raises(RecordingError, match=r"1\.3\.h5: exists already; resume it"):
        plan.executor()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["1.3.h5"]


def test_a_limit_of_the_last_run_is_refused_before_the_first(tmp_path):
    executor = load(tmp_path, PLAN.replace("1.25, 1.3", "1.25, 1.9")).executor()
    with pytest.raises(LimitError, match=r"= 1\.9001 V is refused"):
        executor.run()
    assert not (tmp_path / "out").exists()


def test_a_plan_that_was_changed_does_not_go_on_in_files_of_the_old_one(tmp_path):
    load(tmp_path).executor().run()
    changed = load(tmp_path, PLAN.replace("bits = 20_000", "bits = 20_000, bias = 0.1"))
    with pytest.raises(RecordingError, match=r"was made with bias = 0\.05, the plan says 0\.1; choose another folder"):
        changed.executor(RunOptions(resume=True)).run()
    longer = load(tmp_path, PLAN.replace("bits = 20_000", "bits = 30_000")).executor(RunOptions(resume=True)).run()
    assert [(outcome.status, outcome.tally.bits) for outcome in longer] == [("finished", 30_000)] * 3


@pytest.mark.parametrize(("key", "value"), [("bits", "30_000"), ("time", "1e-3")])
def test_conditions_of_the_plan_count_over_its_runs(tmp_path, key, value):
    outcomes = load(tmp_path, f"stop = {{ {key} = {value} }}\n{PLAN}").executor().run()
    bits = [outcome.tally.bits for outcome in outcomes]
    assert bits == [20_000, 10_000] if key == "bits" else len(bits) == 1
    assert outcomes[-1].status == "finished"


def test_a_failed_run_ends_the_plan_or_not_as_the_plan_says(tmp_path, monkeypatch):
    startup = RandomBitstream.startup

    def failing(self):
        if self.amplitude == 1.25:
            raise InstrumentError("the meter is gone")
        return startup(self)

    monkeypatch.setattr(RandomBitstream, "startup", failing)
    stopping = load(tmp_path).executor()
    with pytest.raises(InstrumentError, match="the meter is gone"):
        stopping.run()
    assert [outcome.status for outcome in stopping.outcomes] == ["finished", "failed"]
    plan = load(tmp_path, f'after_failure = "continue"\n{PLAN}')
    outcomes = plan.executor(RunOptions(resume=True)).run()
    assert [outcome.status for outcome in outcomes] == ["found", "failed", "finished"]
    assert str(outcomes[1].error) == "the meter is gone"


def test_an_interrupted_recording_that_can_not_go_on_is_kept_and_made_anew(tmp_path):
    (tmp_path / "ramp.py").write_text(ROWS)
    text = '[[runs]]\nprocedure = "ramp.py:Ramp"\nname = "ramp"\nparameters = { steps = 3 }\n'
    plan = load(tmp_path, text + "stop = { time = 1e-9 }\n")
    assert plan.executor().costs[0].duration == 1e-9
    plan.executor().run()
    recording = Recording(tmp_path / "ramp.h5")
    assert (recording.status, recording.rows) == ("finished", 0)
    # As a kill leaves it: HDF5's own tools would say the same.
    import h5py

    with h5py.File(tmp_path / "ramp.h5", "r+") as file:
        file.attrs.modify("status", np.bytes_("running"))
    plan = load(tmp_path, text)
    (outcome,) = plan.executor(RunOptions(resume=True)).run()
    assert outcome.status == "finished"
    assert Recording(tmp_path / "ramp.h5").rows == 3
    assert Recording(tmp_path / "ramp.interrupted-1.h5").status == "killed"


def hook(folder, code):
    path = folder / "hook.py"
    path.write_text(code)
    return f'{sys.executable} "{path}"'


def test_the_users_program_is_told_how_it_ended(tmp_path):
    command = hook(
        tmp_path,
        "import os, pathlib\n"
        "told = {name: os.environ['MTJLAB_' + name] for name in ('PLAN', 'FILE', 'STATUS', 'BITS', 'RUNS')}\n"
        f"pathlib.Path({str(tmp_path / 'told.txt')!r}).write_text(repr(told))\n",
    )
    load(tmp_path).executor(RunOptions(notify=command)).run()
    told = eval((tmp_path / "told.txt").read_text())  # what the hook itself wrote
    assert told == {
        "PLAN": "plan",
        "FILE": str(tmp_path / "out/1.3.h5"),
        "STATUS": "finished",
        "BITS": "60000",
        "RUNS": "3",
    }


def test_a_failing_program_is_logged_and_changes_nothing(tmp_path, caplog):
    command = hook(tmp_path, "import sys; sys.exit('no network')")
    assert [outcome.status for outcome in load(tmp_path).executor(RunOptions(notify=command)).run()] == ["finished"] * 3
    assert "ended with code 1: no network" in caplog.text


def test_nothing_in_a_program_or_a_name_reaches_a_shell(tmp_path):
    command = hook(
        tmp_path, f"import sys, pathlib; pathlib.Path({str(tmp_path / 'w')!r}).write_text(repr(sys.argv[1:]))"
    )
    evil = f"'; touch {tmp_path / 'evil'}' $(touch {tmp_path / 'evil'})"
    load(tmp_path).executor(RunOptions(notify=f"{command} {evil}")).run()
    assert not (tmp_path / "evil").exists()
    assert eval((tmp_path / "w").read_text()) == [f"; touch {tmp_path / 'evil'}", "$(touch", f"{tmp_path / 'evil'})"]


def test_a_program_that_is_not_there_is_refused_at_the_start(tmp_path):
    with pytest.raises(ValueError, match="there is no program 'no-such-program'"):
        load(tmp_path).executor(RunOptions(notify="no-such-program --now"))
