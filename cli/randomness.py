"""`mtjlab randomness`: say how random bits are."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mtjlab.cli.bit_source import NONE, add_bit_arguments, is_large, load_bits, usual_extractor
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.randomness_ais_31 import run_ais_31_suite
from mtjlab.cli.randomness_sp800_22 import add_sp800_22_arguments, run_sp800_22
from mtjlab.cli.randomness_sp800_90b import add_sp800_90b_arguments, run_sp800_90b
from mtjlab.core import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mtjlab.analysis.randomness import Assessment
    from mtjlab.cli.output import Output
    from mtjlab.core import Bits

HELP = "test bits for randomness; exit code 1 where they fail"
LEVEL = 0.01

ALL = "all"
SUITES = ("mtjlab", "sp800-22", "sp800-90b", "ais-31")

TAKEN_BY = {
    "mode": ("sp800-22",),
    "sequence_length": ("sp800-22", "sp800-90b"),
    "sequences": ("sp800-22",),
    "tests": ("sp800-22",),
    "workers": ("sp800-22",),
    "track": ("sp800-90b",),
    "seed": ("sp800-90b",),
    "initial_entropy": ("sp800-90b",),
}
"""The suites that take an argument, by its name."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_bit_arguments(parser, extract="none: the bits are tested as they are")
    add_json_argument(parser)
    parser.add_argument("--suite", choices=(*SUITES, ALL), default="mtjlab", help="tests (default: mtjlab)")
    add_sp800_22_arguments(parser)
    add_sp800_90b_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Test the bits and print the verdict."""
    _refuse_arguments_of_others(arguments)
    return _run_all(arguments) if arguments.suite == ALL else _run_one(arguments)


def _run_one(arguments: argparse.Namespace) -> int:
    run_suite: dict[str, Callable[[argparse.Namespace], int]] = {
        "mtjlab": _run_mtjlab,
        "sp800-22": run_sp800_22,
        "sp800-90b": run_sp800_90b,
        "ais-31": run_ais_31_suite,
    }
    return run_suite[arguments.suite](arguments)


def _run_all(arguments: argparse.Namespace) -> int:
    """Run every suite on the bits; one that does not apply to them is said to be so."""
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    found: dict[str, Any] = {}
    code, refused = 0, None
    with TemporaryDirectory(prefix="mtjlab-") as folder:
        for suite in SUITES:
            output.say(f"\n{suite}")
            own = argparse.Namespace(**{**vars(arguments), "suite": suite, "json": str(Path(folder) / f"{suite}.json")})
            try:
                code = max(code, _run_one(own))
            except InputError as error:
                refused = error
                output.say(f"Not applicable: {error}")
                found[suite] = {"not_applicable": str(error)}
            else:
                found[suite] = json.loads(Path(own.json).read_text("utf-8"))
    if refused is not None and all("not_applicable" in each for each in found.values()):
        raise refused
    output.json({"suite": ALL, "file": str(arguments.file), "suites": found})
    return code


def _refuse_arguments_of_others(arguments: argparse.Namespace) -> None:
    """Refuse what the suite would not look at."""
    for name, suites in TAKEN_BY.items():
        if getattr(arguments, name) is not None and arguments.suite not in (*suites, ALL):
            option = f"--{name.replace('_', '-')}"
            raise InputError(f"{option} goes with --suite {' or '.join(suites)} only; add that or leave it out")


def _run_mtjlab(arguments: argparse.Namespace) -> int:
    """Run mtjlab's own tests."""
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    streamed = arguments.extract in (None, NONE) and is_large(arguments.file)
    result, said = (_assess_stream if streamed else _assess_whole)(arguments, output)
    output.grid(
        f"{result.bits:,} bits, family-wise level {LEVEL} (Holm over {len(result.decision.adjusted)} p-values)",
        ["test", "found", "p-value", "adjusted", "verdict"],
        [[row.test, row.result, _number(row.p_value), _number(row.adjusted), row.verdict.value] for row in result.rows],
    )
    hint = ""
    raw = said["extractor"] == NONE and usual_extractor(arguments.file, said["format"]) != NONE
    if not result.passed and raw:
        hint = " These are raw bits as read; --extract von-neumann tests them conditioned."
    failed = [name for name, passed in result.tests.items() if passed is False]
    output.say(f"The bits FAIL: {', '.join(failed)}.{hint}" if failed else "The bits pass.")
    output.json(
        {
            "file": str(arguments.file),
            **said,
            "p_one": result["P(1)"].statistics["proportion"],
            "p_one_interval": list(result["P(1)"].interval or ()),
            "min_entropy": result["min-entropy"].statistics["min_entropy"],
            **result.as_dict(),
        }
    )
    return 0 if result.passed else 1


def _assess_stream(arguments: argparse.Namespace, output: "Output") -> "tuple[Assessment, dict[str, Any]]":
    """Test the bits as they are, part by part: a file of any size takes the same memory."""
    from mtjlab.analysis.randomness import SequenceFile, assess_stream

    file = SequenceFile.open(arguments.file, arguments.format, arguments.bits_per_symbol)
    of = f", bits per symbol {file.bits_per_symbol}" if file.format == "symbols" else ""
    output.say(f"{arguments.file}, format {file.format}: {file.bits:,} bits{of}.")
    with output.progress() as stage:
        result = assess_stream(
            _told(file.parts(), stage("bits"), file.bits), LEVEL, bits_per_symbol=file.bits_per_symbol
        )
    said = {"format": str(file.format), "bits_per_symbol": file.bits_per_symbol, "extractor": NONE}
    return result, said


def _told(parts: "Iterable[Bits]", show: "Callable[[int, int], None]", total: int) -> "Iterator[Bits]":
    done = 0
    for part in parts:
        yield part
        done += len(part)
        show(done, total)


def _assess_whole(arguments: argparse.Namespace, output: "Output") -> "tuple[Assessment, dict[str, Any]]":
    from mtjlab.analysis.randomness import assess

    source = load_bits(arguments, output, condition_recordings=False)
    result = assess(source.bits, LEVEL, symbols=source.symbols, bits_per_symbol=source.bits_per_symbol)
    said = {"format": str(source.format), "bits_per_symbol": source.bits_per_symbol, "extractor": source.extractor}
    return result, said


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
