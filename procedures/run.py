"""Run a procedure on a bench into a recording."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pymeasure.experiment import Procedure

from mtjlab.data.recording import Recording
from mtjlab.data.recording_parameter import RecordingParameter
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.instruments.bench import Bench
from mtjlab.procedures.column import Column
from mtjlab.procedures.recording_worker import RecordingWorker

__all__ = ["run", "worker_for"]


def run(
    procedure: Procedure,
    bench: Bench,
    path: str | Path,
    *,
    sample: Mapping[str, str] | None = None,
    progress: Callable[[float, float], None] = lambda done, total: None,
) -> Recording:
    """Run a procedure and wait for its end.

    Ctrl-C finishes the block under way and stops; the recording then is aborted, whole, and can be resumed.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    bench
        Opened bench.
    path
        File to write; an existing one is refused.
    sample
        Wafer, die, device, operator, note; the device is the bench file's unless named here.
    progress
        Called with the percentage done and 100.

    Returns
    -------
    Recording
        The finished recording.

    Raises
    ------
    RecordingError
        If the file exists or can not be written.
    LimitError
        If the interlock refuses a setting; no output was switched on.
    InstrumentError
        If an instrument fails.
    KeyboardInterrupt
        After Ctrl-C, when everything is safe.
    """

    def listen(topic: str, record: Any) -> None:
        if topic == "progress":
            progress(record, 100.0)

    worker = worker_for(procedure, bench, path, sample=sample, listener=listen)
    worker.start()
    interrupted = False
    # Not join: interrupted, it takes the thread for ended while it still runs (bpo-45274).
    while not worker.ended.is_set():
        try:
            worker.ended.wait(0.2)
        except KeyboardInterrupt:
            interrupted = True
            worker.stop()
    if worker.error is not None:
        raise worker.error
    if interrupted:
        raise KeyboardInterrupt
    return Recording(path)


def worker_for(
    procedure: Procedure,
    bench: Bench,
    path: str | Path,
    *,
    sample: Mapping[str, str] | None = None,
    listener: Callable[[str, Any], None] = lambda topic, record: None,
) -> RecordingWorker:
    """Make the recording and the worker that will fill it; `start` it, `join` it, `stop` it.

    Raises
    ------
    RecordingError
        If the file exists or can not be written.
    """
    procedure.bench = bench
    stand_in = bench.stand_in
    writer = RecordingWriter.create(
        path,
        procedure=type(procedure).__name__,
        parameters={
            name: RecordingParameter(parameter.value, getattr(parameter, "units", None) or "", parameter.name)
            for name, parameter in procedure.parameter_objects().items()
        },
        columns=dict(map(Column.parse, procedure.DATA_COLUMNS)),
        bench=bench.file.text,
        simulated=bench.simulated,
        bench_attributes={
            **{f"limit_{name}": value for name, value in bench.file.limits.model_dump().items()},
            **(stand_in.attributes if stand_in else {}),
        },
        sample={"device": bench.file.device.name} | dict(sample or {}),
    )
    return RecordingWorker(procedure, writer, listener)
