"""What a count of ones shows about the bias, however often it is looked at."""

from __future__ import annotations

import math

from mtjlab.core import InputError

__all__ = ["bias_bound"]

TUNED_FOR = 1e6
"""Bits at which the bound is about the tightest."""


def bias_bound(ones: int, bits: int, confidence: float = 0.95) -> float:
    """Bound the mean of 2P - 1 of bits by their number of ones.

    Parameters
    ----------
    ones, bits
        Ones among how many bits.
    confidence
        Probability that the bound holds at all looks together, so that one may stop when it is small enough.

    Returns
    -------
    float
        Bound on the absolute value of the mean of 2P - 1 over the bits, P being each bit's probability given all before
        it; 1 at most.

    Raises
    ------
    ValueError
        If there are more ones than bits, or the confidence is not between 0 and 1.

    Notes
    -----
    The two-sided normal-mixture boundary for bounded martingale differences: Howard, Ramdas, McAuliffe and Sekhon, Ann.
    Stat. 49, 1055 (2021), eq. 14. An interval for one look would be two thirds as wide and wrong for this use.

    Examples
    --------
    >>> round(bias_bound(500_000, 1_000_000), 5)
    0.00304
    """
    if not 0 <= ones <= bits:
        raise InputError(f"{ones} ones among {bits} bits are not possible: give 0 to {bits}")
    if not 0 < confidence < 1:
        raise InputError(f"confidence = {confidence}: give a number between 0 and 1")
    if not bits:
        return 1.0
    alpha = 1 - confidence
    # Howard et al. section 3.5: the mixing variance that makes the boundary smallest at a given time.
    mixing = TUNED_FOR / (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1))
    boundary = math.sqrt((bits + mixing) * (math.log((bits + mixing) / mixing) - 2 * math.log(alpha)))
    return min(1.0, (abs(2 * ones - bits) + boundary) / bits)
