"""The fifteen tests of one sequence."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.sp800_22.approximate_entropy import approximate_entropy
from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.block_frequency import block_frequency
from mtjlab.analysis.randomness.sp800_22.cumulative_sums import cumulative_sums
from mtjlab.analysis.randomness.sp800_22.dft import dft
from mtjlab.analysis.randomness.sp800_22.frequency import frequency
from mtjlab.analysis.randomness.sp800_22.linear_complexity import linear_complexity
from mtjlab.analysis.randomness.sp800_22.long_sequence import LongSequence
from mtjlab.analysis.randomness.sp800_22.longest_run import longest_run
from mtjlab.analysis.randomness.sp800_22.mode import Mode
from mtjlab.analysis.randomness.sp800_22.non_overlapping_template import non_overlapping_template
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.overlapping_template import overlapping_template
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.random_excursions import random_excursions
from mtjlab.analysis.randomness.sp800_22.random_excursions_variant import random_excursions_variant
from mtjlab.analysis.randomness.sp800_22.rank import rank
from mtjlab.analysis.randomness.sp800_22.runs import runs
from mtjlab.analysis.randomness.sp800_22.sequence_result import SequenceResult
from mtjlab.analysis.randomness.sp800_22.serial import serial
from mtjlab.analysis.randomness.sp800_22.universal import universal
from mtjlab.core import InputError

__all__ = ["run", "chosen_tests", "TESTS", "LEAST_BITS"]

TESTS: dict[str, Callable[[BitSequence, Mode], Outcome]] = {
    "frequency": lambda sequence, mode: frequency(sequence),
    "block_frequency": lambda sequence, mode: block_frequency(sequence),
    "cumulative_sums": lambda sequence, mode: cumulative_sums(sequence),
    "runs": lambda sequence, mode: runs(sequence),
    "longest_run": longest_run,
    "rank": rank,
    "dft": dft,
    "non_overlapping_template": lambda sequence, mode: non_overlapping_template(sequence),
    "overlapping_template": overlapping_template,
    "universal": lambda sequence, mode: universal(sequence),
    "approximate_entropy": lambda sequence, mode: approximate_entropy(sequence),
    "random_excursions": random_excursions,
    "random_excursions_variant": lambda sequence, mode: random_excursions_variant(sequence),
    "serial": lambda sequence, mode: serial(sequence),
    "linear_complexity": linear_complexity,
}
"""Each test with the parameters of STS."""

LEAST_BITS = {
    "frequency": 100,
    "block_frequency": 128,
    "cumulative_sums": 100,
    "runs": 100,
    "longest_run": 128,
    "rank": 38 * 1024,
    "dft": 1000,
    "non_overlapping_template": 8 * (5 * 512 + 8),  # five of each template expected in a block
    "overlapping_template": 1032 * 72,  # five blocks expected in the rarest class
    "universal": 387_840,
    "approximate_entropy": 1 << 16,  # m < log2 n - 5
    "random_excursions": 1,  # the number of cycles decides
    "random_excursions_variant": 1,
    "serial": 1 << 19,  # m < log2 n - 2
    "linear_complexity": 200 * 500,
}
"""Bits that the standard asks for with these parameters; with fewer a test does not apply."""


def chosen_tests(names: Iterable[str] | None) -> tuple[str, ...]:
    """Return the names of the tests to do, all by default.

    Raises
    ------
    ValueError
        If there is no such test; the message lists them.
    """
    chosen = tuple(TESTS) if names is None else tuple(dict.fromkeys(names))
    for name in chosen:
        if name not in TESTS:
            raise InputError(f"no test {name!r}: expected some of {', '.join(TESTS)}")
    if not chosen:
        raise InputError(f"no test chosen: give some of {', '.join(TESTS)}")
    return chosen


def run(
    bits: ArrayLike | bytes | PackedSequence | LongSequence, mode: str = "exact", *, tests: Iterable[str] | None = None
) -> SequenceResult:
    """Do the tests of SP 800-22 on one sequence.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1; or `bytes`, eight bits each, the first most significant; or a
        `PackedSequence` or `LongSequence`.
    mode
        ``exact`` or ``nist``.
    tests
        Names of the tests; by default all fifteen.

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
    return SequenceResult(told, sequence.length, tuple(_outcome(name, sequence, told) for name in chosen))


def _outcome(name: str, sequence: BitSequence, mode: Mode) -> Outcome:
    if sequence.length < LEAST_BITS[name]:
        reason = f"{sequence.length:,} bits; the standard asks for {LEAST_BITS[name]:,}"
        return Outcome(test=name, reason=reason)
    return TESTS[name](sequence, mode)
