"""Whether there are as many ones as zeros, and whether the bits change as often as they should."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["FREQUENCY", "RUNS", "frequency", "runs"]


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
    checked = enough_bits(bits, 1, "the frequency test")
    ones = int(np.count_nonzero(checked))
    excess = 2 * ones - checked.size
    z = excess / math.sqrt(checked.size)
    return TestResult(
        name="frequency",
        p_value=math.erfc(abs(z) / math.sqrt(2)),
        found=f"{ones:,} ones, {excess:+,} against zeros",
        statistics={"ones": ones, "excess": excess, "z": z},
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
    checked = enough_bits(bits, 2, "the runs test")
    n = checked.size
    ones = int(np.count_nonzero(checked))
    share = ones / n
    count = 1 + int(np.count_nonzero(checked[1:] != checked[:-1]))
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


FREQUENCY = RandomnessTest(name="frequency", run=lambda tested: frequency(tested.bits), place=10)
"""The frequency test as a part of an assessment."""

RUNS = RandomnessTest(name="runs", run=lambda tested: runs(tested.bits), least_bits=2, place=20)
"""The runs test as a part of an assessment."""
