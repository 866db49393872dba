"""`mtjlab randomness --suite ais-31`: the tests T0 to T8 of BSI AIS 20/31."""

import argparse

from mtjlab.cli.bit_source import load_first_bits

__all__ = ["run_ais_31_suite"]

MOST = 8_300_000
"""Bits that the tests look at, at most."""


def run_ais_31_suite(arguments: argparse.Namespace) -> int:
    """Do the tests, print table and verdict."""
    from mtjlab.analysis.randomness import run_ais_31
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    source = load_first_bits(arguments, output, MOST)
    result = run_ais_31(source.bits[:MOST].unpacked())
    rows = [
        [
            test.name,
            test.title,
            f"{test.failed} of {test.done}",
            "" if test.worst is None else f"{test.worst:.6g}",
            test.bounds,
            f"not applicable: {test.reason}" if test.reason else "FAILED" if test.failed else "passed",
        ]
        for test in (*result.procedure_a, *result.procedure_b)
    ]
    heads = ["test", "looks at", "outside", "worst value", "bounds", "verdict"]
    output.grid("BSI AIS 20/31: T0 to T5 for bits given out, T6 to T8 for raw bits (bounds of 2011)", heads, rows)
    if result.passed:
        output.say("No value lies outside of its bounds.")
    elif result.failures == 1:
        output.say("One value lies outside of its bounds: the document repeats the tests with new bits.")
    else:
        output.say(f"The bits FAIL: {result.failures} values lie outside of their bounds.")
    output.json(
        {
            "suite": "ais-31",
            "file": str(arguments.file),
            "format": str(source.format),
            "extractor": source.extractor,
            "bits": len(source.bits),
            "parameters": "AIS 20/31 version 2.0 (2011)",
            **result.as_dict(),
        }
    )
    return 0 if result.passed else 1
