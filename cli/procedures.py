"""`mtjlab procedures`: what can be run, and what each takes."""

import argparse
import inspect
from typing import TYPE_CHECKING, Any

from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.core import InputError

if TYPE_CHECKING:
    from pymeasure.experiment import Procedure

HELP = "name the procedures that can be run; of one, its parameters with defaults and ranges"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="procedure, or FILE.py:CLASS of your own; by default all are listed"
    )
    parser.add_argument(
        "--bench",
        metavar="FILE",
        help="bench file or shipped bench: its defaults, and the ranges that its limits leave",
    )
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """List them."""
    from mtjlab.cli.output import Output
    from mtjlab.instruments import BenchFile
    from mtjlab.procedures import find_procedure, procedure_names, procedure_on, stated_parameters, value_of

    output = Output(arguments.json)
    bench = BenchFile.load(arguments.bench) if arguments.bench else None
    if arguments.name is None:
        about = {name: _about_installed(name) for name in procedure_names()}
        output.table("Procedures: mtjlab run NAME, mtjlab procedures NAME for its parameters", about)
        output.json({"procedures": about})
        return 0
    kind = find_procedure(arguments.name)
    parameters = stated_parameters(kind if bench is None else procedure_on(kind, bench))
    output.say(_about(kind))
    rows = [
        [name, parameter.name, _default(parameter), _range(parameter), _unit(parameter)]
        for name, parameter in parameters.items()
    ]
    where = "" if bench is None else f" on the bench {bench.name}, each with the others at their defaults"
    output.grid(
        f"Parameters: mtjlab run NAME --set PARAMETER=VALUE{where}", ["parameter", "", "default", "takes", "unit"], rows
    )
    told = {
        name: {
            "description": each.name,
            "default": value_of(each),
            "required": not each.is_set(),
            "takes": _range(each),
            "unit": _unit(each),
        }
        for name, each in parameters.items()
    }
    told_bench = {} if bench is None else {"bench": bench.name}
    output.json({"procedure": arguments.name, **told_bench, "parameters": told, "columns": list(kind.DATA_COLUMNS)})
    return 0


def _about_installed(name: str) -> str:
    from mtjlab.procedures import find_procedure

    try:
        return _first_sentence(find_procedure(name))
    except InputError as error:  # a package that is broken must not hide the other procedures
        return f"({error})"


def _first_sentence(kind: "type[Procedure]") -> str:
    return _about(kind).split("\n\n")[0].replace("\n", " ")


def _about(kind: "type[Procedure]") -> str:
    """Give the docstring of the user's class, or of the nearest one above it that is not PyMeasure's."""
    for each in kind.__mro__:
        if each.__module__.startswith("pymeasure."):
            break
        if each.__doc__:
            return inspect.cleandoc(each.__doc__)
    return ""


def _default(parameter: Any) -> str:
    if not parameter.is_set():
        return "required"
    value = parameter.value
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _unit(parameter: Any) -> str:
    return getattr(parameter, "units", None) or ""


def _range(parameter: Any) -> str:
    choices = getattr(parameter, "choices", None)
    if choices:
        return ", ".join(map(str, choices))
    if getattr(parameter, "on_bench", None) is not None:
        return str(parameter.on_bench.words)
    low, high = getattr(parameter, "minimum", None), getattr(parameter, "maximum", None)
    return "" if low is None or high is None else f"{low:g} to {high:g}"
