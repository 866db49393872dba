"""What a bench file says instead of the defaults of procedures: its own operating point, its generator's settings."""

from typing import Any

from pymeasure.experiment import Procedure

from mtjlab.instruments import BenchFile
from mtjlab.procedures.measurements.limited_parameter import tell_ranges
from mtjlab.procedures.measurements.parameters import assign
from mtjlab.procedures.measurements.registry import find_procedure, procedure_name, procedure_names

__all__ = ["bench_defaults", "procedure_on", "refuse_wrong_defaults"]

SECTION = "defaults"


def bench_defaults(kind: type[Procedure], bench: BenchFile) -> dict[str, Any]:
    """Give the parameters of a procedure whose default is another one on a bench: ``[defaults.PROCEDURE]``.

    Parameters
    ----------
    kind
        Class of the procedure. An installed one is looked up under its name, another one under its class's.
    bench
        Bench file.

    Returns
    -------
    dict
        Values by the names of the parameters; empty where the bench file says nothing of the procedure.

    Raises
    ------
    InputError
        If the bench file names no procedure or no parameter there, or a value that it does not take; the message
        names file, line and what is allowed.

    Examples
    --------
    >>> from mtjlab.procedures import RandomBitstream
    >>> bench_defaults(RandomBitstream, BenchFile.load("simulated-fast"))
    {'amplitude': 0.8415, 'width': 8e-09, 'bits': 500000}
    """
    _refuse_unknown_procedures(bench)
    return _converted(kind, procedure_name(kind) or kind.__name__, bench)


def procedure_on(kind: type[Procedure], bench: BenchFile) -> Procedure:
    """Make a procedure with the defaults of a bench, whose parameters say what the bench allows.

    Parameters
    ----------
    kind
        Class of the procedure.
    bench
        Bench file.

    Raises
    ------
    InputError
        As `bench_defaults` does.
    """
    procedure = kind()
    for name, value in bench_defaults(kind, bench).items():
        setattr(procedure, name, value)
    tell_ranges(procedure, bench)
    return procedure


def refuse_wrong_defaults(bench: BenchFile) -> None:
    """Check all that a bench file says of installed procedures; raises as `bench_defaults` does.

    Parameters
    ----------
    bench
        Bench file.
    """
    _refuse_unknown_procedures(bench)
    for name in bench.defaults.keys() & set(procedure_names()):
        _converted(find_procedure(name), name, bench)


def _converted(kind: type[Procedure], name: str, bench: BenchFile) -> dict[str, Any]:
    procedure, found = kind(), {}
    for parameter, value in bench.defaults.get(name, {}).items():
        try:
            assign(procedure, parameter, value, f"{value!r}")
        except ValueError as error:
            raise bench.error((SECTION, name, parameter), str(error)) from None
        found[parameter] = getattr(procedure, parameter)
    return found


def _refuse_unknown_procedures(bench: BenchFile) -> None:
    """Refuse a section that no procedure would ever look up: a misspelt name runs with the wrong values."""
    installed = procedure_names()
    for name in bench.defaults:
        of_a_class = name.isidentifier() and name[:1].isupper()
        if name not in installed and not of_a_class:
            raise bench.error(
                (SECTION, name),
                f"no procedure has this name; installed: {', '.join(installed)}; one of your own has its class's name",
            )
