"""One contract between procedures and runner: ours with typed events, PyMeasure's by topic, each in either's worker."""

import time
from typing import ClassVar

import numpy as np
import pytest
from pymeasure.experiment import IntegerParameter, Procedure, Results
from pymeasure.experiment.workers import Worker

from mtjlab.core import Quantity
from mtjlab.instruments import open_bench
from mtjlab.procedures.measurements.block import Block
from mtjlab.procedures.measurements.events import (
    AlarmEvent,
    BlockEvent,
    FitProgressEvent,
    OtherEvent,
    ProgressEvent,
    ResultEvent,
    RowEvent,
    RowsEvent,
    StatusEvent,
    event_of,
    topic_and_record,
)
from mtjlab.procedures.measurements.measurement_procedure import MeasurementProcedure, measurement
from mtjlab.procedures.running.one_run import run

BITS = np.array([0, 1, 1], np.uint8)
BLOCK = Block(BITS, BITS * 1e-6, 0.0, 1.25, 1e-8)


@pytest.mark.parametrize(
    "event",
    [
        RowEvent({"a": 1.0}),
        RowsEvent({"a": [1.0, 2.0]}),
        BlockEvent(BLOCK),
        BlockEvent(BLOCK, {"a": 1.0}),
        ResultEvent({"slope": Quantity(1.0, 0.1, "")}),
        AlarmEvent("repetition count 42"),
        ProgressEvent(30.0),
        FitProgressEvent(30.0),
        StatusEvent(4),
        OtherEvent("of mine", object()),
    ],
)
def test_an_event_goes_through_pymeasures_topics_and_back(event):
    back = event_of(*topic_and_record(event))
    assert type(back) is type(event)
    assert back == event or isinstance(event, BlockEvent)
    if isinstance(event, BlockEvent):
        assert back.block is event.block
        assert back.row == event.row


class Squares(MeasurementProcedure):
    """A procedure of ours."""

    count = IntegerParameter("Count", default=20)
    DATA_COLUMNS: ClassVar[list[str]] = ["n", "square"]

    def execute(self):
        for n in range(self.count):
            self.report(RowEvent({"n": n, "square": n**2}))
            self.report(ProgressEvent(100.0 * (n + 1) / self.count))


class PlainSquares(Procedure):
    """The same, as PyMeasure has it."""

    DATA_COLUMNS: ClassVar[list[str]] = ["n", "square"]

    def execute(self):
        for n in range(20):
            self.emit("results", {"n": n, "square": n**2})
            self.emit("progress", 5 * (n + 1))


@pytest.mark.parametrize("kind", [Squares, PlainSquares])
def test_events_and_topics_make_the_same_recording(kind, tmp_path):
    with open_bench("simulated", seed=1) as bench:
        recording = run(kind(), bench, tmp_path / "a.h5")
    assert recording.status == "finished"
    assert recording.frame()["square"].tolist() == [n**2 for n in range(20)]


def test_a_procedure_of_ours_runs_in_pymeasures_worker(tmp_path):
    with open_bench("simulated", seed=1) as bench:
        procedure = Squares()
        procedure.bench = bench
        results = Results(procedure, str(tmp_path / "a.csv"))
        worker = Worker(results)
        worker.start()
        worker.join(timeout=30)
        deadline = time.monotonic() + 30
        while procedure.status == Procedure.RUNNING and time.monotonic() < deadline:
            worker.monitor_queue.get(timeout=30)
    assert procedure.status == Procedure.FINISHED
    assert results.data["square"].tolist() == [n**2 for n in range(20)]


def test_a_procedure_without_members_of_ours_has_the_defaults():
    seen = measurement(PlainSquares)
    assert (seen.makes_bits, seen.complete, seen.extendable, seen.column_notes) == (False, False, (), {})
    assert (seen.estimated_duration, seen.keeps_resistance, seen.live_columns) == (None, False, None)
    assert not any([seen.can_configure, seen.can_resume, seen.can_fit, seen.can_draw])
    ours = Squares()
    assert measurement(ours) is ours
    assert not any([ours.can_configure, ours.can_resume, ours.can_fit, ours.can_draw])


def test_members_of_a_plain_procedure_are_seen_as_they_are_now():
    class Own(PlainSquares):
        complete = False
        live_columns = ("square", "n")

        def configure(self):
            self.configured = True

        @property
        def estimated_duration(self):
            return 7.0 if self.complete else 3.0

    own = Own()
    seen = measurement(own)
    assert (seen.complete, seen.estimated_duration, seen.live_columns) == (False, 3.0, ("square", "n"))
    own.complete = True
    assert (seen.complete, seen.estimated_duration) == (True, 7.0)
    assert seen.can_configure
    seen.configure()
    assert own.configured
