"""The non-IID track of SP 800-90B: ten estimates, of which the least counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.sp800_90b.estimate import Estimate
from mtjlab.analysis.randomness.sp800_90b.estimators import ESTIMATORS
from mtjlab.analysis.randomness.sp800_90b.symbol_sequence import SymbolSequence, SymbolSource
from mtjlab.core import InputError

__all__ = ["ADVISED_SYMBOLS", "NonIidAssessment", "assess_non_iid"]

ADVISED_SYMBOLS = 1_000_000
"""Symbols that the standard asks for, section 3.1.1."""


@dataclass(frozen=True)
class NonIidAssessment:
    """Min-entropy of a source by the non-IID track."""

    symbols: int
    """Number of symbols L."""

    bits_per_symbol: int
    """Bits a symbol."""

    literal: Mapping[str, Estimate]
    """By name of the estimator, on the symbols as they are: bits a symbol."""

    bitstring: Mapping[str, Estimate] | None
    """By name of the estimator, on the bits of the symbols: bits a bit. None for a source of two symbols."""

    @property
    def min_entropy(self) -> float:
        """Assessed min-entropy, bits a symbol.

        Notes
        -----
        NIST SP 800-90B, section 3.1.3, without the claim of the one who submits: min(H_original, n H_bitstring).
        """
        least = min(float(self.bits_per_symbol), _least(self.literal))
        return least if self.bitstring is None else min(least, self.bits_per_symbol * min(1.0, _least(self.bitstring)))

    @property
    def least(self) -> str:
        """Name of the estimator that gives the min-entropy."""
        if self.bitstring is None or _least(self.literal) <= self.bits_per_symbol * _least(self.bitstring):
            return _name_of_least(self.literal)
        return f"{_name_of_least(self.bitstring)} on the bits"

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain numbers and dicts, ready for JSON; None where an estimator does not apply."""
        several = self.bits_per_symbol > 1
        found = {
            name: {"literal": estimate.min_entropy, "bitstring": self._of_bits(name)}
            if several
            else estimate.min_entropy
            for name, estimate in self.literal.items()
        }
        return {"estimators": found, "min_entropy": self.min_entropy, "symbols": self.symbols}

    def _of_bits(self, name: str) -> float | None:
        return None if self.bitstring is None else self.bitstring[name].min_entropy


def _least(estimates: Mapping[str, Estimate]) -> float:
    """Return the least estimate that there is; the most common value always gives one."""
    return min(estimate.min_entropy for estimate in estimates.values() if estimate.min_entropy is not None)


def _name_of_least(estimates: Mapping[str, Estimate]) -> str:
    least = _least(estimates)
    return next(name for name, estimate in estimates.items() if estimate.min_entropy == least)


def assess_non_iid(
    symbols: ArrayLike | SymbolSource,
    bits_per_symbol: int = 1,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> NonIidAssessment:
    """Assess min-entropy by the ten estimators of the non-IID track.

    Parameters
    ----------
    symbols
        One-dimensional array of whole numbers below 2**bits_per_symbol, or a source made of it. The standard asks for a
        million.
    bits_per_symbol
        1 to 8; of a source made already, its own count.
    progress
        Called with the estimates made and their number.

    Returns
    -------
    NonIidAssessment
        The estimates, and the least.

    Raises
    ------
    InputError
        If a symbol is out of range, there are fewer than two symbols or too many, or all are the same.

    Notes
    -----
    NIST SP 800-90B (2018), section 6.3. An estimate, not a proven bound: each looks for one kind of regularity.
    """
    source = symbols if isinstance(symbols, SymbolSource) else SymbolSource(symbols, bits_per_symbol)
    if source.values.size < 2:
        raise InputError("an assessment needs at least 2 symbols: give a million")
    bitstring = source.bitstring
    total = len(ESTIMATORS) * (1 if bitstring is None else 2)
    literal = _estimates(source.literal, 0, total, progress)
    of_bits = None if bitstring is None else _estimates(bitstring, len(ESTIMATORS), total, progress)
    return NonIidAssessment(int(source.values.size), source.bits_per_symbol, literal, of_bits)


def _estimates(
    sequence: SymbolSequence, done: int, total: int, progress: Callable[[int, int], None]
) -> dict[str, Estimate]:
    found = {}
    for estimator in ESTIMATORS:
        found[estimator.name] = estimator.estimate(sequence)
        done += 1
        progress(done, total)
    return found
