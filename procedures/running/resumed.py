"""Continue with a recording: what the file must say for it, and what the procedure is told."""

import logging
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pymeasure.experiment import Procedure

from mtjlab.data import Recording, RecordingError, RecordingParameter, RecordingWriter
from mtjlab.instruments import Bench, Limits
from mtjlab.procedures import Resumption, assign, measurement, same_value
from mtjlab.procedures.running.recorded_bench import recorded_limits
from mtjlab.procedures.running.stopping import Tally

__all__ = ["check_same", "prepare_resumption", "procedure_of", "recorded_procedure", "tally_of"]

log = logging.getLogger(__name__)

LAST_BITS = 5000
"""Bits by which a repeated run is recognised."""


def procedure_of(
    path: Path, kind: type[Procedure], changes: Mapping[str, Any], *, may_be_done: bool = False
) -> Procedure:
    """Make the procedure of a recording again.

    Parameters
    ----------
    path
        The recording.
    kind
        Class of the procedure.
    changes
        Parameters to change, by name.
    may_be_done
        Do not refuse a recording that holds all it was asked for.

    Raises
    ------
    RecordingError
        If the file is no recording, or one of another procedure.
    ValueError
        If a parameter cannot be changed or takes no such value.
    """
    recording = Recording(path)
    procedure = recorded_procedure(recording, kind)
    for name, value in changes.items():
        assign(procedure, name, value, f"{name} = {value}")
    check_same(procedure, recording)
    if not may_be_done:
        _check_more(procedure, recording)
    return procedure


def recorded_procedure(recording: Recording, kind: type[Procedure]) -> Procedure:
    """Make a procedure with the parameters of a recording; what this version does not know of is left out.

    Parameters
    ----------
    recording
        The recording.
    kind
        Class of its procedure.

    Raises
    ------
    ValueError
        If a parameter takes no such value.
    """
    procedure = kind()
    for name, parameter in recording.parameters.items():
        if name in procedure.parameter_objects() and parameter.value is not None:
            assign(procedure, name, parameter.value, f"{recording.path}: {name}")
    return procedure


def tally_of(recording: Recording) -> Tally:
    """Count what a recording holds so far."""
    segments = recording.segments()
    lasted = (segments["end"] - segments["start"]).clip(lower=0).sum()
    return Tally(recording.committed, float(lasted), int(recording.blocks()["alarms"].sum()))


def prepare_resumption(
    procedure: Procedure, bench: Bench, path: Path, *, mirror: str | Path | None = None
) -> tuple[RecordingWriter, Tally, Limits]:
    """Open a recording to continue with, and tell the procedure where; a copy is kept in the folder `mirror`.

    Returns
    -------
    tuple
        The writer, what the recording counts so far, and the limits that it was made within: they hold beside the
        bench's own.

    Raises
    ------
    RecordingError
        If the recording cannot be resumed.
    ValueError
        If it is another procedure's, or was made with other parameters.
    """
    recording = Recording(path)
    check_same(procedure, recording)
    _check_more(procedure, recording)
    bits, limits = recording.committed, recorded_limits(recording)
    resumption = Resumption(
        bits=bits,
        rows=recording.rows,
        began=float(recording.segments()["start"].iloc[0]),
        repeats=_repeats(recording, bench),
        last_bits=recording.bits[max(0, bits - LAST_BITS) : bits],
        table=lambda: recording.frame().to_numpy(float),
        point=_last_point(recording),
    )
    tally = tally_of(recording)
    changes = _changed(procedure, recording)
    measurement(procedure).resume(resumption)
    writer = RecordingWriter.resume(path, mirror=mirror)
    try:
        for name, value in changes.items():
            writer.set_parameter(name, value)
        _note_differences(recording, bench, writer)
    except BaseException:
        writer.close("failed", "could not be resumed")
        raise
    return writer, tally, limits


def _changed(procedure: Procedure, recording: Recording) -> dict[str, Any]:
    return {
        name: parameter.value
        for name, parameter in procedure.parameter_objects().items()
        if name in recording.parameters
        and not same_value(parameter.value, recording.parameters[name].value)
        and not (_is_unstated(recording.parameters, name) and same_value(parameter.value, parameter.default))
    }


def _is_unstated(recorded: Mapping[str, RecordingParameter], key: str) -> bool:
    """Tell a parameter that a recording does not have, or had without a value (the field of the first versions)."""
    return key not in recorded or recorded[key].value is None


def _last_point(recording: Recording) -> tuple[float, float, float] | None:
    blocks = recording.blocks()
    if not len(blocks):
        return None
    last = blocks.iloc[-1]
    return float(last["amplitude"]), float(last["width"]), float(last["field"])


def check_same(procedure: Procedure, recording: Recording) -> None:
    """Refuse a recording of another procedure, or one that was made with other parameters.

    Parameters
    ----------
    procedure
        The procedure that would continue it.
    recording
        The recording.

    Raises
    ------
    RecordingError
        If they differ in more than what may be extended.
    """
    path, name = recording.path, type(procedure).__name__
    parameters = procedure.parameter_objects()
    if recording.procedure != name:
        raise RecordingError(path, f"was made by {recording.procedure}, not {name}", "name that procedure")
    if not measurement(procedure).can_resume:
        raise RecordingError(path, f"is of {name}, which cannot continue", "run it again into another file")
    extendable = measurement(procedure).extendable
    recorded = recording.parameters
    for key, parameter in parameters.items():
        if _is_unstated(recorded, key) and same_value(parameter.value, parameter.default):
            continue  # one that came later, or had no value then; its default is what was done before
        if key not in recorded:
            raise RecordingError(path, f"lacks the parameter {key}: another version made it", "begin a new recording")
        if key not in extendable and not same_value(parameter.value, recorded[key].value):
            raise RecordingError(
                path,
                f"was made with {key} = {recorded[key].value!r}, not {parameter.value!r}",
                f"only {', '.join(extendable)} may change; begin a new recording for the rest",
            )


def _check_more(procedure: Procedure, recording: Recording) -> None:
    extendable = measurement(procedure).extendable
    if "bits" in extendable and procedure.bits <= recording.committed:
        raise RecordingError(
            recording.path,
            f"holds {recording.committed:,} of {procedure.bits:,} bits: there is nothing to do",
            "ask for more bits",
        )
    if recording.status == "finished" and "bits" not in extendable and not _changed(procedure, recording):
        raise RecordingError(recording.path, "is finished: there is nothing to do", "begin a new recording")


def _repeats(recording: Recording, bench: Bench) -> bool:
    stand_in = bench.stand_in
    return (
        stand_in is not None
        and stand_in.time == 0.0
        and stand_in.attributes.get("seed") == recording.bench_attributes.get("seed", math.nan)
    )


def _note_differences(recording: Recording, bench: Bench, writer: RecordingWriter) -> None:
    if recording.simulated and not _repeats(recording, bench):
        writer.log("warning", "the bench is not a fresh one of the same seed: the random stream is another", __name__)
    if recording.bench != bench.file.text:
        writer.log("warning", "the bench file is another than in the first segment", __name__)
    stated, recorded = bench.file.limits.model_dump(), recorded_limits(recording).model_dump()
    for name, value in stated.items():
        if recorded[name] < (math.inf if value is None else value):
            writer.log("warning", f"{name} is limited to {recorded[name]:g}, as in the first segment", __name__)
