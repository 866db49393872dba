"""Tests of overlapping patterns: whether all are equally frequent, and how much a longer one adds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import int64
from numpy.typing import NDArray
from scipy.special import gammaincc

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.kernel import kernel
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest
from mtjlab.core import InputError

__all__ = ["APPROXIMATE_ENTROPY", "SERIAL", "approximate_entropy", "serial"]

if TYPE_CHECKING:
    from mtjlab.analysis.randomness.sp800_22.null_law import NullLaw


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


def _laws_of_approximate_entropy(bits: int) -> tuple[NullLaw, ...]:
    """Take the statistic as larger by a sixth of its standard deviation at 100,000 bits, in proportion to 1/bits."""
    from mtjlab.analysis.randomness.sp800_22.null_law import Shifted  # scipy.stats is slow to import

    return (Shifted(0.17 * 1e5 / bits, sides=1),)


APPROXIMATE_ENTROPY = SuiteTest(
    name="approximate_entropy",
    number=11,
    run=lambda sequence, mode: approximate_entropy(sequence),
    least_bits=1 << 16,  # m < log2 n - 5
    chi_square=True,
    law=_laws_of_approximate_entropy,
    departure=1.6e-2,
    kernels="templates",
)
SERIAL = SuiteTest(
    name="serial",
    number=14,
    run=lambda sequence, mode: serial(sequence),
    least_bits=1 << 19,  # m < log2 n - 2
    chi_square=True,
    kernels="templates",
)
