"""The fifteen tests of one sequence."""

from __future__ import annotations

from collections.abc import Iterable

from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.sp800_22.long_sequence import LongSequence
from mtjlab.analysis.randomness.sp800_22.outcome import Mode, SequenceResult
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.suite_test import SP800_22_TESTS, SuiteTest, suite_tests
from mtjlab.core import Bits, InputError

__all__ = ["run", "chosen_tests"]


def chosen_tests(tests: Iterable[str | SuiteTest] | None) -> tuple[SuiteTest, ...]:
    """Return the tests to do, all by default.

    Parameters
    ----------
    tests
        Names of tests, or tests.

    Raises
    ------
    InputError
        If there is no test of a name, which the message lists, or none at all is chosen.
    """
    if tests is None:
        return suite_tests()
    known = (each if isinstance(each, SuiteTest) else SP800_22_TESTS.load(each) for each in tests)
    chosen = {test.name: test for test in known}
    if not chosen:
        raise InputError(f"no test chosen: give some of {', '.join(SP800_22_TESTS.names())}")
    return tuple(chosen.values())


def run(
    bits: ArrayLike | Bits | bytes | PackedSequence | LongSequence,
    mode: str = "exact",
    *,
    tests: Iterable[str | SuiteTest] | None = None,
) -> SequenceResult:
    """Do the tests of SP 800-22 on one sequence.

    Parameters
    ----------
    bits
        `Bits`; or a one-dimensional array of 0 and 1; or `bytes`, eight bits each, the first most significant; or a
        `PackedSequence` or `LongSequence`.
    mode
        ``exact`` or ``nist``.
    tests
        Tests or their names; by default all fifteen, and those of other packages.

    Returns
    -------
    SequenceResult
        One outcome a test.

    Raises
    ------
    ValueError
        If there is no bit or no such mode or test.

    Notes
    -----
    NIST SP 800-22 rev. 1a with the parameters of STS 2.1.2.
    """
    if mode not in tuple(Mode):
        raise InputError(f"no mode {mode!r}: expected one of {', '.join(Mode)}")
    chosen, told = chosen_tests(tests), Mode(mode)
    sequence = bits if isinstance(bits, LongSequence) else PackedSequence.of(bits)
    return SequenceResult(told, sequence.length, tuple(test.outcome(sequence, told) for test in chosen))
