"""`mtjlab fit`: the fit of a recording, made again."""

import argparse
from pathlib import Path
from typing import Any

from mtjlab.cli.common_arguments import add_json_argument

HELP = "make the fit of a recording again, with other settings if wanted; earlier results stay in it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="recording (HDF5) that has ended, also a part")
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a parameter of the fit in SI units, for example damping=0.03; may be repeated",
    )
    parser.add_argument(
        "--procedure", metavar="FILE.py:CLASS", help="your own procedure that made it, where it is not installed"
    )
    parser.add_argument("--settings", action="store_true", help="list the settings that may be changed; fit nothing")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Fit, and print what was found."""
    from mtjlab.analysis import poor_fits
    from mtjlab.cli.output import Output
    from mtjlab.cli.result_json import result_json
    from mtjlab.cli.run import split_assignments
    from mtjlab.data import Recording
    from mtjlab.procedures import find_procedure
    from mtjlab.procedures.running import fit, fit_settings

    output = Output(arguments.json)
    kind = find_procedure(arguments.procedure) if arguments.procedure else None
    if arguments.settings:
        settings = fit_settings(Recording(arguments.file), kind)
        output.table(
            f"{arguments.file}: mtjlab fit FILE --set NAME=VALUE",
            {name: str(value) for name, value in settings.items()},
        )
        output.json({"settings": settings})
        return 0
    given: dict[str, Any] = dict(split_assignments("--set", arguments.set))
    with output.progress() as stage:
        found = fit(arguments.file, kind=kind, progress=stage("fit"), **given)
    output.table(f"Fit of {arguments.file}", {name: str(result) for name, result in found.items()})
    warnings = poor_fits(found)
    for warning in warnings:
        output.say(f"Warning: {warning}.")
    output.json(
        {"recording": str(arguments.file), "settings": given, "results": result_json(found), "warnings": warnings}
    )
    return 0
