"""The test for the longest run of ones in a block."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.chi_square import chi_square
from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_22.mode import Mode
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.word_bits import first_bits, leading_zeros, marked_runs, trailing_zeros, window

__all__ = ["longest_run", "longest_run_law", "longest_run_probabilities"]

CLASSES = {8: (1, 4), 128: (4, 9), 10_000: (10, 16)}
"""Lowest and highest class by block length."""

AS_IN_STS = {
    8: (0.21484375, 0.3671875, 0.23046875, 0.1875),
    128: (0.1174035788, 0.242955959, 0.249363483, 0.17517706, 0.102701071, 0.112398847),
    10_000: (0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727),
}
"""Class probabilities of STS 2.1.2; the last row is wrong from the third digit."""


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
