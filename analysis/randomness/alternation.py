"""Whether every other bit is more often one than those between: a bias that alternates and so has no mean."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["ALTERNATION", "alternation"]

LEAST_EXPECTED = 5.0
"""Ones and zeros expected at every other place, at least, for their number to be taken as normal."""


def alternation(bits: ArrayLike) -> TestResult:
    """Test whether ones are equally frequent at even and at odd places.

    A bias that changes its sign from bit to bit is seen here with the square root of the number of bits. The frequency
    test does not see it, since its mean is zero; the autocorrelation sees its square, spread over all lags.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1.

    Returns
    -------
    TestResult
        Statistics `even`, `odd` (ones at places 0, 2, 4, … and 1, 3, 5, …), `excess` (half the share of ones at even
        places less that at odd ones: P is one half plus and minus this in turn) and `z`. Not applicable where fewer
        than five ones or zeros are expected at the odd places.

    Raises
    ------
    ValueError
        If there are fewer than two bits.

    Notes
    -----
    Given the number of ones K among n bits, and no order of them more likely than another, the ones at the m even
    places are hypergeometric: mean m K / n, variance m (n - m) K (n - K) / (n² (n - 1)) (Fisher's exact test of a
    two-by-two table). The p-value takes them as normal: p = erfc(abs(z) / sqrt(2)).
    """
    checked = enough_bits(bits, 2, "the alternation test")
    n, ones = checked.size, int(np.count_nonzero(checked))
    even, places = int(np.count_nonzero(checked[::2])), (checked.size + 1) // 2
    odd, expected = ones - even, min(ones, n - ones) * (n - places) / n
    if expected < LEAST_EXPECTED:
        return TestResult(
            name="alternation",
            reason=f"{ones:,} ones among {n:,} bits: only {expected:.2g} of the rarer bit are expected at odd places, "
            f"and {LEAST_EXPECTED:.0f} are needed",
        )
    variance = places * (n - places) * ones * (n - ones) / (n * n * (n - 1))
    z = (even - places * ones / n) / math.sqrt(variance)
    excess = (even / places - odd / (n - places)) / 2
    return TestResult(
        name="alternation",
        p_value=math.erfc(abs(z) / math.sqrt(2)),
        found=f"{even:,} ones at even places, {odd:,} at odd ones",
        statistics={"even": even, "odd": odd, "excess": excess, "z": z},
    )


ALTERNATION = RandomnessTest(name="alternation", run=lambda tested: alternation(tested.bits), least_bits=2, place=25)
"""The alternation test as a part of an assessment."""
