"""One run: which procedure, with which parameters, into which file."""

import dataclasses
import re
from pathlib import Path
from string import Formatter
from typing import Any, Self

from pymeasure.experiment import Procedure

from mtjlab.core import InputError
from mtjlab.procedures import refuse_unset, set_values
from mtjlab.procedures.running.stopping import StopConditions

__all__ = ["RunSpec", "file_name"]

LONGEST = 200
"""Bytes of a name: file systems take 255, and a recording has one of its own while it is made."""


@dataclasses.dataclass(frozen=True)
class RunSpec:
    """One run."""

    kind: type[Procedure]
    """Class of the procedure."""
    name: str
    """Name under which the procedure was asked for."""
    parameters: dict[str, Any]
    """Parameters that differ from the procedure's defaults, as values of their kinds: see `values_of`."""
    path: Path
    """Recording to write."""
    stop: StopConditions = dataclasses.field(default_factory=StopConditions)
    """Conditions that end it early."""
    seed: int | None = None
    """Seed of the simulated device; None for a new one, and on a real bench."""
    number: int = 1
    """Place in the plan, from one."""
    repeat: int = 1
    """Which repetition it belongs to, from one."""

    @classmethod
    def of(cls, procedure: Procedure, name: str, path: Path, *, seed: int | None = None) -> Self:
        """Describe the run of a procedure whose parameters are set.

        Parameters
        ----------
        procedure
            The procedure; another one with the same values is made for the run.
        name
            Name under which it was asked for.
        path
            Recording to write.
        seed
            Seed of the simulated device.

        Returns
        -------
        RunSpec
            The run.
        """
        return cls(type(procedure), name, set_values(procedure), path, seed=seed)

    def procedure(self) -> Procedure:
        """Make the procedure.

        Raises
        ------
        InputError
            If a parameter has neither default nor value.
        """
        procedure = self.kind()
        for name, value in self.parameters.items():
            setattr(procedure, name, value)  # parsed and checked by whoever described the run
        refuse_unset(procedure)
        return procedure


class _Plain(Formatter):
    """Format fields by name and nothing else: no attributes, no items, no positions."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        if field_name not in kwargs:
            raise KeyError(field_name)
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if any(len(digits) > 2 for digits in re.findall(r"\d+", format_spec)):
            raise ValueError(f"the format {format_spec:.20} asks for more than 99 places")
        return str(super().format_field(value, format_spec))


def file_name(template: str, fields: dict[str, Any]) -> str:
    """Name a recording by its parameters.

    Parameters
    ----------
    template
        Such as ``{procedure}-{amplitude:.3f}V-{repeat:02}``; ``/`` makes folders, ``.h5`` is added.
    fields
        What may be named.

    Returns
    -------
    str
        The name, relative to the folder of the plan.

    Raises
    ------
    ValueError
        If the template names another field, has a format that does not fit, or leads out of the folder.

    Examples
    --------
    >>> file_name("{amplitude:.2f}V-{repeat}", {"amplitude": 1.25, "repeat": 1})
    '1.25V-1.h5'
    """
    try:
        name = _Plain().vformat(template, (), fields)
    except KeyError as error:
        raise InputError(f"name = {template!r}: {error} is no field; there are {', '.join(fields)}") from None
    except (ValueError, TypeError) as error:
        raise InputError(f"name = {template!r}: {error}") from None
    path = Path(name)
    if not name.strip() or path.is_absolute() or ".." in path.parts or set(name) & set('\0\n\r:*?"<>|\\'):
        raise InputError(
            f'name = {template!r} gives {name!r}: a file name has no : * ? " < > | or \\ and stays in the folder'
        )
    if any(len(part.encode()) > LONGEST for part in path.parts):
        raise InputError(f"name = {template!r:.60} gives a name of more than {LONGEST} bytes: make it shorter")
    return name if name.endswith(".h5") else f"{name}.h5"
