"""Run a procedure on a bench into a recording."""

import contextlib
import dataclasses
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from pymeasure.experiment import Procedure

from mtjlab.core import InputError, Progress, show_progress
from mtjlab.data import Recording, RecordingHead, RecordingParameter, RecordingWriter
from mtjlab.instruments import Bench, BenchFile, open_bench
from mtjlab.procedures import (
    Column,
    Event,
    FitProgressEvent,
    MeasurementProcedure,
    ProgressEvent,
    measurement,
    recorded_columns,
    refuse_unset,
    value_of,
)
from mtjlab.procedures.running.interruption import Interruption
from mtjlab.procedures.running.notification import Notification
from mtjlab.procedures.running.recorded_bench import bench_attributes
from mtjlab.procedures.running.recording_worker import RecordingWorker
from mtjlab.procedures.running.resumed import prepare_resumption
from mtjlab.procedures.running.run_options import RunHooks, RunOptions

__all__ = ["execute", "run", "worker_for"]

STOPPING_FIT = "stopping the fit: all is measured and kept, and mtjlab fit makes it again"


def run(
    procedure: Procedure,
    bench: Bench | BenchFile | str | Path,
    path: str | Path,
    options: RunOptions | None = None,
    hooks: RunHooks | None = None,
    *,
    progress: Progress | None = None,
    **changes: Any,
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
        Opened bench; or a bench file, or the name of a shipped bench, which is opened for the run.
    path
        File to write; an existing one is refused, unless the run is resumed.
    options
        How it is run: resume, mirror, sample, stop conditions, seed, notification.
    hooks
        Who watches it. By default a bar with the time left is shown on a terminal and in a notebook, and nothing
        elsewhere.
    progress
        Called with the percentage done and 100, instead of the bar.
    **changes
        Fields of `RunOptions` by their names, such as ``resume=True``, instead of those in `options`.

    Returns
    -------
    Recording
        The finished recording.

    Raises
    ------
    RecordingError
        If the file exists or cannot be written.
    LimitError
        If the interlock refuses a setting; no output was switched on.
    InstrumentError
        If an instrument fails.
    InputError
        If there is no such option, a seed is given for a bench that is open already, or there is no program to notify
        by.
    KeyboardInterrupt
        After Ctrl-C, when everything is safe.

    Examples
    --------
    >>> with open_bench("bench.toml") as bench:  # doctest: +SKIP
    ...     recording = run(RandomBitstream(bits=1_000_000), bench, "out.h5")
    >>> recording = run(RandomBitstream(), "simulated", "a.h5", seed=5, sample={"wafer": "W12"})  # doctest: +SKIP
    """
    options = _with(options or RunOptions(), changes)
    with contextlib.ExitStack() as stack:
        if hooks is None:
            hooks = RunHooks(stage=stack.enter_context(show_progress()))
        notification = stack.enter_context(Notification(options.notify).at_the_end(Path(path)))
        if not isinstance(bench, Bench):
            bench = stack.enter_context(open_bench(bench, seed=options.seed))
        elif options.seed is not None:
            raise InputError(f"seed = {options.seed}: this bench is open already; give the seed to open_bench")
        recording = execute(procedure, bench, path, options, hooks, progress=progress)
        notification.take(recording)
    return recording


def execute(
    procedure: Procedure,
    bench: Bench,
    path: str | Path,
    options: RunOptions,
    hooks: RunHooks,
    *,
    progress: Progress | None = None,
) -> Recording:
    """Run a procedure on an opened bench: what every way to run comes down to. See `run`; nobody is notified."""
    show, show_fit = progress or hooks.stage(Path(path).name), cache(partial(hooks.stage, "fit"))
    with hooks.interruption or Interruption() as interruption:

        def listen(event: Event) -> None:
            match event:
                case ProgressEvent(percent):
                    show(percent, 100.0)
                case FitProgressEvent(percent):
                    interruption.words = STOPPING_FIT
                    show_fit()(percent, 100.0)
            hooks.listener(event)

        worker = worker_for(procedure, bench, path, options, dataclasses.replace(hooks, listener=listen))
        interruption.tell(lambda: worker.stop_now() if interruption.urgent else worker.stop(), worker.stop_now)
        worker.start()
        try:
            worker.wait(hooks.stopped, look=interruption.look)
        except BaseException:  # of whoever is asked: nobody hears of it while an output may be on
            worker.stop_now()
            worker.wait()
            raise
    if interruption.count:
        raise KeyboardInterrupt from worker.error  # whatever else went wrong, nothing is to be run after it
    if worker.error is not None:
        raise worker.error
    return Recording(path)


def worker_for(
    procedure: Procedure,
    bench: Bench,
    path: str | Path,
    options: RunOptions | None = None,
    hooks: RunHooks | None = None,
) -> RecordingWorker:
    """Make the recording and the worker that will fill it; `start` it, `wait` for it, `stop` it.

    Parameters are as in `run`.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    bench
        Opened bench.
    path
        File to write.
    options, hooks
        As in `run`.

    Raises
    ------
    RecordingError
        If the file exists or cannot be written.
    ValueError
        If the recording cannot be resumed with this procedure.
    """
    options, hooks = options or RunOptions(), hooks or RunHooks()
    refuse_unset(procedure)
    procedure.bench = bench
    if options.resume:
        writer, tally, limits = prepare_resumption(procedure, bench, Path(path), mirror=options.mirror)
        return RecordingWorker(procedure, writer, hooks, stop_when=options.stop_when, tally=tally, limits=limits)
    writer = _begin(procedure, bench, path, options)
    return RecordingWorker(procedure, writer, hooks, stop_when=options.stop_when)


def _with(options: RunOptions, changes: Mapping[str, Any]) -> RunOptions:
    known = [field.name for field in dataclasses.fields(RunOptions)]
    for name in changes:
        if name not in known:
            raise InputError(f"run has no option {name!r}; it has one of {', '.join(known)}")
    return dataclasses.replace(options, **changes)


def _begin(procedure: Procedure, bench: Bench, path: str | Path, options: RunOptions) -> RecordingWriter:
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
            sample={"device": bench.file.device.name, **options.sample},
            plan=options.plan,
            resistance=seen.keeps_resistance,
        ),
        mirror=options.mirror,
    )


def _plotted(procedure: MeasurementProcedure, columns: Mapping[str, Column]) -> tuple[str, ...] | None:
    """Name the columns that viewers of the recording plot at first."""
    shown = procedure.plotted_columns or procedure.live_columns
    if not shown or not set(shown) <= set(columns):
        return None
    return tuple(columns[text].name for text in shown)
