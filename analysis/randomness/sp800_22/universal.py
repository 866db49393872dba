"""Maurer's universal statistical test."""

from __future__ import annotations

import math

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.kernel import kernel
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest
from mtjlab.analysis.randomness.sp800_22.word_bits import window

__all__ = ["UNIVERSAL", "universal"]

LEAST_LENGTHS = (
    387_840, 904_960, 2_068_480, 4_654_080, 10_342_400, 22_753_280, 49_643_520, 107_560_960, 231_669_760,
    496_435_200, 1_059_061_760,
)  # fmt: skip
"""Bits from which the blocks are 6, 7, ... 16 long."""

EXPECTED = (
    0.7326495, 1.5374383, 2.4016068, 3.3112247, 4.2534266, 5.2177052, 6.1962507, 7.1836656, 8.1764248, 9.1723243,
    10.170032, 11.168765, 12.168070, 13.167693, 14.167488, 15.167379,
)  # fmt: skip
VARIANCES = (
    0.690, 1.338, 1.901, 2.358, 2.705, 2.954, 3.125, 3.238, 3.311, 3.356, 3.384, 3.401, 3.410, 3.416, 3.419, 3.421,
)  # fmt: skip

NEAR = 1 << 13
"""Distances below are counted; longer ones are rare."""


def universal(sequence: BitSequence, block: int | None = None, initial: int | None = None) -> Outcome:
    """Test how far apart equal blocks of bits lie.

    Parameters
    ----------
    sequence
        The bits.
    block
        Bits a block, 1 to 16; by default by the length of the sequence.
    initial
        Blocks that only fill the table; by default 10 · 2^block.

    Notes
    -----
    SP 800-22 rev. 1a, 2.9, with Maurer's mean and variance and the standard's correction c of the deviation.
    """
    n = sequence.length
    if block is None:
        block = 5 + sum(n >= least for least in LEAST_LENGTHS)
        if block < 6:
            return Outcome(test="universal", reason=f"{n:,} bits; the test needs {LEAST_LENGTHS[0]:,}")
    start = 10 * 2**block if initial is None else initial
    used = n // block - start
    if used < 1:
        return Outcome(test="universal", reason=f"{n:,} bits; {start:,} blocks of {block} take all of them")
    seen, gaps = np.zeros(1 << block, np.int64), np.zeros(NEAR, np.int64)
    far, done = 0.0, 0
    for piece in sequence.pieces(block):
        blocks = piece.length // block
        far += _count_gaps(piece.words, block, done + 1, done + blocks, start, seen, gaps)
        done += blocks
    mean = (_sum_of_logarithms(gaps) + far) / used
    correction = 0.7 - 0.8 / block + (4 + 32 / block) * used ** (-3 / block) / 15
    # The worked example 2.9.4 takes the plain deviation for its table of two bits; STS corrects it always.
    deviation = correction * math.sqrt(VARIANCES[block - 1] / used)
    p = math.erfc(abs(mean - EXPECTED[block - 1]) / (math.sqrt(2) * deviation))
    return Outcome(test="universal", p_values=(p,), statistics={"mean": mean, "deviation": deviation, "block": block})


@kernel
def _count_gaps(
    words: NDArray[np.uint64],
    block: int,
    first: int,
    last: int,
    start: int,
    seen: NDArray[np.int64],
    gaps: NDArray[np.int64],
) -> float:
    """Go through the blocks `first` to `last` (from 1), which `words` begin with.

    `seen` holds where each block was seen last; distances from block `start` on are counted in `gaps` where they
    fit, the logarithms of others summed up.
    """
    far, place = 0.0, uint64(0)
    for i in range(first, last + 1):
        value = window(words, place) >> uint64(64 - block)
        place += uint64(block)
        gap = i - seen[value]
        seen[value] = i
        if i > start:
            if gap < gaps.size:
                gaps[uint64(gap)] += 1
            else:
                far += np.log2(gap)
    return far


@kernel
def _sum_of_logarithms(gaps: NDArray[np.int64]) -> float:
    total = 0.0
    for length in range(2, gaps.size):
        if gaps[length]:
            total += gaps[length] * np.log2(length)
    return total


UNIVERSAL = SuiteTest(
    name="universal",
    number=10,
    run=lambda sequence, mode: universal(sequence),
    least_bits=LEAST_LENGTHS[0],
    kernels="blocks",
)
