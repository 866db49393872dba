"""The procedures that are installed, by name, and those in a user's own files."""

import importlib.util
import sys
from pathlib import Path

from pymeasure.experiment import Procedure

from mtjlab.core import InputError, Registry
from mtjlab.procedures.measurements.column import recorded_columns

__all__ = [
    "ProcedureNotInstalledError",
    "find_procedure",
    "find_procedure_by_class",
    "procedure_name",
    "procedure_names",
]

PROCEDURES: Registry[object] = Registry("mtjlab.procedures", "procedure")
"""The procedures that are installed, loaded when they are asked for."""


class ProcedureNotInstalledError(InputError):
    """No installed procedure has the class that was asked for."""


def procedure_names() -> list[str]:
    """Name the installed procedures."""
    return PROCEDURES.names()


def find_procedure(name: str, folder: Path | None = None) -> type[Procedure]:
    """Find a procedure.

    Parameters
    ----------
    name
        Name of an entry point in the group ``mtjlab.procedures``, such as ``random-bitstream``; or ``FILE.py:Class``
        for a PyMeasure procedure in a file of one's own.
    folder
        Where a relative ``FILE.py`` is looked for; by default the working folder.

    Raises
    ------
    ValueError
        If there is no such procedure.
    """
    file, separator, class_name = name.rpartition(":")
    if separator and file.endswith(".py"):
        return _checked(getattr(_module((folder or Path()) / file), class_name, None), name)
    if name not in PROCEDURES.names():
        raise InputError(
            f"procedure {name!r} is not known; installed: {', '.join(PROCEDURES.names())}; FILE.py:CLASS takes one of "
            "your own"
        )
    return _checked(PROCEDURES.load(name), name)


def find_procedure_by_class(class_name: str) -> type[Procedure]:
    """Find the installed procedure whose class has a name: the name that a recording keeps.

    Parameters
    ----------
    class_name
        Name of the class.

    Raises
    ------
    ProcedureNotInstalledError
        If none has; a recording's word alone never makes anything be imported.
    InputError
        If it is installed and cannot be used: its package is broken, or it is no procedure.
    """
    for name, entry in PROCEDURES.entries().items():
        if entry.attribute == class_name:
            return _checked(PROCEDURES.load(name), name)
    raise ProcedureNotInstalledError(f"{class_name} is no installed procedure: name its file, FILE.py:{class_name}")


def procedure_name(kind: type[Procedure]) -> str | None:
    """Give the name of an installed procedure; None for another one.

    Parameters
    ----------
    kind
        Class of the procedure.
    """
    for name, entry in PROCEDURES.entries().items():
        if entry.attribute == kind.__name__ and PROCEDURES.load(name) is kind:
            return name
    return None


def _module(path: Path) -> object:
    if not path.is_file():
        raise InputError(f"{path} does not exist: give the path of a Python file and a class, FILE.py:CLASS")
    name = f"mtjlab_user_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(f"{path} cannot be imported ({type(error).__name__}: {error}): correct it") from error
    return module


def _checked(found: object, name: str) -> type[Procedure]:
    if not isinstance(found, type) or not issubclass(found, Procedure):
        raise InputError(f"{name} is no PyMeasure Procedure: give FILE.py:CLASS with a class derived from it")
    kind: type[Procedure] = found
    if "bench" in kind().parameter_objects():
        raise InputError(f"{name} has a parameter called bench, under which the runner gives it the bench: rename it")
    recorded_columns(kind.DATA_COLUMNS)  # what a recording cannot keep is said before anything is opened
    return kind
