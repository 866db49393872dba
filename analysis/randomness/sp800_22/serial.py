"""The serial test."""

from __future__ import annotations

import numpy as np
from numba import int64
from numpy.typing import NDArray
from scipy.special import gammaincc

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.kernel import kernel
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.core import InputError

__all__ = ["serial"]


def serial(sequence: BitSequence, m: int = 16) -> Outcome:
    """Test whether all patterns of `m` bits, 2 to 16, are equally frequent.

    Notes
    -----
    SP 800-22 rev. 1a, 2.11: first and second difference of psi-square over the pattern length.
    """
    if not 2 <= m <= 16:
        raise InputError(f"serial: m = {m}: expected 2 to 16")
    psi = [_psi_square(sequence, length) for length in (m, m - 1, m - 2)]
    first, second = psi[0] - psi[1], psi[0] - 2 * psi[1] + psi[2]
    return Outcome(
        test="serial",
        p_values=(float(gammaincc(2 ** (m - 2), first / 2)), float(gammaincc(2.0 ** (m - 3), second / 2))),
        labels=("first difference", "second difference"),
        statistics={"first_difference": first, "second_difference": second},
    )


def _psi_square(sequence: BitSequence, m: int) -> float:
    """Return psi-square from whole numbers, so that the differences lose no digits."""
    if m == 0:
        return 0.0
    square = _sum_of_squares(sequence.gram_counts(m)) * 2**m - sequence.length**2
    return float(square / sequence.length)


@kernel
def _sum_of_squares(counts: NDArray[np.uint32]) -> int:
    total = 0
    for count in counts:
        total += int64(count) * int64(count)
    return total
