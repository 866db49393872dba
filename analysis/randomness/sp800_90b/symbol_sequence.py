"""The stream that is assessed: symbols, and the bits they are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.sp800_22.shared_value import shared_value
from mtjlab.analysis.randomness.sp800_90b.repeated_tuples import RepeatedTuples, repeated_tuples
from mtjlab.core import InputError
from mtjlab.data import byte_counts, checked_symbols

__all__ = ["MOST_SYMBOLS", "SymbolSequence", "SymbolSource"]

MOST_SYMBOLS = 100_000_000
"""An assessment takes some fifty bytes of memory a bit."""


@dataclass(frozen=True)
class SymbolSequence:
    """Symbols counted from 0 on without a gap."""

    symbols: NDArray[np.uint8]
    """Shape (L,), each below `alphabet`."""

    alphabet: int
    """How many different symbols there are, 2 or more."""

    @property
    def bits(self) -> int:
        """Bits that a symbol takes."""
        return (self.alphabet - 1).bit_length()

    @shared_value
    def tuples(self) -> RepeatedTuples:
        """What recurs in it."""
        return repeated_tuples(self.symbols, self.bits)

    def __len__(self) -> int:
        """Return the number of symbols."""
        return int(self.symbols.size)


class SymbolSource:
    """Symbols of a source, as they are and as bits.

    Parameters
    ----------
    symbols
        One-dimensional array of whole numbers below 2**bits_per_symbol.
    bits_per_symbol
        1 to 8.

    Raises
    ------
    InputError
        If a symbol is out of range, there are more than 100 million, or all are the same.

    Examples
    --------
    >>> SymbolSource([0, 3, 3, 1], bits_per_symbol=2).bitstring.symbols
    array([0, 0, 1, 1, 1, 1, 0, 1], dtype=uint8)
    """

    def __init__(self, symbols: ArrayLike, bits_per_symbol: int = 1) -> None:
        self.values = checked_symbols(symbols, bits_per_symbol)
        """The symbols as given, uint8, shape (L,)."""
        self.bits_per_symbol = bits_per_symbol
        """Bits a symbol as given."""
        if self.values.size * bits_per_symbol > MOST_SYMBOLS:
            raise InputError(
                f"{self.values.size:,} symbols of {bits_per_symbol} bits: at most {MOST_SYMBOLS:,} bits are assessed "
                "at a time; give a part of them"
            )
        present = np.flatnonzero(byte_counts(self.values))
        if present.size < 2:
            raise InputError(
                "there are no symbols to assess: give a million"
                if not present.size
                else f"all {self.values.size:,} symbols are {present[0]}: a constant stream has no entropy to assess"
            )
        ranks = np.zeros(256, np.uint8)
        ranks[present] = np.arange(present.size)
        gapless = present.size == int(present[-1]) + 1
        self.literal = SymbolSequence(self.values if gapless else ranks[self.values], int(present.size))
        """The symbols, counted without a gap: those that do not occur are left out."""
        self.bitstring = None if present.size == 2 else SymbolSequence(_bits(self.values, bits_per_symbol), 2)
        """The bits of all symbols, the most significant first; None where there are only two different symbols."""


def _bits(symbols: NDArray[np.uint8], bits_per_symbol: int) -> NDArray[np.uint8]:
    bits = np.unpackbits(symbols[:, None], axis=1)[:, 8 - bits_per_symbol :]
    return np.ascontiguousarray(bits).reshape(-1)
