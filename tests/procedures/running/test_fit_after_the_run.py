"""What is computed after the last reading is computed with the outputs off, and any wish to stop ends it."""

import threading

import pytest

from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.procedures.contact_check import ContactCheck
from mtjlab.procedures.measurements.events import ResultEvent, StatusEvent
from mtjlab.procedures.running import RunHooks
from mtjlab.procedures.running.one_run import run, worker_for


class LongFit(ContactCheck):
    """A contact check whose fit lasts until it is stopped."""

    def __init__(self, **parameters):
        super().__init__(readings=1, **parameters)
        self.begun, self.outputs = threading.Event(), None

    def fit_rows(self, task):
        super().fit_rows(task)
        self.outputs = self.bench.source_meter.settings()["output"]
        self.begun.set()
        self.last(task)

    def last(self, task):
        while True:
            task.progress(1, 2)


class DeafFit(LongFit):
    """One that never asks whether to stop."""

    def last(self, task):
        threading.Event().wait()


@pytest.fixture
def bench():
    with open_bench("simulated", seed=1) as opened:
        yield opened


@pytest.mark.parametrize("kind", [LongFit, DeafFit])
@pytest.mark.parametrize("how", ["stop", "stop_now"])
def test_a_fit_that_is_stopped_leaves_a_finished_measurement(bench, tmp_path, kind, how):
    procedure = kind()
    worker = worker_for(procedure, bench, tmp_path / "a.h5")
    worker.start()
    assert procedure.begun.wait(60)
    assert procedure.outputs == "False"
    getattr(worker, how)()
    worker.wait()
    recording = Recording(tmp_path / "a.h5")
    assert (worker.error, recording.status, recording.rows) == (None, "finished", 4)
    assert any("the fit was stopped" in message and "mtjlab fit" in message for *_, message in recording.messages(99))


def test_the_bench_may_be_had_by_others_while_the_fit_lasts(bench, tmp_path):
    procedure, opened = ContactCheck(readings=1), []

    def listen(event):
        if isinstance(event, ResultEvent):
            with open_bench("simulated", seed=2) as other:
                opened.append(other.source_meter.identify())
            with pytest.raises(InstrumentError):
                bench.source_meter.read()

    worker = worker_for(procedure, bench, tmp_path / "a.h5", hooks=RunHooks(listener=listen, release=bench.close))
    worker.start()
    worker.wait()
    assert worker.error is None
    assert len(opened) == 1


def test_what_a_fit_finds_is_recorded_after_the_outputs_are_off(bench, tmp_path):
    procedure = ContactCheck(readings=1)
    told = []
    worker = worker_for(
        procedure, bench, tmp_path / "a.h5", hooks=RunHooks(listener=lambda event: told.append(type(event)))
    )
    worker.start()
    worker.wait()
    assert told[-2:] == [ResultEvent, StatusEvent]
    assert Recording(tmp_path / "a.h5").results["resistance"].value == pytest.approx(51e3, rel=0.1)


def test_a_run_that_was_stopped_before_its_end_is_not_fitted(bench, tmp_path):
    procedure = LongFit()
    worker = worker_for(procedure, bench, tmp_path / "a.h5")
    worker.stop()
    worker.start()
    worker.wait()
    assert not procedure.begun.is_set()
    assert Recording(tmp_path / "a.h5").status == "aborted"


def test_a_fit_that_fails_fails_the_run_and_keeps_its_rows(bench, tmp_path, monkeypatch):
    def refuse(self, task):
        raise RuntimeError("a fault of the program")

    monkeypatch.setattr(ContactCheck, "fit_rows", refuse)
    with pytest.raises(RuntimeError, match="a fault of the program"):
        run(ContactCheck(readings=1), bench, tmp_path / "a.h5")
    recording = Recording(tmp_path / "a.h5")
    assert (recording.status, recording.rows) == ("failed", 4)
