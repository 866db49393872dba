"""The approximate entropy test."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.kernel import kernel
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.core import InputError

__all__ = ["approximate_entropy"]


def approximate_entropy(sequence: BitSequence, m: int = 10) -> Outcome:
    """Test how much patterns of `m` + 1 bits say beyond those of `m` bits, `m` 1 to 15.

    Notes
    -----
    SP 800-22 rev. 1a, 2.12: chi-square = 2 n (ln 2 - ApEn), 2^m degrees of freedom.
    """
    if not 1 <= m <= 15:
        raise InputError(f"approximate_entropy: m = {m}: expected 1 to 15")
    n = sequence.length
    entropy = _phi(sequence.gram_counts(m), n) - _phi(sequence.gram_counts(m + 1), n)
    statistic = max(0.0, 2 * n * (math.log(2) - entropy))
    p = float(gammaincc(2 ** (m - 1), statistic / 2))
    return Outcome(test="approximate_entropy", p_values=(p,), statistics={"chi_square": statistic, "entropy": entropy})


@kernel
def _phi(counts: NDArray[np.uint32], n: int) -> float:
    total = 0.0
    for count in counts:
        if count:
            total += count / n * np.log(count / n)
    return total
