"""The chi-square tests of SP 800-90B for independence and sameness, and its test of the longest repeat."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc

from mtjlab.analysis.randomness.sp800_90b.symbol_sequence import SymbolSequence

__all__ = ["LEVEL", "IidTest", "goodness_of_fit", "independence", "longest_repeat_test"]

LEVEL = 0.001
"""P-value below which a test fails."""

PARTS = 10
"""Parts of the stream whose symbols are compared."""

LEAST_EXPECTED = 5
"""Counts that are expected at least in a class."""


@dataclass(frozen=True)
class IidTest:
    """One test with a p-value."""

    statistic: float
    """Chi-square, or the length of the longest repeat."""

    degrees: int | None
    """Degrees of freedom; None where there are none."""

    p_value: float | None
    """Probability that an independent stream looks at least so odd; None where the test does not apply."""

    reason: str = ""
    """Why it does not apply."""

    @property
    def passed(self) -> bool:
        """Whether the p-value is not below 0.001; what does not apply does not fail."""
        return self.p_value is None or self.p_value >= LEVEL


def _judged(statistic: float, degrees: int) -> IidTest:
    if degrees < 1:
        return IidTest(statistic, degrees, None, "too few symbols for two classes")
    return IidTest(statistic, degrees, float(gammaincc(degrees / 2, statistic / 2)))


def independence(sequence: SymbolSequence) -> IidTest:
    """Test whether neighbours are independent.

    Parameters
    ----------
    sequence
        The stream.

    Notes
    -----
    NIST SP 800-90B, section 5.2.1 for symbols: disjoint pairs against the product of the shares, pairs that are rare
    put together; section 5.2.3 for bits: disjoint tuples of up to eleven bits. Where three in four pairs had to be put
    together the statistic does not follow its law (every fair stream of 10,000 bytes would fail): not applicable.
    """
    symbols, alphabet = sequence.symbols, sequence.alphabet
    if alphabet == 2:
        return _independence_of_bits(symbols)
    shares = np.bincount(symbols, minlength=alphabet) / symbols.size
    half = symbols.size // 2
    expected = np.outer(shares, shares).ravel() * half
    classes, sums = _classes(expected)
    if 4 * sums.size < alphabet**2:
        return IidTest(0.0, None, None, "most pairs of symbols are too rare")  # chi-square is no longer their law
    pairs = symbols[: 2 * half : 2].astype(np.int64) * alphabet + symbols[1 : 2 * half : 2]
    seen = np.bincount(classes[pairs], minlength=sums.size)
    return _judged(float(((seen - sums) ** 2 / sums).sum()), sums.size - alphabet)


def _independence_of_bits(bits: NDArray[np.uint8]) -> IidTest:
    ones = int(np.count_nonzero(bits)) / bits.size
    rare = min(ones, 1 - ones)
    length = next((m for m in range(11, 1, -1) if rare**m * (bits.size // m) >= LEAST_EXPECTED), 1)
    if length < 2:
        return IidTest(0.0, 0, None, "too few of the rarer bit")
    count = bits.size // length
    tuples = bits[: count * length].reshape(count, length) @ (1 << np.arange(length - 1, -1, -1))
    seen = np.bincount(tuples, minlength=1 << length)
    weight = np.bitwise_count(np.arange(1 << length)).astype(float)
    expected = ones**weight * (1 - ones) ** (length - weight) * count
    return _judged(float(((seen - expected) ** 2 / expected).sum()), (1 << length) - 2)


def goodness_of_fit(sequence: SymbolSequence) -> IidTest:
    """Test whether ten parts of the stream have the same shares of symbols.

    Parameters
    ----------
    sequence
        The stream.

    Notes
    -----
    NIST SP 800-90B, sections 5.2.2 and 5.2.4.
    """
    symbols, alphabet = sequence.symbols, sequence.alphabet
    part = symbols.size // PARTS
    expected = np.bincount(symbols, minlength=alphabet) / symbols.size * part
    classes, sums = (np.arange(2), expected) if alphabet == 2 else _classes(expected)
    if sums.min() == 0:
        return IidTest(0.0, 0, None, "too few symbols")
    total = 0.0
    for i in range(PARTS):
        seen = np.bincount(classes[symbols[i * part : (i + 1) * part]], minlength=sums.size)
        total += float(((seen - sums) ** 2 / sums).sum())
    return _judged(total, (PARTS - 1) * (sums.size - 1))


def _classes(expected: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Put the rarest together until five are expected of each class; return the class of each, and what is expected."""
    classes = np.zeros(expected.size, np.int64)
    sums = [0.0]
    for kind in np.argsort(expected, kind="stable"):
        if sums[-1] >= LEAST_EXPECTED:
            sums.append(0.0)
        classes[kind] = len(sums) - 1
        sums[-1] += float(expected[kind])
    if len(sums) > 1 and sums[-1] < LEAST_EXPECTED:
        rest = sums.pop()
        sums[-1] += rest
        classes[classes == len(sums)] -= 1
    return classes, np.array(sums)


def longest_repeat_test(sequence: SymbolSequence) -> IidTest:
    """Test whether the longest repeated substring is longer than independent symbols have.

    Parameters
    ----------
    sequence
        The stream.

    Notes
    -----
    NIST SP 800-90B, section 5.2.5: the probability that any of the pairs of places agrees over the length W, taken as
    independent, 1 - (1 - p^W)^N, with p the probability that two symbols are equal.
    """
    counts = np.bincount(sequence.symbols).astype(float)
    equal = float(((counts / len(sequence)) ** 2).sum())
    length = sequence.tuples.longest
    places = len(sequence) - length + 1
    log_none = places * (places - 1) / 2 * math.log1p(-math.exp(length * math.log(equal)))
    return IidTest(float(length), None, -math.expm1(log_none))
