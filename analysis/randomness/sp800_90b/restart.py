"""The restart tests of SP 800-90B: whether a source gives as much entropy after it is switched on as while it runs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import poisson

from mtjlab.analysis.randomness.sp800_90b.non_iid import assess_non_iid
from mtjlab.analysis.randomness.sp800_90b.symbol_sequence import SymbolSource
from mtjlab.core import InputError

__all__ = ["RESTARTS", "RestartAssessment", "assess_restarts", "largest_count_cutoff"]

RESTARTS = 1000
"""Restarts, and symbols taken after each."""

LEVEL = 0.01
"""Probability with which a source that has the entropy fails the sanity check."""


@dataclass(frozen=True)
class RestartAssessment:
    """What the restarts say of a source."""

    initial: float
    """Min-entropy that was assessed while the source ran, bits a symbol."""

    largest_count: int
    """How often the most common symbol of any row or column occurs in it."""

    cutoff: int
    """Count above which the sanity check fails."""

    rows: float
    """Min-entropy of the symbols in the order in which they came."""

    columns: float
    """Min-entropy of the first symbols of all restarts, then of the second ones, and so on."""

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of what failed."""
        short = [name for name in ("rows", "columns") if getattr(self, name) < self.initial / 2]
        return (*(["sanity check"] if self.largest_count > self.cutoff else []), *short)

    @property
    def min_entropy(self) -> float | None:
        """Final min-entropy, bits a symbol; None where the tests fail: the source gives no validated entropy.

        Notes
        -----
        NIST SP 800-90B, section 3.1.4.2: min(H_r, H_c, H_I), unless H_r or H_c is below half of H_I.
        """
        return None if self.failed else min(self.rows, self.columns, self.initial)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain numbers and dicts, ready for JSON."""
        return {
            "passed": not self.failed,
            "failed": list(self.failed),
            "min_entropy": self.min_entropy,
            "initial": self.initial,
            "rows": self.rows,
            "columns": self.columns,
            "largest_count": self.largest_count,
            "cutoff": self.cutoff,
        }


def assess_restarts(symbols: ArrayLike, initial: float, bits_per_symbol: int = 1) -> RestartAssessment:
    """Test a matrix of restarts, and give the final min-entropy.

    Parameters
    ----------
    symbols
        A million whole numbers below 2**bits_per_symbol, in the order in which they came: 1,000 after each of 1,000
        restarts.
    initial
        Min-entropy assessed of the source while it ran, bits a symbol.
    bits_per_symbol
        1 to 8.

    Returns
    -------
    RestartAssessment
        Sanity check, min-entropy of rows and columns, and the final one.

    Raises
    ------
    InputError
        If there are not a million symbols, one is out of range, all are the same, or `initial` is not above 0 and at
        most the bits a symbol.

    Notes
    -----
    NIST SP 800-90B (2018), section 3.1.4; rows and columns are assessed by the non-IID track.
    """
    source = SymbolSource(symbols, bits_per_symbol)
    if source.values.size != RESTARTS**2:
        raise InputError(
            f"{source.values.size:,} symbols: a matrix of restarts has {RESTARTS:,} after each of {RESTARTS:,} restarts"
        )
    if not 0 < initial <= bits_per_symbol:
        raise InputError(
            f"initial min-entropy = {initial} bits a symbol: allowed is above 0 and at most {bits_per_symbol}"
        )
    matrix = source.values.reshape(RESTARTS, RESTARTS)
    largest = max(_largest_count(matrix), _largest_count(matrix.T))
    level = -math.expm1(math.log1p(-LEVEL) / (2 * RESTARTS))
    return RestartAssessment(
        initial=initial,
        largest_count=largest,
        cutoff=largest_count_cutoff(RESTARTS, source.literal.alphabet, initial, level),
        rows=_symbol_entropy(matrix, bits_per_symbol),
        columns=_symbol_entropy(matrix.T, bits_per_symbol),
    )


def _symbol_entropy(matrix: NDArray[np.uint8], bits_per_symbol: int) -> float:
    return assess_non_iid(np.ascontiguousarray(matrix).reshape(-1), bits_per_symbol).min_entropy


def _largest_count(matrix: NDArray[np.uint8]) -> int:
    return max(int(np.bincount(row).max()) for row in matrix)


def largest_count_cutoff(symbols: int, alphabet: int, entropy: float, level: float) -> int:
    """Return the least count that the most common of some symbols exceeds with a probability of at most `level`.

    Parameters
    ----------
    symbols
        Number of independent symbols.
    alphabet
        Different symbols that there are.
    entropy
        Min-entropy of a symbol [bits]: as many symbols as can be are as probable as it allows.
    level
        Probability.

    Notes
    -----
    NIST SP 800-90B, section 3.1.4.3, simulates this; here it is computed: independent Poisson counts whose sum is given
    are multinomial, so the probability that all of them stay within a bound is a convolution.

    Examples
    --------
    >>> largest_count_cutoff(1000, 2, 1.0, 5e-6)
    572
    """
    share = max(2.0**-entropy, 1 / alphabet)
    probable = min(alphabet, int(1 / share + 1e-9))
    others = alphabet - probable
    rest = max(0.0, 1 - probable * share) / others if others else 0.0
    low, high = symbols // alphabet - 1, symbols
    while high - low > 1:  # exceeded too often at `low`, rarely enough at `high`
        middle = (low + high) // 2
        within = np.convolve(_within(symbols, share, middle, probable), _within(symbols, rest, middle, others))[symbols]
        if 1 - within / poisson.pmf(symbols, symbols) > level:
            low = middle
        else:
            high = middle
    return high


def _within(symbols: int, share: float, bound: int, count: int) -> NDArray[np.float64]:
    """Return the probability of each sum of `count` Poisson counts that stay within `bound`; shape (symbols + 1,)."""
    one = np.where(np.arange(symbols + 1) <= bound, poisson.pmf(np.arange(symbols + 1), symbols * share), 0.0)
    found = np.zeros(symbols + 1)
    found[0] = 1.0
    while count:
        if count & 1:
            found = np.convolve(found, one)[: symbols + 1]
        one = np.convolve(one, one)[: symbols + 1]
        count >>= 1
    return found
