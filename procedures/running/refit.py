"""The fit of a recording, made again: other settings, a newer mtjlab, or one that was stopped."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pymeasure.experiment import Procedure

from mtjlab.core import FitError, InputError, Progress, Quantity, TomlDocument, show_progress
from mtjlab.data import Recording, RecordingError, RecordingWriter, ResultLike
from mtjlab.instruments import BenchFile
from mtjlab.procedures import (
    Event,
    FitProgressEvent,
    MeasurementProcedure,
    ResultEvent,
    assign,
    find_procedure_by_class,
    measurement,
    value_of,
)
from mtjlab.procedures.running.fit_thread import FitThread
from mtjlab.procedures.running.interruption import Interruption
from mtjlab.procedures.running.resumed import recorded_procedure

__all__ = ["fit", "fit_settings"]


def fit(
    path: str | os.PathLike[str],
    *,
    kind: type[Procedure] | None = None,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
    **settings: Any,
) -> dict[str, Quantity]:
    """Make the fit of a recording again, and add what it finds to the recording.

    Earlier results stay in the file, with the settings of each fit; readers show the newest of each name. What was
    measured is only read. A fit that is stopped, or that fails, adds nothing.

    Parameters
    ----------
    path
        A recording that has ended, also a part.
    kind
        Class of its procedure; by default the installed one of the name that the recording keeps. Nothing that a
        recording names is ever loaded.
    progress
        Called with what is done and what there is to do. By default a bar with the time left is shown on a terminal and
        in a notebook, and nothing elsewhere.
    stopped
        Asked twenty times a second whether to stop.
    **settings
        Parameters of the fit to change, such as ``damping=0.03``; see `fit_settings` for which there are.

    Returns
    -------
    dict of Quantity
        What was found, by name; empty where it was stopped.

    Raises
    ------
    FitError
        If what was recorded does not determine what is to be found.
    InputError
        If the procedure has no fit, or a setting is none of it or has no such value.
    RecordingError
        If the file is no recording, is being written, or takes no results.
    KeyboardInterrupt
        After Ctrl-C.

    Examples
    --------
    >>> found = fit("map.h5", fit="precession", stability=50)  # doctest: +SKIP
    >>> found["VCMA coefficient"]  # doctest: +SKIP
    """
    path = Path(path)
    recording = Recording(path)
    procedure = _procedure(recording, kind, settings)
    _refuse_unwritable(recording)
    found: dict[str, Quantity] = {}
    with contextlib.ExitStack() as stack:
        show = progress or stack.enter_context(show_progress())(f"fit of {path.name}")

        def take(event: Event) -> None:
            match event:
                case ResultEvent(results):
                    found.update(results)
                case FitProgressEvent(percent):
                    show(percent, 100.0)

        interruption = stack.enter_context(Interruption())
        thread = FitThread(procedure, recording.frame().to_numpy(float), _bench(recording), recording.results)
        ended = thread.follow(take, lambda: interruption.count > 0 or stopped())
    if not ended and interruption.count:
        raise KeyboardInterrupt
    if not ended:
        return {}
    if not found:
        raise FitError(f"{path}: the fit of {recording.procedure} finds nothing in {recording.rows} rows")
    _add(path, found, " ".join(f"{name}={value}" for name, value in settings.items()))
    return {name: Quantity(*result) for name, result in found.items()}


def fit_settings(recording: Recording, kind: type[Procedure] | None = None) -> dict[str, Any]:
    """Give the settings of a recording's fit that may be changed, with the values that were recorded.

    Parameters
    ----------
    recording
        The recording.
    kind
        Class of its procedure; the installed one of that name unless given.

    Raises
    ------
    InputError
        If its procedure has no fit, or is not installed.
    """
    procedure = _procedure(recording, kind, {})
    parameters = procedure.parameter_objects()
    return {name: value_of(parameters[name]) for name in procedure.fit_settings}


def _procedure(recording: Recording, kind: type[Procedure] | None, settings: Mapping[str, Any]) -> MeasurementProcedure:
    name = recording.procedure
    made = recorded_procedure(recording, kind or find_procedure_by_class(name))
    procedure = measurement(made)
    if kind is not None and kind.__name__ != name:
        raise InputError(f"{recording.path} was made by {name}, not {kind.__name__}: name that procedure")
    if not procedure.can_fit:
        raise InputError(f"{recording.path} was made by {name}, which has no fit")
    for setting, value in settings.items():
        if setting not in procedure.fit_settings:
            allowed = ", ".join(procedure.fit_settings) or "none"
            raise InputError(
                f"{setting} = {value}: the fit of {name} has no such setting; those that may change: {allowed}"
            )
        assign(made, setting, value, f"{setting} = {value}")
    return procedure


def _bench(recording: Recording) -> BenchFile:
    """Read the bench file that the recording keeps; nothing that it names is opened or loaded."""
    return BenchFile.recorded(TomlDocument(f"{recording.path}: bench", recording.bench))


def _refuse_unwritable(recording: Recording) -> None:
    if recording.status == "running":
        raise RecordingError(recording.path, "is being written", "fit it when that run has ended")
    if not os.access(recording.path, os.W_OK):
        raise RecordingError(recording.path, "takes no results: it may not be written", "fit a copy of it")


def _add(path: Path, found: Mapping[str, ResultLike], settings: str) -> None:
    writer = RecordingWriter.extend(path)
    try:
        writer.begin_fit(settings)
        writer.write_results(found)
        writer.log("info", f"the fit was made again with {settings or 'its settings as recorded'}", "fit")
    finally:
        writer.let_go()
