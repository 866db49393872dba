"""Symbols of one to eight bits, one a byte."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError

__all__ = ["checked_symbols", "symbol_bits"]


def checked_symbols(symbols: ArrayLike, bits_per_symbol: int) -> NDArray[np.uint8]:
    """Return `symbols` as uint8.

    Parameters
    ----------
    symbols
        One-dimensional array of integers or booleans.
    bits_per_symbol
        1 to 8.

    Raises
    ------
    ValueError
        If a symbol does not fit into so many bits, or the arguments are of another kind.
    """
    if not 1 <= bits_per_symbol <= 8:
        raise InputError(f"bits per symbol = {bits_per_symbol}: expected 1 to 8")
    array: NDArray[Any] = np.asarray(symbols)
    if array.ndim != 1 or array.dtype.kind not in "bui":
        raise InputError(
            f"symbols have shape {array.shape} and type {array.dtype}; give a one-dimensional array of integers"
        )
    largest = 2**bits_per_symbol - 1
    if array.size and (array.max() > largest or array.min() < 0):
        wrong = int(np.flatnonzero((array < 0) | (array > largest))[0])
        raise InputError(
            f"symbol {wrong} is {array[wrong]}, and {bits_per_symbol} bits per symbol allow 0 to {largest}: "
            "raise the bits per symbol (up to 8)"
        )
    return array.astype(np.uint8, copy=False)


def symbol_bits(symbols: NDArray[np.uint8], bits_per_symbol: int) -> NDArray[np.uint8]:
    """Return the bits of the symbols in a row, the most significant of each first.

    Parameters
    ----------
    symbols
        Symbols, shape (N,).
    bits_per_symbol
        Bits that each stands for, 1 to 8.

    Examples
    --------
    >>> symbol_bits(np.array([0, 1, 2, 3], np.uint8), 2)
    array([0, 0, 0, 1, 1, 0, 1, 1], dtype=uint8)
    """
    if bits_per_symbol == 1:
        return symbols
    return np.unpackbits(symbols[:, np.newaxis], axis=1)[:, 8 - bits_per_symbol :].ravel()
