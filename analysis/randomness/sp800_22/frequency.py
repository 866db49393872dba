"""The frequency (monobit) test."""

from __future__ import annotations

import math

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome

__all__ = ["frequency"]


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
