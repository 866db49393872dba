"""The frequency test within blocks."""

from __future__ import annotations

import numpy as np
from numba import uint64
from numpy.typing import NDArray
from scipy.special import gammaincc

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.kernel import kernel
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.word_bits import first_bits, ones_of, window

__all__ = ["block_frequency"]


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
