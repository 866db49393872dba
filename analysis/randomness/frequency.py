"""The frequency (monobit) test: whether there are as many ones as zeros."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.enough_bits import enough_bits
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["frequency"]


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
        statistics={"ones": ones, "excess": excess, "z": z},
    )
