"""Whether the share of ones changes along the stream: a drift, a step, a device that ages or warms."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits, tallied
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["DRIFT", "DriftTally", "drift_of_ones"]

MOST_BLOCKS = 1 << 16
"""Places that are looked at: all of a short stream, evenly spaced ones of a long stream."""

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
    279 (1948)). The number of ones itself has no part in it. Of more than 65,536 bits every second, fourth, … place is
    looked at.
    """
    return tallied(DriftTally(), enough_bits(bits, 1, "the drift test")).result()


class DriftTally:
    """Keeps the ones of blocks of a power of two bits, which get twice as long whenever they are too many."""

    def __init__(self) -> None:
        self._block = 1
        self._ones = np.empty(0, np.int64)
        self._bits_of_rest = self._ones_of_rest = 0

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next."""
        missing = min(self._block - self._bits_of_rest, bits.size)
        self._bits_of_rest += missing
        self._ones_of_rest += int(np.count_nonzero(bits[:missing]))
        if self._bits_of_rest < self._block:
            return
        blocks, rest = divmod(bits.size - missing, self._block)
        sums = bits[missing : bits.size - rest].reshape(blocks, self._block).sum(axis=1, dtype=np.int64)
        self._ones = np.concatenate((self._ones, [self._ones_of_rest], sums))
        self._bits_of_rest, self._ones_of_rest = rest, int(np.count_nonzero(bits[bits.size - rest :]))
        while self._ones.size > MOST_BLOCKS:
            self._join_pairs()

    def result(self) -> TestResult:
        """Give the drift test of all bits so far."""
        n = self._ones.size * self._block + self._bits_of_rest
        ones = int(self._ones.sum()) + self._ones_of_rest
        if min(ones, n - ones) < LEAST_OF_EACH:
            return TestResult(
                name="drift",
                reason=f"{ones:,} ones and {n - ones:,} zeros: {LEAST_OF_EACH} of each are needed",
            )
        from scipy.special import kolmogorov

        places = self._block * np.arange(1, self._ones.size + 1)
        deviations = np.cumsum(self._ones) - places * (ones / n)
        at = int(np.argmax(np.abs(deviations)))
        deviation, place = float(deviations[at]), int(places[at])
        scaled = abs(deviation) / math.sqrt(ones * (n - ones) / n)
        return TestResult(
            name="drift",
            p_value=float(kolmogorov(scaled)),
            found=f"{deviation:+,.0f} ones among the first {place:,} bits, against their share",
            statistics={"deviation": deviation, "place": place, "scaled": scaled},
        )

    def _join_pairs(self) -> None:
        if self._ones.size % 2:  # the last block waits for its partner
            self._ones_of_rest += int(self._ones[-1])
            self._bits_of_rest += self._block
            self._ones = self._ones[:-1]
        self._ones = self._ones.reshape(-1, 2).sum(axis=1)
        self._block *= 2


DRIFT = RandomnessTest(
    name="drift",
    run=lambda tested: drift_of_ones(tested.bits),
    tally=lambda _: DriftTally(),
    least_bits=2 * LEAST_OF_EACH,
    place=40,
)
"""The drift test as a part of an assessment."""
