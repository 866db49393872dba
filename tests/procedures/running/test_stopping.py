"""However a run is stopped, the outputs are off, the file is whole, and it says why it ended."""

import os
import signal
import threading
import time

import numpy as np
import pytest
from pymeasure.experiment import Procedure

from mtjlab.data.recording import Recording
from mtjlab.procedures.measurements.block import Block
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running import RunHooks, stopping
from mtjlab.procedures.running.one_run import run, worker_for
from mtjlab.procedures.running.stopping import StopConditions


def outputs(bench):
    return [instrument.settings()["output"] for instrument in bench.roles.values()]


def why(path):
    return Recording(path).segments()["why"].iloc[-1]


class Sleeper(Procedure):
    """A procedure that pays no attention to being stopped."""

    DATA_COLUMNS = ["Time (s)"]  # noqa: RUF012 (PyMeasure's way)
    awake = threading.Event()

    def execute(self):
        self.bench.source_meter.switch_on()
        self.emit("results", {"Time (s)": 0.0})
        self.awake.set()
        threading.Event().wait()


def test_stopped_at_once_a_run_keeps_what_was_emitted(bench, tmp_path):
    emitted = []

    def listen(event):
        if isinstance(event, ProgressEvent):
            emitted.append(event.percent)
            if len(emitted) == 20:
                worker.stop_now()

    worker = worker_for(RandomBitstream(bits=1_000_000), bench, tmp_path / "a.h5", hooks=RunHooks(listener=listen))
    worker.start()
    worker.wait()
    recording = Recording(tmp_path / "a.h5")
    assert (recording.status, recording.committed) == ("aborted", 20 * 2500)
    assert why(recording.path) == "stopped at once by the user"
    assert outputs(bench) == ["False", "False"]


def test_a_procedure_that_does_not_listen_is_left_behind(bench, tmp_path):
    worker = worker_for(Sleeper(), bench, tmp_path / "a.h5")
    worker.start()
    assert Sleeper.awake.wait(30)
    worker.stop_now()
    worker.wait()
    recording = Recording(tmp_path / "a.h5")
    assert worker.is_alive()
    assert (recording.status, recording.rows, worker.error) == ("aborted", 1, None)
    assert outputs(bench) == ["False", "False"]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to itself")
@pytest.mark.parametrize("presses", [1, 2])
def test_control_c_is_raised_when_all_is_safe(bench, tmp_path, presses):
    before = signal.getsignal(signal.SIGINT)
    pressed = []

    def press(done, total):
        if len(pressed) < presses:
            pressed.append(done)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run(RandomBitstream(bits=10**12), bench, tmp_path / "a.h5", progress=press)
    recording = Recording(tmp_path / "a.h5")
    assert recording.status == "aborted"
    assert recording.committed >= 2500
    assert recording.committed == recording.blocks()["count"].sum()
    assert outputs(bench) == ["False", "False"]
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals to itself")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_one_polite_kill_leaves_the_outputs_off_though_the_block_does_not_end(bench, tmp_path, name):
    let_go, threads = threading.Event(), []

    class Block(Procedure):
        DATA_COLUMNS = ["Time (s)"]  # noqa: RUF012 (PyMeasure's way)

        def execute(self):
            self.bench.source_meter.switch_on()
            self.emit("results", {"Time (s)": 0.0})
            threads.append(threading.current_thread())
            os.kill(os.getpid(), getattr(signal, name))
            assert let_go.wait(50)
            self.bench.source_meter.switch_on()

    with pytest.raises(KeyboardInterrupt):
        run(Block(), bench, tmp_path / "a.h5", progress=quiet)
    (procedure,) = threads
    assert procedure.is_alive()  # it still is where it was
    assert outputs(bench) == ["False", "False"]
    recording = Recording(tmp_path / "a.h5")
    assert (recording.status, recording.rows, why(recording.path)) == ("aborted", 1, "stopped at once by the user")
    let_go.set()
    procedure.join(50)
    assert outputs(bench) == ["False", "False"]


def test_a_procedure_that_does_not_end_when_asked_is_left_behind(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(stopping, "SILENCE", 0.0)
    let_go = threading.Event()
    asked = threading.Event()

    class Deaf(Procedure):
        DATA_COLUMNS = ["Time (s)"]  # noqa: RUF012 (PyMeasure's way)

        def execute(self):
            self.bench.source_meter.switch_on()
            asked.set()
            let_go.wait(50)

    worker = worker_for(Deaf(), bench, tmp_path / "a.h5")
    worker.start()
    assert asked.wait(50)
    worker.stop()
    worker.wait()
    assert outputs(bench) == ["False", "False"]
    assert (Recording(tmp_path / "a.h5").status, why(tmp_path / "a.h5")) == ("aborted", "stopped by the user")
    let_go.set()
    worker.join(50)
    bench.source_meter.switch_on()  # nobody is at work any more: the bench may be used again
    assert outputs(bench) == ["False", "True"]


class Own(Procedure):
    """A procedure that switches on, and shuts down in its own way, which leaves the outputs as they are."""

    DATA_COLUMNS = ["Time (s)"]  # noqa: RUF012 (PyMeasure's way)

    def startup(self):
        self.bench.source_meter.switch_on()
        self.pass_by("startup")

    def execute(self):
        self.pass_by("execute")

    def shutdown(self):
        self.pass_by("shutdown")
        self.bench.source_meter.switch_on()

    def pass_by(self, place):
        pass


@pytest.mark.parametrize("error", [RuntimeError, SystemExit, KeyboardInterrupt, GeneratorExit])
@pytest.mark.parametrize("place", ["", "startup", "execute", "shutdown"])
def test_outputs_are_off_whatever_the_procedure_does(bench, tmp_path, place, error):
    class Failing(Own):
        def pass_by(self, passed):
            if passed == place:
                raise error("as it happens")

    path = tmp_path / "a.h5"
    worker = worker_for(Failing(), bench, path)
    worker.start()
    worker.wait()
    assert outputs(bench) == ["False", "False"]
    assert Recording(path).status == ("failed" if place else "finished") if path.exists() else place
    assert isinstance(worker.error, error) if place else worker.error is None


def test_a_shutdown_that_hangs_is_left_behind(bench, tmp_path):
    hangs, let_go = threading.Event(), threading.Event()

    class Hanging(Own):
        def execute(self):
            self.emit("results", {"Time (s)": 0.0})

        def shutdown(self):
            hangs.set()
            let_go.wait(50)

    worker = worker_for(Hanging(), bench, tmp_path / "a.h5")
    worker.start()
    assert hangs.wait(50)
    assert outputs(bench) == ["False", "False"]
    worker.stop_now()
    worker.wait()
    assert Recording(tmp_path / "a.h5").rows == 1
    let_go.set()


def test_stop_conditions_end_a_run_as_planned(bench, tmp_path):
    recording = run(
        RandomBitstream(bits=10**12), bench, tmp_path / "bits.h5", stop_when=StopConditions(bits=10_001), progress=quiet
    )
    assert (recording.status, recording.committed) == ("finished", 12_500)
    assert why(recording.path) == "stop condition: 12500 of 10001 bits"
    recording = run(
        RandomBitstream(bits=10**12), bench, tmp_path / "time.h5", stop_when=StopConditions(time=0.3), progress=quiet
    )
    assert (recording.status, why(recording.path)) == ("finished", "stop condition: 0.3 s have passed")
    lasted = recording.segments()["end"] - recording.segments()["start"]
    assert lasted.iloc[0] >= 0.3


def test_health_alarms_abort_a_run(bench, tmp_path):
    class Alarmed(RandomBitstream):
        def execute(self):
            for index in range(10):
                bits = np.zeros(8, np.uint8)
                self.emit("block", Block(bits, bits * 1e-6, time.time(), 1.25, 1e-8, alarms=index % 2))
                if index == 6:
                    self.emit("alarm", "repetition count 42")
                if self.should_stop():
                    return

    recording = run(Alarmed(), bench, tmp_path / "a.h5", stop_when=StopConditions(alarms=4), progress=quiet)
    # Blocks 1, 3 and 5 have one each, and the words come with block 6.
    assert (recording.status, recording.committed) == ("aborted", 7 * 8)
    assert why(recording.path) == "health alarm: 4 of 4"
    assert list(recording.blocks()["alarms"]) == [0, 1, 0, 1, 0, 1, 0]
    assert "health alarm: repetition count 42" in list(recording.log()["message"])


def quiet(done, total):
    pass
