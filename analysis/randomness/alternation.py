"""Whether every other bit is more often one than those between: a bias that alternates and so has no mean."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits, tallied
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["ALTERNATION", "AlternationTally", "alternation"]

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
    return tallied(AlternationTally(), enough_bits(bits, 2, "the alternation test")).result()


class AlternationTally:
    """Counts ones at even and at odd places."""

    def __init__(self) -> None:
        self._bits = self._even = self._odd = 0

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next."""
        first, second = int(np.count_nonzero(bits[::2])), int(np.count_nonzero(bits[1::2]))
        if self._bits % 2:
            first, second = second, first
        self._even, self._odd = self._even + first, self._odd + second
        self._bits += bits.size

    def result(self) -> TestResult:
        """Give the alternation test of all bits so far."""
        n, even, odd = self._bits, self._even, self._odd
        ones, places = even + odd, (n + 1) // 2
        expected = min(ones, n - ones) * (n - places) / n
        if expected < LEAST_EXPECTED:
            return TestResult(
                name="alternation",
                reason=f"{ones:,} ones among {n:,} bits: only {expected:.2g} of the rarer bit are expected at odd "
                f"places, and {LEAST_EXPECTED:.0f} are needed",
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


ALTERNATION = RandomnessTest(
    name="alternation",
    run=lambda tested: alternation(tested.bits),
    tally=lambda _: AlternationTally(),
    least_bits=2,
    place=25,
)
"""The alternation test as a part of an assessment."""
