"""Tests that count ones: in all, in blocks, in a row, and how often bits change."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numba import uint64
from numpy.typing import NDArray
from scipy.special import gammaincc

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.chi_square import chi_square
from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_22.outcome import Mode, Outcome
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest
from mtjlab.analysis.randomness.sp800_22.word_bits import (
    first_bits,
    leading_zeros,
    marked_runs,
    ones_of,
    trailing_zeros,
    window,
)

__all__ = [
    "BLOCK_FREQUENCY",
    "FREQUENCY",
    "LONGEST_RUN",
    "RUNS",
    "block_frequency",
    "frequency",
    "longest_run",
    "longest_run_law",
    "longest_run_probabilities",
    "runs",
]

if TYPE_CHECKING:
    from mtjlab.analysis.randomness.sp800_22.null_law import NullLaw

CLASSES = {8: (1, 4), 128: (4, 9), 10_000: (10, 16)}
"""Lowest and highest class by block length."""

AS_IN_STS = {
    8: (0.21484375, 0.3671875, 0.23046875, 0.1875),
    128: (0.1174035788, 0.242955959, 0.249363483, 0.17517706, 0.102701071, 0.112398847),
    10_000: (0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727),
}
"""Class probabilities of STS 2.1.2; the last row is wrong from the third digit."""


def frequency(sequence: BitSequence) -> Outcome:
    """Test whether ones and zeros are equally frequent.

    Notes
    -----
    SP 800-22 rev. 1a, 2.1: p = erfc(abs(S) / sqrt(2 n)).
    """
    n = sequence.length
    excess = 2 * sequence.ones - n
    p = math.erfc(abs(excess) / math.sqrt(2 * n))
    return Outcome(test="frequency", p_values=(p,), statistics={"ones": sequence.ones, "excess": excess})


def block_frequency(sequence: BitSequence, block: int = 128) -> Outcome:
    """Test whether ones and zeros are equally frequent in each block of `block` bits.

    Notes
    -----
    SP 800-22 rev. 1a, 2.2: chi-square = 4 M sum (share - 1/2)^2, as many degrees of freedom as blocks.
    """
    count = sequence.length // block if block > 0 else 0
    if not count:
        return Outcome(test="block_frequency", reason=f"{sequence.length:,} bits hold no block of {block}")
    squares = sum(_squared_excesses(piece.words, block, piece.length // block) for piece in sequence.pieces(block))
    statistic = squares / block
    p = float(gammaincc(count / 2, statistic / 2))
    return Outcome(test="block_frequency", p_values=(p,), statistics={"chi_square": statistic, "blocks": count})


@kernel
def _squared_excesses(words: NDArray[np.uint64], block: int, count: int) -> int:
    """Sum the squares of ones less zeros of each block."""
    total = 0
    for at in range(0, count * block, block):
        ones = 0
        for offset in range(0, block, 64):
            ones += ones_of(first_bits(window(words, uint64(at + offset)), block - offset))
        total += (2 * ones - block) ** 2
    return total


def runs(sequence: BitSequence) -> Outcome:
    """Test whether the number of runs (stretches of equal bits) is that of independent bits.

    Notes
    -----
    SP 800-22 rev. 1a, 2.3. Where the share of ones is not within 2/sqrt(n) of 1/2, STS says p = 0; here the test
    does not apply, for the frequency test has spoken.
    """
    n = sequence.length
    share = sequence.ones / n
    if (2 * sequence.ones - n) ** 2 >= 16 * n:  # |share - 1/2| >= 2/√n in whole numbers
        reason = f"the share of ones, {share:.6g}, is not within 2/√n = {2 / math.sqrt(n):.2g} of 1/2"
        return Outcome(test="runs", reason=reason)
    count = 1 + sum(_changes(piece.words, piece.length) for piece in sequence.pieces(overlap=1))
    p = math.erfc(abs(count - 2 * n * share * (1 - share)) / (2 * math.sqrt(2 * n) * share * (1 - share)))
    return Outcome(test="runs", p_values=(p,), statistics={"runs": count, "share_of_ones": share})


@kernel
def _changes(words: NDArray[np.uint64], n: int) -> int:
    """Count the bits that differ from the one before, of `n`."""
    count = 0
    for at in range(0, n - 1, 64):
        i = uint64(at) >> uint64(6)
        changed = words[i] ^ ((words[i] << uint64(1)) | (words[i + uint64(1)] >> uint64(63)))
        count += ones_of(first_bits(changed, n - 1 - at))
    return count


def longest_run(sequence: BitSequence, mode: Mode = Mode.EXACT) -> Outcome:
    """Test whether the longest runs of ones in blocks of 8, 128 or 10,000 bits are distributed as they should.

    Notes
    -----
    SP 800-22 rev. 1a, 2.4; the block length follows the sequence's.
    """
    n = sequence.length
    if n < 128:
        return Outcome(test="longest_run", reason=f"{n} bits; the test needs 128")
    block = _block(n)
    low, high = CLASSES[block]
    seen = np.zeros(high - low + 1, np.int64)
    for piece in sequence.pieces(block):
        _count_longest(piece.words, block, piece.length // block, low, seen)
    expected = AS_IN_STS[block] if mode is Mode.NIST else longest_run_probabilities(block)
    statistic, p = chi_square(seen, expected)
    return Outcome(
        test="longest_run",
        p_values=(p,),
        statistics={"chi_square": statistic, "block": block, "counts": seen.tolist()},
    )


def longest_run_law(n: int) -> tuple[int, tuple[float, ...]]:
    """Return the number of blocks in `n` bits, and the probabilities of the classes."""
    return n // _block(n), longest_run_probabilities(_block(n))


def _block(n: int) -> int:
    return 8 if n < 6272 else 128 if n < 750_000 else 10_000


@lru_cache
def longest_run_probabilities(block: int) -> tuple[float, ...]:
    """Return the exact probabilities of the classes of the longest run of ones in `block` fair bits."""
    low, high = CLASSES[block]
    cumulative = [_no_longer_than(run, block) for run in range(low, high)]
    return tuple(np.diff([0.0, *cumulative, 1.0]).tolist())


def _no_longer_than(run: int, block: int) -> float:
    """P(longest run <= run): a longer one ends first at bit i if a zero and run + 1 ones come there after none."""
    none = [1.0] * (run + 1) + [1 - 0.5 ** (run + 1)]
    for i in range(run + 2, block + 1):
        none.append(none[i - 1] - 0.5 ** (run + 2) * none[i - run - 2])
    return none[block]


@kernel
def _count_longest(words: NDArray[np.uint64], block: int, count: int, low: int, seen: NDArray[np.int64]) -> None:
    """Add the blocks to `seen` by their longest run of ones: `low` or less, ..., so long as `seen`."""
    for first in range(0, count * block, block):
        longest = min(_longest(words, first, block), low + seen.size - 1)
        seen[max(longest, low) - low] += 1


@part
def _longest(words: NDArray[np.uint64], first: int, block: int) -> int:
    longest, before = 0, 0  # `before` ones end just before the word
    for offset in range(0, block, 64):
        word = first_bits(window(words, uint64(first + offset)), block - offset)
        zeros = ~word
        if zeros == uint64(0):
            before += 64
            continue
        longest = max(longest, before + leading_zeros(zeros))
        before = trailing_zeros(zeros)
        while longest < 64 and marked_runs(word, uint64(0), longest + 1) != uint64(0):
            longest += 1
    return max(longest, before)


def _laws_of_longest_runs(bits: int) -> tuple[NullLaw, ...]:
    from mtjlab.analysis.randomness.sp800_22.squares_law import SquaresLaw  # scipy.stats is slow to import

    return (SquaresLaw.of_classes(*longest_run_law(bits)),)


FREQUENCY = SuiteTest(
    name="frequency",
    number=1,
    run=lambda sequence, mode: frequency(sequence),
    least_bits=100,
    half_step=1.0,
    departure=1.5e-3,
)
BLOCK_FREQUENCY = SuiteTest(
    name="block_frequency",
    number=2,
    run=lambda sequence, mode: block_frequency(sequence),
    least_bits=128,
    chi_square=True,
    kernels="blocks",
)
RUNS = SuiteTest(
    name="runs",
    number=4,
    run=lambda sequence, mode: runs(sequence),
    least_bits=100,
    half_step=1.0,
    kernels="walks",
)
LONGEST_RUN = SuiteTest(
    name="longest_run",
    number=5,
    run=longest_run,
    least_bits=128,
    chi_square=True,
    law=_laws_of_longest_runs,
    kernels="blocks",
)
