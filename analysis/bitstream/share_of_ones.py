"""The share of ones: its interval, and the bits that it takes to see a bias."""

from __future__ import annotations

import math
from statistics import NormalDist

from numpy.typing import ArrayLike

from mtjlab.analysis.randomness import wilson_interval
from mtjlab.core import Bits, InputError, Quantity

__all__ = ["bias", "bias_of_counts", "bits_to_see", "smallest_bias_seen"]


def bias(bits: ArrayLike | Bits) -> Quantity:
    """Give the bias P(1) - 1/2 with its 95 % interval.

    Parameters
    ----------
    bits
        0 and 1, shape (N,), or `Bits`.

    Returns
    -------
    Quantity
        The bias, standard uncertainty √(p (1 - p) / N) and the ends of Wilson's interval.

    Raises
    ------
    InputError
        If there is no bit.

    Notes
    -----
    Wilson, J. Am. Stat. Assoc. 22, 209 (1927). The interval takes the bits as independent.

    Examples
    --------
    >>> str(bias([0, 1] * 5000))
    '0.0000 (-0.0098 to 0.0098, 95 %)'
    """
    packed = Bits.of(bits)
    return bias_of_counts(packed.ones(), len(packed))


def bias_of_counts(ones: int, count: int) -> Quantity:
    """Give the bias of `bias` from counts.

    Parameters
    ----------
    ones
        Number of ones.
    count
        Number of bits, at least 1.

    Returns
    -------
    Quantity
        As `bias` gives it.

    Raises
    ------
    InputError
        If there is no bit.
    """
    if not count:
        raise InputError("the bias of no bits: give at least one bit")
    share = ones / count
    low, high = wilson_interval(ones, count)
    spread = math.sqrt(share * (1 - share) / count)
    return Quantity(share - 0.5, spread, "1", low - 0.5, high - 0.5)


def bits_to_see(bias: float, *, level: float = 0.01, power: float = 0.9) -> int:
    """Give the number of independent bits with which a test for fair bits sees a bias.

    Parameters
    ----------
    bias
        P(1) - 1/2, not zero, between -1/2 and 1/2.
    level
        Chance that the two-sided test calls fair bits biased.
    power
        Chance that it calls these bits biased; more than `level`, less than 1.

    Returns
    -------
    int
        Smallest number of bits.

    Raises
    ------
    InputError
        If a number is out of its range.

    Notes
    -----
    n = ((z_(1 - level/2) / 2 + z_power √(1/4 - bias²)) / bias)², z_q the normal quantile.

    Examples
    --------
    >>> bits_to_see(1e-3)
    3719842
    """
    if not 0 < abs(bias) <= 0.5:
        raise InputError(f"bias = {bias}: expected a number between -0.5 and 0.5 that is not zero")
    far, near = _quantiles(level, power)
    return math.ceil(((far / 2 + near * math.sqrt(0.25 - bias * bias)) / bias) ** 2)


def smallest_bias_seen(count: int, *, level: float = 0.01, power: float = 0.9) -> float:
    """Give the smallest bias that a test for fair bits sees in so many bits: `bits_to_see` the other way round.

    Parameters
    ----------
    count
        Number of bits, at least 1.
    level
        Chance that the two-sided test calls fair bits biased.
    power
        Chance that it sees the bias; more than `level`, less than 1.

    Returns
    -------
    float
        Absolute value of P(1) - 1/2; 1/2 where no bias can be seen with that power.

    Raises
    ------
    InputError
        If a number is out of its range.
    """
    if count < 1:
        raise InputError(f"count = {count}: expected 1 or more bits")
    far, near = _quantiles(level, power)
    # Squares of n e - far √n / 2 = near √n √(1/4 - e²): a quadratic equation in e.
    seen = (far + near * math.sqrt(max(0.0, 1 + (near**2 - far**2) / count))) / (1 + near**2 / count)
    return min(0.5, seen / (2 * math.sqrt(count)))


def _quantiles(level: float, power: float) -> tuple[float, float]:
    if not 0 < level < power < 1:
        raise InputError(f"level = {level}, power = {power}: expected 0 < level < power < 1, as 0.01 and 0.9")
    return NormalDist().inv_cdf(1 - level / 2), NormalDist().inv_cdf(power)
