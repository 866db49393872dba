"""`mtjlab randomness --suite sp800-22`: the fifteen tests of NIST SP 800-22."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from mtjlab.cli.bit_source import load_bits
from mtjlab.cli.numbers import integer
from mtjlab.core import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mtjlab.analysis.randomness import (
        LongSequence,
        PackedSequence,
        SequenceFile,
        SequenceResult,
        SuiteResult,
        SuiteTest,
    )
    from mtjlab.cli.output import Output

__all__ = ["SuiteJson", "add_sp800_22_arguments", "run_sp800_22"]

MOST = 2_000_000_000
WORD = 8
"""Bits of a byte."""


def add_sp800_22_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the suite takes."""
    group = parser.add_argument_group("with --suite sp800-22")
    group.add_argument("--mode", choices=("exact", "nist"), help="probabilities: exact (default) or those of STS 2.1.2")
    group.add_argument(
        "--sequence-length", metavar="N", type=integer(1, MOST), help="bits a sequence (default: 1,000,000 at most)"
    )
    group.add_argument("--sequences", metavar="K", type=integer(1, MOST), help="sequences (default: all there are)")
    group.add_argument("--tests", metavar="A,B", help="names of the tests (default: all fifteen)")
    group.add_argument("--workers", metavar="N", type=integer(1, 1024), help="sequences at a time (default: 1)")


def run_sp800_22(arguments: argparse.Namespace) -> int:
    """Do the tests, print table and verdict."""
    from mtjlab.analysis.randomness import SequenceFile
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    if arguments.extract in (None, "none"):
        file = SequenceFile.open(arguments.file, arguments.format, arguments.bits_per_symbol)
        return _run_on(arguments, output, file, str(file.format))
    with TemporaryDirectory(prefix="mtjlab-") as folder:
        conditioned = Path(folder) / "conditioned.bin"
        format_ = _condition(arguments, output, conditioned)
        return _run_on(arguments, output, SequenceFile.open(conditioned, "packed"), format_)


def _condition(arguments: argparse.Namespace, output: "Output", path: Path) -> str:
    """Write the bits after the extractor where the suite can read them a sequence at a time; return their format."""
    source = load_bits(arguments, output, condition_recordings=False)
    if len(source.bits) < WORD:
        raise InputError(f"{arguments.file}: {len(source.bits)} bits are left after the extractor: give more raw bits")
    source.bits[: len(source.bits) // WORD * WORD].packed_bytes.tofile(path)  # those of no whole byte are left out
    return str(source.format)


def _run_on(arguments: argparse.Namespace, output: "Output", file: "SequenceFile", format_: str) -> int:
    """Do the tests on the bits of `file`: those of the one that was given, of format `format_`, or made of them."""
    from mtjlab.analysis.randomness import split

    length, count = split(file.bits, arguments.sequence_length, arguments.sequences, str(arguments.file))
    tests = _tests(arguments.tests)
    left = file.bits - length * count
    output.say(
        f"{arguments.file}, format {format_}: {file.bits:,} bits; sequences: {count:,} of {length:,} bits each"
        + (f", {left:,} bits left out." if left else ".")
    )
    sequences = file.sequences(length, count)
    if arguments.json is None:
        result = _test(arguments, tests, sequences, count, output, lambda each: None)
    else:
        head = {"suite": "sp800-22", "mode": arguments.mode or "exact", "file": str(arguments.file)}
        head["extractor"] = arguments.extract or "none"
        with SuiteJson.open(arguments.json, head | {"format": format_, "bits": file.bits}) as told:
            result = _test(arguments, tests, sequences, count, output, told.add)
            told.close(verdict=result.verdict.as_dict())
    _show(result, count, output)
    if not result.verdict.judged:
        first = result.sequences[0].outcomes[0]
        raise InputError(f"{arguments.file}: no test applies; {first.test}: {first.reason}; give longer sequences")
    return 0 if result.verdict.passed else 1


def _tests(names: str | None) -> "tuple[SuiteTest, ...]":
    from mtjlab.analysis.randomness import chosen_tests

    return chosen_tests(None if names is None else [name.strip() for name in names.split(",") if name.strip()])


def _test(
    arguments: argparse.Namespace,
    tests: "tuple[SuiteTest, ...]",
    sequences: "Iterator[PackedSequence | LongSequence]",
    count: int,
    output: "Output",
    keep: "Callable[[SequenceResult], None]",
) -> "SuiteResult":
    from mtjlab.analysis.randomness import compile_kernels, is_compiled, run_many

    if not is_compiled():
        output.say("First run here: compiling the tests, which takes some ten seconds once.")
        compile_kernels()
    with output.progress() as stage:
        show = stage("sequences")
        return run_many(
            sequences,
            arguments.mode or "exact",
            tests=tests,
            workers=arguments.workers or 1,
            progress=lambda done: show(done, count),
            keep=keep,
        )


def _show(result: "SuiteResult", count: int, output: "Output") -> None:
    verdict = result.verdict
    rows = []
    for test in (outcome.test for outcome in result.sequences[0].outcomes):
        mine = [each for each in verdict.proportions if each.name.split()[0] == test]
        if not mine:
            outcome = result.sequences[0][test]
            rows.append([test, "0", "", "", "", "", f"not applicable: {outcome.reason}"])
            continue
        uniformity = [each.uniformity for each in mine if each.uniformity is not None]
        failed = any(name.split(":")[0].split()[0] == test for name in verdict.decision.rejected)
        rows.append(
            [
                test,
                f"{max(each.sequences for each in mine):,}",
                f"{sum(each.rejected for each in mine):,} of {sum(each.sequences for each in mine):,}",
                f"{sum(not each.within_band for each in mine)} of {len(mine)}" if mine[0].sequences > 1 else "",
                f"{min(uniformity):.3g}" if uniformity else "",
                _p_values(result, count, test),
                "FAILED" if failed else "passed",
            ]
        )
    heads = ["test", "sequences", "p < 0.01", "out of band", "least uniformity", "p-value", "verdict"]
    output.grid(f"NIST SP 800-22, {result.mode} mode (bands are shown, they do not decide)", heads, rows)
    output.say(verdict.words)


def _p_values(result: "SuiteResult", count: int, test: str) -> str:
    if count > 1:
        return ""
    values = result.sequences[0][test].p_values
    return ", ".join(f"{p:.4g}" for p in values) if len(values) < 3 else f"{min(values):.4g} to {max(values):.4g}"


class Stream(Protocol):
    """What takes text."""

    def write(self, text: str, /) -> object:
        """Take text."""


class SuiteJson:
    """A JSON object with a list of sequences, between what is said before them and after them.

    Parameters
    ----------
    stream
        Where the text goes.
    head
        What stands before the sequences.
    """

    def __init__(self, stream: Stream, head: dict[str, Any]) -> None:
        self._stream = stream
        self._separator = ""
        self._stream.write(json.dumps(head)[:-1] + ', "sequences": [')

    @classmethod
    @contextlib.contextmanager
    def open(cls, path: str, head: dict[str, Any]) -> "Iterator[SuiteJson]":
        """Write to a file, which appears when it is whole, or to standard output (``-``)."""
        if path == "-":
            yield cls(sys.stdout, head)
            return
        partial = Path(f"{path}.partial")
        try:
            with partial.open("w", encoding="utf-8") as stream:
                yield cls(stream, head)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def add(self, result: "SequenceResult") -> None:
        """Write one sequence."""
        self._stream.write(self._separator + "\n" + json.dumps(result.as_dict(), allow_nan=False))
        self._separator = ","

    def close(self, **tail: Any) -> None:
        """Write what stands after the sequences, and the end."""
        self._stream.write("\n], " + json.dumps(tail, allow_nan=False)[1:] + "\n")
