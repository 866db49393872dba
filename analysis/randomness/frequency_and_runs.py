"""Whether there are as many ones as zeros, and whether the bits change as often as they should."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits, tallied
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["FREQUENCY", "RUNS", "FrequencyTally", "RunsTally", "frequency", "runs"]


def frequency(bits: ArrayLike) -> TestResult:
    """Test whether ones and zeros are equally frequent.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1; the standard recommends 100 at least.

    Returns
    -------
    TestResult
        Statistics `ones`, `excess` (ones less zeros) and `z`, the excess over its standard deviation.

    Raises
    ------
    ValueError
        If there is no bit.

    Notes
    -----
    NIST SP 800-22 rev. 1a, section 2.1: p = erfc(abs(S) / sqrt(2 n)).
    """
    return tallied(FrequencyTally(), enough_bits(bits, 1, "the frequency test")).result()


class FrequencyTally:
    """Counts ones."""

    def __init__(self) -> None:
        self._bits = self._ones = 0

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next."""
        self._bits += bits.size
        self._ones += int(np.count_nonzero(bits))

    def result(self) -> TestResult:
        """Give the frequency test of all bits so far."""
        excess = 2 * self._ones - self._bits
        z = excess / math.sqrt(self._bits)
        return TestResult(
            name="frequency",
            p_value=math.erfc(abs(z) / math.sqrt(2)),
            found=f"{self._ones:,} ones, {excess:+,} against zeros",
            statistics={"ones": self._ones, "excess": excess, "z": z},
        )


def runs(bits: ArrayLike) -> TestResult:
    """Test whether the number of runs (stretches of equal bits) is that of independent bits.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1; the standard recommends 100 at least.

    Returns
    -------
    TestResult
        Statistics `runs`, `expected` (runs, given the share of ones) and `z`. Not applicable where the share of
        ones differs from 1/2 by 2/sqrt(n) or more: the frequency test has spoken then.

    Raises
    ------
    ValueError
        If there are fewer than two bits.

    Notes
    -----
    NIST SP 800-22 rev. 1a, section 2.3: p = erfc(abs(V - 2 n pi (1 - pi)) / (2 sqrt(2 n) pi (1 - pi))).
    """
    return tallied(RunsTally(), enough_bits(bits, 2, "the runs test")).result()


class RunsTally:
    """Counts ones and changes."""

    def __init__(self) -> None:
        self._bits = self._ones = self._changes = 0
        self._last: int | None = None

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next."""
        if not bits.size:
            return
        self._changes += int(np.count_nonzero(bits[1:] != bits[:-1]))
        self._changes += self._last is not None and self._last != int(bits[0])
        self._last = int(bits[-1])
        self._bits += bits.size
        self._ones += int(np.count_nonzero(bits))

    def result(self) -> TestResult:
        """Give the runs test of all bits so far."""
        n, ones, count = self._bits, self._ones, self._changes + 1
        share = ones / n
        expected = 2 * n * share * (1 - share)
        if (2 * ones - n) ** 2 >= 16 * n:  # |share - 1/2| >= 2/√n in whole numbers: the edge is exact
            return TestResult(
                name="runs",
                statistics={"runs": count, "expected": expected},
                reason=f"the share of ones, {share:.6g}, is not within 2/√n = {2 / math.sqrt(n):.2g} of 1/2",
            )
        z = (count - expected) / (2 * math.sqrt(n) * share * (1 - share))
        return TestResult(
            name="runs",
            p_value=math.erfc(abs(z) / math.sqrt(2)),
            found=f"{count:,} runs, {expected:,.0f} expected",
            statistics={"runs": count, "expected": expected, "z": z},
        )


FREQUENCY = RandomnessTest(
    name="frequency", run=lambda tested: frequency(tested.bits), tally=lambda _: FrequencyTally(), place=10
)
"""The frequency test as a part of an assessment."""

RUNS = RandomnessTest(
    name="runs", run=lambda tested: runs(tested.bits), tally=lambda _: RunsTally(), least_bits=2, place=20
)
"""The runs test as a part of an assessment."""
