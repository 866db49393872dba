"""Run a procedure on a bench into a recording."""

import contextlib
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from pymeasure.experiment import Procedure

from mtjlab.data import Recording, RecordingHead, RecordingParameter, RecordingWriter
from mtjlab.instruments import Bench
from mtjlab.procedures import (
    Column,
    Event,
    FitProgressEvent,
    MeasurementProcedure,
    ProgressEvent,
    measurement,
    recorded_columns,
)
from mtjlab.procedures.running.interruption import Interruption
from mtjlab.procedures.running.parameters import refuse_unset, value_of
from mtjlab.procedures.running.progress import Progress, show_progress
from mtjlab.procedures.running.recorded_bench import bench_attributes
from mtjlab.procedures.running.recording_worker import RecordingWorker
from mtjlab.procedures.running.resumed import prepare_resumption
from mtjlab.procedures.running.stop_conditions import StopConditions

__all__ = ["run", "worker_for"]

STOPPING_FIT = "stopping the fit: all is measured and kept, and mtjlab fit makes it again"


def run(
    procedure: Procedure,
    bench: Bench,
    path: str | Path,
    *,
    resume: bool = False,
    mirror: str | Path | None = None,
    sample: Mapping[str, str] | None = None,
    stop_when: StopConditions | None = None,
    plan: str | None = None,
    progress: Progress | None = None,
    stage: Callable[[str], Progress] | None = None,
    stopped: Callable[[], str] = lambda: "",
    release: Callable[[], None] = lambda: None,
) -> Recording:
    """Run a procedure and wait for its end.

    Ctrl-C finishes the block under way and stops; the recording then is aborted, whole, and can be resumed. A second
    Ctrl-C, SIGTERM and a closed terminal do not wait for the block: the outputs go off at once. A procedure that does
    not end when it is asked to is abandoned, with the outputs off.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    bench
        Opened bench.
    path
        File to write; an existing one is refused.
    resume
        Go on with the recording at `path` instead, within the limits that it was made in and those of the bench, the
        stricter of both. The procedure's parameters must be those in it, but for those that it declares extendable,
        such as the number of bits. A simulated bench that was opened with the seed in the recording, and is fresh,
        first repeats the run, so that the file holds what an uninterrupted run gives.
    mirror
        Folder for a copy of the recording that is kept while it is written, with everything that is committed. If the
        copy fails on the way, the log says so and the run goes on.
    sample
        Wafer, die, device, operator, note.
    stop_when
        Conditions that end the run early.
    plan
        Text of the plan that the run belongs to, kept in the recording.
    progress
        Called with the percentage done and 100. By default a bar with the time left is shown on a terminal and in a
        notebook, and nothing elsewhere.
    stage
        Shows the progress of what comes after the measurement: called with a name, such as ``fit``, gives a function of
        what is done and what there is to do. By default as for `progress`.
    stopped
        Asked twice a second whether to stop after the block under way; answers why, or nothing.
    release
        Called when the outputs are off and only the fit is left to do, such as ``bench.close``: others may have it.

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

    Examples
    --------
    >>> with open_bench("bench.toml") as bench:  # doctest: +SKIP
    ...     recording = run(RandomBitstream(bits=1_000_000), bench, "out.h5")
    """
    with contextlib.ExitStack() as stack:
        interruption = stack.enter_context(Interruption())
        stage = stage or stack.enter_context(show_progress())
        show, show_fit = progress or stage(Path(path).name), cache(partial(stage, "fit"))

        def listen(event: Event) -> None:
            match event:
                case ProgressEvent(percent):
                    show(percent, 100.0)
                case FitProgressEvent(percent):
                    interruption.words = STOPPING_FIT
                    show_fit()(percent, 100.0)

        worker = worker_for(
            procedure,
            bench,
            path,
            resume=resume,
            mirror=mirror,
            sample=sample,
            stop_when=stop_when,
            plan=plan,
            listener=listen,
            release=release,
        )
        interruption.tell(lambda: worker.stop_now() if interruption.urgent else worker.stop(), worker.stop_now)
        worker.start()
        worker.wait(stopped, look=interruption.look)
    if interruption.count:
        raise KeyboardInterrupt from worker.error  # whatever else went wrong, nothing is to be run after it
    if worker.error is not None:
        raise worker.error
    return Recording(path)


def worker_for(
    procedure: Procedure,
    bench: Bench,
    path: str | Path,
    *,
    resume: bool = False,
    mirror: str | Path | None = None,
    sample: Mapping[str, str] | None = None,
    stop_when: StopConditions | None = None,
    plan: str | None = None,
    listener: Callable[[Event], None] = lambda event: None,
    release: Callable[[], None] = lambda: None,
) -> RecordingWorker:
    """Make the recording and the worker that will fill it; `start` it, `wait` for it, `stop` it.

    Parameters are as in `run`; `listener` is called in the worker's thread with every event of the procedure.

    Raises
    ------
    RecordingError
        If the file exists or can not be written.
    ValueError
        If the recording can not be resumed with this procedure.
    """
    refuse_unset(procedure)
    procedure.bench = bench
    if resume:
        writer, tally, limits = prepare_resumption(procedure, bench, Path(path), mirror=mirror)
        return RecordingWorker(
            procedure, writer, listener, stop_when=stop_when, tally=tally, limits=limits, release=release
        )
    writer = _begin(procedure, bench, path, sample=sample or {}, plan=plan, mirror=mirror)
    return RecordingWorker(procedure, writer, listener, stop_when=stop_when, release=release)


def _begin(
    procedure: Procedure,
    bench: Bench,
    path: str | Path,
    *,
    sample: Mapping[str, str],
    plan: str | None,
    mirror: str | Path | None,
) -> RecordingWriter:
    """Make a recording that says what will run on which bench."""
    columns = recorded_columns(procedure.DATA_COLUMNS)
    seen = measurement(procedure)
    return RecordingWriter.create(
        path,
        RecordingHead(
            procedure=type(procedure).__name__,
            parameters={
                name: RecordingParameter(value_of(parameter), getattr(parameter, "units", None) or "", parameter.name)
                for name, parameter in procedure.parameter_objects().items()
            },
            columns=dict(columns.values()),
            plotted=_plotted(seen, columns),
            notes={columns[text].name: note for text, note in seen.column_notes.items()},
            bench=bench.file.text,
            simulated=bench.simulated,
            bench_attributes=bench_attributes(bench.file) | (bench.stand_in.attributes if bench.stand_in else {}),
            sample={"device": bench.file.device.name, **sample},
            plan=plan,
            resistance=seen.keeps_resistance,
        ),
        mirror=mirror,
    )


def _plotted(procedure: MeasurementProcedure, columns: Mapping[str, Column]) -> tuple[str, ...] | None:
    """Name the columns that viewers of the recording plot at first."""
    shown = procedure.plotted_columns or procedure.live_columns
    if not shown or not set(shown) <= set(columns):
        return None
    return tuple(columns[text].name for text in shown)
