"""What each suite of tests says of a stream of bits: one clause of the verdict, and a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mtjlab.analysis.randomness import (
    ADVISED_SYMBOLS,
    Assessment,
    SequenceFile,
    SuiteResult,
    SymbolSource,
    assess,
    assess_non_iid,
    assess_stream,
    compile_kernels,
    is_compiled,
    run_ais_31,
    run_many,
    split,
)
from mtjlab.analysis.reports.report_parts import Table
from mtjlab.analysis.reports.test_meanings import meaning_of
from mtjlab.core import Bits, InputError, Stage

__all__ = ["SUITES", "SuiteFinding", "assessment_finding", "find"]

MOST_SEQUENCES = 10
"""Sequences of SP 800-22, at most: a report is to be quick; `mtjlab randomness` takes all there are."""

IN_MEMORY = 100_000_000
"""Bits up to which tests that need all bits at once are done."""

AIS_BITS = 8_300_000
"""Bits that AIS 20/31 takes, at most."""

HEADS = ("test", "what it asks", "found", "p-value", "after Holm", "result")


@dataclass(frozen=True)
class SuiteFinding:
    """What one suite says."""

    suite: str
    """Its word on the command line."""
    clause: str
    """What follows "the bits" in the verdict."""
    passed: bool | None
    """Whether the bits pass; None where the suite judges nothing or does not apply."""
    table: Table | None = None
    """All of its tests."""
    assessment: Assessment | None = None
    """Of mtjlab's own tests."""
    min_entropy: float | None = None
    """Of SP 800-90B, bits a bit."""


def find(suite: str, file: SequenceFile, stage: Stage) -> SuiteFinding:
    """Do the tests of a suite.

    Parameters
    ----------
    suite
        Its word, one of `SUITES`.
    file
        The bits.
    stage
        Shows progress.

    Returns
    -------
    SuiteFinding
        What it says; where the suite does not apply to these bits, why.
    """
    try:
        return SUITES[suite](file, stage)
    except InputError as error:
        reason = str(error).removeprefix(f"{file.path}: ")
        return SuiteFinding(suite, f"cannot be judged by {_TITLES[suite]} ({reason})", None)


def assessment_finding(found: Assessment) -> SuiteFinding:
    """Put the verdict of mtjlab's own tests into words.

    Parameters
    ----------
    found
        The assessment.
    """
    count = sum(each is not None for each in found.tests.values())
    held = f"family-wise level {found.level:g}, Holm over {len(found.decision.adjusted)} p-values"
    failed = [name for name, passed in found.tests.items() if passed is False]
    clause = (
        f"fail {len(failed)} of mtjlab's {count} tests ({', '.join(failed)}; {held})"
        if failed
        else f"pass mtjlab's {count} tests ({held})"
    )
    rows = [
        (row.test, meaning_of("mtjlab", row.test), row.result, _p(row.p_value), _p(row.adjusted), row.verdict.value)
        for row in found.rows
    ]
    table = Table(f"mtjlab's tests of {found.bits:,} bits; {held}", rows, HEADS)
    return SuiteFinding("mtjlab", clause, not failed, table, assessment=found)


def _mtjlab(file: SequenceFile, stage: Stage) -> SuiteFinding:
    progress = stage("mtjlab's tests")

    def parts() -> Iterator[Bits]:
        done = 0
        for part in file.parts():
            yield part
            done += len(part)
            progress(done, file.bits)

    # A test of another package may need all bits at once.
    return assessment_finding(assess(Bits.joined(parts())) if file.bits <= IN_MEMORY else assess_stream(parts()))


def _sp800_22(file: SequenceFile, stage: Stage) -> SuiteFinding:
    length, count = split(file.bits, None, None, str(file.path))
    count = min(count, MOST_SEQUENCES)
    if not is_compiled():
        compiling = stage("compiling SP 800-22, once")
        compile_kernels()
        compiling(1, 1)
    progress = stage("SP 800-22")
    found = run_many(file.sequences(length, count), progress=lambda done: progress(done, count))
    verdict = found.verdict
    of = f"{count} sequence{'s' * (count > 1)} of {length:,} bits"
    if not verdict.judged:
        raise InputError(f"no test applies to {of}")
    held = f"family-wise level {verdict.decision.level:g}, Holm over {len(verdict.decision.adjusted)} p-values of {of}"
    failed = sorted({_test_of(name) for name in verdict.decision.rejected})
    words = f"fail NIST SP 800-22 ({', '.join(failed)}; {held})" if failed else f"pass NIST SP 800-22 ({held})"
    rows = [_sp800_22_row(found, outcome.test, failed) for outcome in found.sequences[0].outcomes]
    return SuiteFinding("sp800-22", words, not failed, Table(f"NIST SP 800-22, {found.mode} mode; {held}", rows, HEADS))


def _test_of(name: str) -> str:
    return name.split(":")[0].split()[0]


def _sp800_22_row(found: SuiteResult, test: str, failed: list[str]) -> tuple[str, ...]:
    meaning = meaning_of("sp800-22", test)
    mine = [each for each in found.verdict.proportions if _test_of(each.name) == test]
    if not mine:
        return test, meaning, found.sequences[0][test].reason, "", "", "not applicable"
    below, number = sum(each.rejected for each in mine), sum(each.sequences for each in mine)
    p_values = [p for sequence in found.sequences for p in sequence[test].p_values]
    shown = ", ".join(map(_p, p_values)) if len(p_values) < 3 else f"{_p(min(p_values))} to {_p(max(p_values))}"
    adjusted = [p for name, p in found.verdict.decision.adjusted.items() if _test_of(name) == test]
    result = "failed" if test in failed else "passed"
    return test, meaning, f"{below:,} of {number:,} p-values below 0.01", shown, _p(min(adjusted)), result


def _sp800_90b(file: SequenceFile, stage: Stage) -> SuiteFinding:
    bits = _first(file, ADVISED_SYMBOLS).unpacked()
    found = assess_non_iid(SymbolSource(bits), progress=stage("SP 800-90B"))
    short = "" if found.symbols >= ADVISED_SYMBOLS else f"; the standard asks for {ADVISED_SYMBOLS:,}"
    clause = (
        f"have a min-entropy of {found.min_entropy:.4f} bits a bit by the non-IID track of NIST SP 800-90B (the least "
        f"of ten estimates, {found.least}, from {found.symbols:,} bits{short})"
    )
    rows = [
        (
            name,
            meaning_of("sp800-90b", name),
            each.reason if each.min_entropy is None else f"{each.min_entropy:.6f} bits a bit",
            "not applicable" if each.min_entropy is None else "estimate",
        )
        for name, each in found.literal.items()
    ]
    heads = ("estimator", "what it asks", "min-entropy", "result")
    table = Table(f"NIST SP 800-90B, non-IID track, {found.symbols:,} bits", rows, heads)
    return SuiteFinding("sp800-90b", clause, None, table, min_entropy=found.min_entropy)


def _ais_31(file: SequenceFile, stage: Stage) -> SuiteFinding:
    progress = stage("AIS 20/31")
    found = run_ais_31(_first(file, AIS_BITS).unpacked())
    progress(1, 1)
    tests = (*found.procedure_a, *found.procedure_b)
    done = sum(test.done for test in tests)
    words = "pass" if found.passed else "fail"
    clause = f"{words} the tests T0 to T8 of AIS 20/31 ({found.failures} of {done:,} values outside of their bounds)"
    rows = [
        (
            test.name,
            test.title,
            test.reason or f"{test.failed:,} of {test.done:,} outside of {test.bounds}",
            {True: "passed", False: "failed", None: "not applicable"}[test.passed],
        )
        for test in tests
    ]
    table = Table("AIS 20/31, version 2.0 (2011)", rows, ("test", "what it looks at", "found", "result"))
    return SuiteFinding("ais-31", clause, found.passed, table)


def _first(file: SequenceFile, count: int) -> Bits:
    held = list[Bits]()
    for part in file.parts():
        held.append(part)
        if sum(map(len, held)) >= count:
            break
    return Bits.joined(held)[:count]


def _p(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


SUITES: dict[str, Callable[[SequenceFile, Stage], SuiteFinding]] = {
    "mtjlab": _mtjlab,
    "sp800-22": _sp800_22,
    "sp800-90b": _sp800_90b,
    "ais-31": _ais_31,
}
"""By their words on the command line, in the order of a report."""

_TITLES = {
    "mtjlab": "mtjlab's tests",
    "sp800-22": "NIST SP 800-22",
    "sp800-90b": "NIST SP 800-90B",
    "ais-31": "AIS 20/31",
}
