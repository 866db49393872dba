"""Min-entropy by the most common value."""

from __future__ import annotations

import math
from statistics import NormalDist

from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.test_result import TestResult
from mtjlab.core.errors import InputError
from mtjlab.data.bit_files.byte_counts import byte_counts
from mtjlab.data.bit_files.symbols import checked_symbols

__all__ = ["min_entropy"]

QUANTILE = NormalDist().inv_cdf(0.995)
"""Two-sided 99 % quantile, 2.5758: the standard prints 2.576, its reference tool computes with all digits."""


def min_entropy(symbols: ArrayLike, bits_per_symbol: int = 1) -> TestResult:
    """Estimate how hard the next symbol is to guess, from the share of the most common one.

    Parameters
    ----------
    symbols
        One-dimensional array of whole numbers below 2**bits_per_symbol.
    bits_per_symbol
        1 to 8; 1 for bits.

    Returns
    -------
    TestResult
        Without p-value. Statistics: `min_entropy` in bits a symbol, `share` of the most common symbol and
        `share_upper`, the upper end of its 99 % confidence interval, from which the entropy is taken.

    Raises
    ------
    ValueError
        If there are fewer than two symbols, or one is out of range.

    Notes
    -----
    NIST SP 800-90B, section 6.3.1: H = -log2 min(1, p + 2.576 sqrt(p (1 - p) / (L - 1))). One of the ten estimates of
    that standard, and an upper bound on what they say together: it sees bias, not memory.
    """
    checked = checked_symbols(symbols, bits_per_symbol)
    if checked.size < 2:
        raise InputError(f"min-entropy needs at least 2 symbols and got {checked.size}: give more symbols")
    share = int(byte_counts(checked).max()) / checked.size
    upper = min(1.0, share + QUANTILE * math.sqrt(share * (1 - share) / (checked.size - 1)))
    return TestResult(
        name="min-entropy",
        # abs: a constant stream has -log2(1) = -0.0
        statistics={"min_entropy": abs(math.log2(upper)), "share": share, "share_upper": upper},
    )
