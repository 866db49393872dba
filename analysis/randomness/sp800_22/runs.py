"""The runs test."""

from __future__ import annotations

import math

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.kernel import kernel
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.word_bits import first_bits, ones_of

__all__ = ["runs"]


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
