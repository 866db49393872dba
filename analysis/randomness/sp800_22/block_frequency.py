"""The frequency test within blocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence

__all__ = ["block_frequency"]


def block_frequency(sequence: BitSequence, block: int = 128) -> Outcome:
    """Test whether ones and zeros are equally frequent in each block of `block` bits.

    Notes
    -----
    SP 800-22 rev. 1a, 2.2: chi-square = 4 M sum (share - 1/2)^2, as many degrees of freedom as blocks.
    """
    count = sequence.length // block
    if block < 1 or not count:
        return Outcome(test="block_frequency", reason=f"{sequence.length:,} bits hold no block of {block}")
    squares = sum(int(((2 * _ones(piece, block) - block) ** 2).sum()) for piece in sequence.pieces(block))
    statistic = squares / block
    p = float(gammaincc(count / 2, statistic / 2))
    return Outcome(test="block_frequency", p_values=(p,), statistics={"chi_square": statistic, "blocks": count})


def _ones(piece: PackedSequence, block: int) -> NDArray[np.int64]:
    """Count the ones of each whole block."""
    count = piece.length // block
    if block % 64:
        ones: NDArray[np.int64] = piece.bits[: count * block].reshape(count, block).sum(axis=1, dtype=np.int64)
        return ones
    words = piece.ones_by_word[: count * block // 64].reshape(count, -1).astype(np.int64)
    # Two columns are summed faster one to the other than along the short axis.
    return words[:, 0] + words[:, 1] if block == 128 else words.sum(axis=1)
