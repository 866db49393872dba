"""Whether the share of ones changes along the stream: a drift, a step, a device that ages or warms."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["DRIFT", "drift_of_ones"]

PIECE = 1 << 20
"""Bits that are summed at once: of a long stream no sum of all places is held."""

LEAST_OF_EACH = 100
"""Ones and zeros, at least, for the law of very many to hold."""


def drift_of_ones(bits: ArrayLike) -> TestResult:
    """Test whether ones lie where zeros lie along the stream.

    A share of ones that drifts around one half over the stream is not seen by the frequency test, and a slow drift
    hardly by the autocorrelation; here it is seen with the square root of the number of bits.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1.

    Returns
    -------
    TestResult
        Statistics `deviation` (the largest number by which the ones of the first bits differ from their even share),
        `place` (how many first bits those are) and `scaled`, the deviation over √(K (n - K) / n). Not applicable where
        there are fewer than 100 ones or zeros.

    Raises
    ------
    ValueError
        If there is no bit.

    Notes
    -----
    With K ones among n bits and S_k ones among the first k, D = max abs(S_k - k K / n) / √(K (n - K) / n) is the
    two-sample statistic of Kolmogorov and Smirnov of the places of ones against those of zeros; for many bits it has
    Kolmogorov's law, and for fewer it is smaller, so that fair bits fail no more often (Smirnov, Ann. Math. Stat. 19,
    279 (1948)). The number of ones itself has no part in it.
    """
    checked = enough_bits(bits, 1, "the drift test")
    n, ones = checked.size, int(np.count_nonzero(checked))
    if min(ones, n - ones) < LEAST_OF_EACH:
        return TestResult(
            name="drift",
            reason=f"{ones:,} ones and {n - ones:,} zeros: {LEAST_OF_EACH} of each are needed",
        )
    from scipy.special import kolmogorov

    deviation, place = _largest_deviation(checked, ones)
    scaled = abs(deviation) / math.sqrt(ones * (n - ones) / n)
    return TestResult(
        name="drift",
        p_value=float(kolmogorov(scaled)),
        found=f"{deviation:+,.0f} ones among the first {place:,} bits, against their share",
        statistics={"deviation": deviation, "place": place, "scaled": scaled},
    )


def _largest_deviation(checked: NDArray[np.uint8], ones: int) -> tuple[float, int]:
    """Return S_k - k K / n where it is largest without its sign, and k."""
    n, before = checked.size, 0
    deviation, place = 0.0, 0
    for first in range(0, n, PIECE):
        piece = checked[first : first + PIECE]
        sums = np.cumsum(piece, dtype=np.int64) + before
        from_share = sums - np.arange(first + 1, first + piece.size + 1) * (ones / n)
        at = int(np.argmax(np.abs(from_share)))
        if abs(from_share[at]) > abs(deviation):
            deviation, place = float(from_share[at]), first + at + 1
        before = int(sums[-1])
    return deviation, place


DRIFT = RandomnessTest(
    name="drift", run=lambda tested: drift_of_ones(tested.bits), least_bits=2 * LEAST_OF_EACH, place=40
)
"""The drift test as a part of an assessment."""
