"""`mtjlab run`: run a procedure without a window."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer

if TYPE_CHECKING:
    from pymeasure.experiment import Procedure

HELP = "run a procedure headless, into a recording"
PROCEDURES = {"random-bitstream": ("mtjlab.procedures.random_bitstream", "RandomBitstream")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("procedure", choices=PROCEDURES, help="what to run")
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a parameter in SI units, for example bits=5000000 or amplitude=1.25; may be repeated",
    )
    parser.add_argument("--output", metavar="FILE.h5", type=Path, required=True, help="recording to write")
    parser.add_argument("--bench", default="simulated", metavar="FILE", help="bench file or shipped bench")
    parser.add_argument("--seed", type=integer(0, 2**32 - 1), help="seed of the simulated device")
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the procedure and say where the bits are."""
    import importlib

    from mtjlab.cli.output import Output
    from mtjlab.instruments import open_bench
    from mtjlab.procedures.run import run as run_procedure

    output = Output(arguments.json)
    module, name = PROCEDURES[arguments.procedure]
    procedure = getattr(importlib.import_module(module), name)()
    for assignment in arguments.set:
        _assign(procedure, assignment)
    with open_bench(arguments.bench, seed=arguments.seed) as bench, output.progress() as stage:
        recording = run_procedure(procedure, bench, arguments.output, progress=stage(arguments.procedure))
    output.table(
        arguments.procedure,
        {"recording": str(arguments.output), "bits": f"{recording.committed:,}", "status": str(recording.status)},
    )
    output.json({"recording": str(arguments.output), "bits": recording.committed, "status": str(recording.status)})
    return 0


def _assign(procedure: "Procedure", assignment: str) -> None:
    """Set one parameter from NAME=VALUE."""
    parameters: dict[str, Any] = procedure.parameter_objects()
    name, separator, word = assignment.partition("=")
    if not separator or name not in parameters:
        raise ValueError(f"--set {assignment}: give NAME=VALUE with one of {', '.join(parameters)}")
    parameter = parameters[name]
    try:
        value = parameter.convert(word)
    except ValueError:
        raise ValueError(
            f"--set {assignment}: {parameter.name} takes {parameter.minimum:g} to {parameter.maximum:g} "
            f"{parameter.units or ''}".rstrip()
        ) from None
    setattr(procedure, name, value)
