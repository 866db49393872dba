"""The runs test."""

from __future__ import annotations

import math

import numpy as np

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence

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
    count = 1 + sum(map(_changes, sequence.pieces(overlap=1)))
    p = math.erfc(abs(count - 2 * n * share * (1 - share)) / (2 * math.sqrt(2 * n) * share * (1 - share)))
    return Outcome(test="runs", p_values=(p,), statistics={"runs": count, "share_of_ones": share})


def _changes(piece: PackedSequence) -> int:
    words = piece.words
    changed = words ^ (words << np.uint64(1))
    changed[:-1] ^= words[1:] >> np.uint64(63)
    whole, rest = divmod(piece.length - 1, 64)  # change i lies between bit i and i + 1
    count = int(np.bitwise_count(changed[:whole]).sum(dtype=np.int64))
    return count + int(np.bitwise_count(changed[whole] >> np.uint64(64 - rest))) if rest else count
