"""`mtjlab randomness`: say how random bits are."""

import argparse

from mtjlab.cli.bit_source import add_bit_arguments, load_bits
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.randomness_sp800_22 import add_suite_arguments, refuse_suite_arguments, run_suite

HELP = "test bits for randomness; exit code 1 where they fail"
LEVEL = 0.01


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_bit_arguments(parser, extract="none: the bits are tested as they are")
    add_json_argument(parser)
    add_suite_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Test the bits and print the verdict."""
    if arguments.suite == "sp800-22":
        code: int = run_suite(arguments)
        return code
    refuse_suite_arguments(arguments)
    from mtjlab.analysis.randomness import assess
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    source = load_bits(arguments, output, condition_recordings=False)
    result = assess(source.bits, LEVEL, symbols=source.symbols, bits_per_symbol=source.bits_per_symbol)
    output.grid(
        f"{result.bits:,} bits, family-wise level {LEVEL} (Holm over {len(result.decision.adjusted)} p-values)",
        ["test", "found", "p-value", "adjusted", "verdict"],
        [[row.test, row.result, _number(row.p_value), _number(row.adjusted), row.verdict.value] for row in result.rows],
    )
    hint = ""
    if not result.passed and source.format == "recording" and source.extractor == "none":
        hint = " These are raw bits as read; --extract von-neumann tests them conditioned."
    failed = [name for name, passed in result.tests.items() if passed is False]
    output.say(f"The bits FAIL: {', '.join(failed)}.{hint}" if failed else "The bits pass.")
    output.json(
        {
            "file": str(arguments.file),
            "format": str(source.format),
            "bits_per_symbol": source.bits_per_symbol,
            "extractor": source.extractor,
            "p_one": result["P(1)"].statistics["proportion"],
            "p_one_interval": list(result["P(1)"].interval or ()),
            "min_entropy": result["min-entropy"].statistics["min_entropy"],
            **result.as_dict(),
        }
    )
    return 0 if result.passed else 1


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
