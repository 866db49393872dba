"""What is reported of bits beside the tests: P(1), and min-entropy by the most common value."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, TestedBits, enough_bits, tallied
from mtjlab.analysis.randomness.test_result import TestResult
from mtjlab.core import InputError
from mtjlab.data import byte_counts, checked_symbols

__all__ = [
    "MIN_ENTROPY",
    "PROPORTION",
    "MinEntropyTally",
    "ProportionTally",
    "min_entropy",
    "proportion",
    "wilson_interval",
]

QUANTILE = NormalDist().inv_cdf(0.995)
"""Two-sided 99 % quantile, 2.5758: the standard prints 2.576, its reference tool computes with all digits."""


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
        Without p-value. Statistics `proportion` and `ones`; Wilson's interval of P(1).

    Raises
    ------
    ValueError
        If there is no bit, or `confidence` is not between 0 and 1.
    """
    return tallied(ProportionTally(confidence), enough_bits(bits, 1, "the proportion of ones")).result()


class ProportionTally:
    """Counts ones.

    Parameters
    ----------
    confidence
        Of the interval.
    """

    def __init__(self, confidence: float = 0.95) -> None:
        self._confidence = confidence
        self._bits = self._ones = 0

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next."""
        self._bits += bits.size
        self._ones += int(np.count_nonzero(bits))

    def result(self) -> TestResult:
        """Give the share of ones of all bits so far."""
        n, ones = self._bits, self._ones
        low, high = wilson_interval(ones, n, self._confidence)
        return TestResult(
            name="P(1)",
            found=f"{ones / n:.6f}, {100 * self._confidence:g} % from {low:.6f} to {high:.6f}",
            statistics={"proportion": ones / n, "ones": ones},
            interval=(low, high),
        )


def wilson_interval(ones: int, count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Give Wilson's interval of a probability.

    Parameters
    ----------
    ones
        How often it happened, 0 to `count`.
    count
        Out of how many, at least 1.
    confidence
        Of the interval, between 0 and 1.

    Returns
    -------
    tuple of float
        Both ends.

    Raises
    ------
    InputError
        If `confidence` is not between 0 and 1, or the numbers are no count.

    Notes
    -----
    Wilson, J. Am. Stat. Assoc. 22, 209 (1927). Written out because `scipy.stats`, which has it too, takes more than a
    second to import.

    Examples
    --------
    >>> wilson_interval(0, 100)
    (0.0, 0.036993...)
    """
    if not 0 < confidence < 1:
        raise InputError(f"confidence = {confidence}: expected a number between 0 and 1, as 0.95")
    if not 0 <= ones <= count or count < 1:
        raise InputError(f"{ones:,} of {count:,}: expected 0 to the number of trials, and at least one trial")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    centre = (ones + z * z / 2) / (count + z * z)
    half = z * math.sqrt(ones * (count - ones) / count + z * z / 4) / (count + z * z)
    return max(0.0, centre - half), min(1.0, centre + half)


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
    return _of_counts(byte_counts(checked))


class MinEntropyTally:
    """Counts the symbols that bits make, most significant bit first.

    Parameters
    ----------
    bits_per_symbol
        1 to 8.
    """

    def __init__(self, bits_per_symbol: int = 1) -> None:
        self._weights = 1 << np.arange(bits_per_symbol - 1, -1, -1)
        self._counts = np.zeros(256, np.int64)
        self._rest = np.empty(0, np.uint8)

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next."""
        joined = np.concatenate((self._rest, bits))
        whole = joined.size // self._weights.size * self._weights.size
        symbols = joined[:whole].reshape(-1, self._weights.size) @ self._weights.astype(np.uint8)
        self._counts += byte_counts(symbols)
        self._rest = joined[whole:]

    def result(self) -> TestResult:
        """Give the min-entropy of all symbols so far."""
        return _of_counts(self._counts)


def _of_counts(counts: NDArray[np.int64]) -> TestResult:
    symbols = int(counts.sum())
    share = int(counts.max()) / symbols
    upper = min(1.0, share + QUANTILE * math.sqrt(share * (1 - share) / (symbols - 1)))
    entropy = abs(math.log2(upper))  # abs: a constant stream has -log2(1) = -0.0
    return TestResult(
        name="min-entropy",
        found=f"{entropy:.6f} bits a symbol (99 % bound)",
        statistics={"min_entropy": entropy, "share": share, "share_upper": upper},
    )


def _min_entropy_of_symbols(tested: TestedBits) -> TestResult:
    return min_entropy(tested.bits if tested.symbols is None else tested.symbols, tested.bits_per_symbol)


PROPORTION = RandomnessTest(
    name="P(1)", run=lambda tested: proportion(tested.bits), tally=lambda _: ProportionTally(), place=910
)
"""The share of ones as a part of an assessment."""

MIN_ENTROPY = RandomnessTest(
    name="min-entropy", run=_min_entropy_of_symbols, tally=MinEntropyTally, least_bits=2, place=920
)
"""The min-entropy as a part of an assessment."""
