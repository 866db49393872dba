"""The share of ones."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.enough_bits import enough_bits
from mtjlab.analysis.randomness.test_result import TestResult
from mtjlab.core.errors import InputError

__all__ = ["proportion"]


def proportion(bits: ArrayLike, confidence: float = 0.95) -> TestResult:
    """Estimate P(1), the probability of a one.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1.
    confidence
        Of the interval, between 0 and 1.

    Returns
    -------
    TestResult
        Without p-value. Statistics `proportion` and `ones`; interval of P(1).

    Raises
    ------
    ValueError
        If there is no bit, or `confidence` is not between 0 and 1.

    Notes
    -----
    Wilson, J. Am. Stat. Assoc. 22, 209 (1927). Written out because `scipy.stats`, which has it too, takes more than a
    second to import.
    """
    if not 0 < confidence < 1:
        raise InputError(f"confidence = {confidence}: expected a number between 0 and 1, as 0.95")
    checked = enough_bits(bits, 1, "the proportion of ones")
    n, ones = checked.size, int(np.count_nonzero(checked))
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    centre = (ones + z * z / 2) / (n + z * z)
    half = z * math.sqrt(ones * (n - ones) / n + z * z / 4) / (n + z * z)
    return TestResult(
        name="P(1)",
        statistics={"proportion": ones / n, "ones": ones},
        interval=(max(0.0, centre - half), min(1.0, centre + half)),
    )
