"""What the form may be filled from: a recording, or a plan."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pymeasure.experiment import Procedure

from mtjlab.core import InputError, TomlDocument
from mtjlab.data import Recording
from mtjlab.procedures import (
    ProcedureNotInstalledError,
    find_procedure,
    find_procedure_by_class,
    procedure_name,
    set_values,
)
from mtjlab.procedures.running import Plan, Range, StopConditions, recorded_procedure

__all__ = ["FormValues", "absolute_name", "values_of_plan", "values_of_recording"]


@dataclasses.dataclass(frozen=True)
class FormValues:
    """Values for a form."""

    name: str
    """Name of the procedure, or ``FILE.py:Class``."""
    kind: type[Procedure]
    """Its class."""
    parameters: dict[str, Any]
    """Values of its parameters."""
    sample: dict[str, str]
    """What is on the table."""
    sweeps: list[Mapping[str, list[Any] | Range]] = dataclasses.field(default_factory=list)
    """Parameters that go through values."""
    repeats: int = 1
    """How often all of it is gone through."""
    stop: StopConditions | None = None
    """What ends a run early; None where that is not told."""
    seed: int | None = None
    """Seed of the simulated device."""
    left_out: str = ""
    """What the form does not take, in words."""


def values_of_recording(path: Path, shown: type[Procedure], shown_name: str) -> FormValues:
    """Take the procedure and parameters of a recording.

    Parameters
    ----------
    path
        The recording.
    shown, shown_name
        Class and name of the procedure that the form shows now: a user's own is in no list of the installed ones.

    Raises
    ------
    ValueError
        If it is no recording, or its procedure is not known here.
    """
    recording = Recording(path)
    try:
        kind = find_procedure_by_class(recording.procedure)
        name = procedure_name(kind) or kind.__name__
    except ProcedureNotInstalledError:
        if shown.__name__ != recording.procedure.rpartition(".")[2]:
            raise InputError(
                f"{path.name} was made by {recording.procedure}, which is not installed: "
                "choose it under Own procedure first"
            ) from None
        kind, name = shown, shown_name
    procedure = recorded_procedure(recording, kind)
    return FormValues(name, kind, set_values(procedure), recording.sample)


def values_of_plan(path: Path) -> FormValues:
    """Take the first section of a plan.

    Parameters
    ----------
    path
        The plan file; a preset is one.

    Raises
    ------
    ValueError
        If it is no plan; the message names file, line and what is allowed.
    """
    path = path.resolve()
    plan = Plan.unchecked(TomlDocument.read(path, "give the path of a plan file (TOML)").text, path)
    section = plan.runs[0]
    name = section.procedure
    file, separator, class_name = name.rpartition(":")
    if separator and file.endswith(".py"):
        name = f"{(path.parent / file).resolve()}:{class_name}"
    others = len(plan.runs) - 1
    return FormValues(
        name,
        find_procedure(name),
        dict(section.parameters),
        {word: text for word, text in plan.sample if text},
        list(section.sweep),
        section.repeats,
        section.stop,
        plan.seed,
        f"It has {others} more section{'s' if others > 1 else ''} that the form does not show." if others else "",
    )


def absolute_name(name: str) -> str:
    """Give the name of a procedure as it means the same from every folder.

    Parameters
    ----------
    name
        Its name, or ``FILE.py:Class``.
    """
    file, separator, class_name = name.rpartition(":")
    return f"{Path(file).resolve()}:{class_name}" if separator and file.endswith(".py") else name
