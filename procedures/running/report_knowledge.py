"""What a report of a recording takes from procedures and instruments."""

from __future__ import annotations

import inspect
import shlex

from pymeasure.experiment import Procedure

from mtjlab.analysis.reports import BenchLine, ProcedureKnowledge
from mtjlab.core import InputError, TomlDocument
from mtjlab.data import Recording
from mtjlab.instruments import BenchFile, SignalPath
from mtjlab.procedures import find_procedure_by_class, procedure_name
from mtjlab.procedures.running.recorded_pictures import recorded_picture

__all__ = ["procedure_knowledge"]


def procedure_knowledge() -> ProcedureKnowledge:
    """Give what procedures and instruments know of recordings, for the reports of `mtjlab.analysis.reports`.

    Returns
    -------
    ProcedureKnowledge
        The picture of a recording, what its procedure does, the command that runs it once more, and the line to the
        device.
    """
    return ProcedureKnowledge(picture=recorded_picture, words=_words, command=_command, line=_line)


def _installed(recording: Recording) -> type[Procedure] | None:
    try:
        return find_procedure_by_class(recording.procedure)
    except InputError:
        return None


def _words(recording: Recording) -> str:
    kind = _installed(recording)
    if kind is None:
        return f"The procedure {recording.procedure} is not installed here: what it does is not known."
    said = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0]
    return " ".join(said.replace("`", "").split())


def _command(recording: Recording) -> str:
    """Write the command with every parameter as it was, whatever its default is by now."""
    kind = _installed(recording)
    name = (None if kind is None else procedure_name(kind)) or f"FILE.py:{recording.procedure}"
    words = ["mtjlab", "run", name, "--output", "NEW.h5"]
    seed = recording.bench_attributes.get("seed")
    if not recording.simulated:
        words += ["--bench", "bench.toml"]
    elif seed is not None:
        words += ["--seed", f"{seed}"]
    for parameter, entry in recording.parameters.items():
        if entry.value != "":
            words += ["--set", f"{parameter}={entry.value}"]
    for field, value in recording.sample.items():
        if value:
            words += ["--sample", f"{field}={value}"]
    return shlex.join(words)


def _line(recording: Recording) -> BenchLine:
    """Give gain, leads and stated resistance by the bench file that is recorded, as `mtjlab energy` takes them."""
    try:
        file = BenchFile.recorded(TomlDocument(f"{recording.path}: bench", recording.bench))
    except ValueError:  # a bench of another program: amplitudes are taken as they are
        return (lambda resistance: 1.0), 0.0, None
    path = SignalPath(file.wiring, file.device, file.limits.duty_cycle)
    return path.gain, file.wiring.lead_resistance, file.device.resistance
