"""Bits fit to be tested."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core.errors import InputError
from mtjlab.data.packed_bits import checked_bits

__all__ = ["enough_bits"]


def enough_bits(bits: ArrayLike, least: int, purpose: str) -> NDArray[np.uint8]:
    """Return `bits` as uint8 zeros and ones, at least so many.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1.
    least
        Number of bits needed.
    purpose
        What needs them, the subject of the message.

    Raises
    ------
    ValueError
        If there are fewer, or the array is none of bits.
    """
    checked = checked_bits(bits)
    if checked.size < least:
        raise InputError(f"{purpose} needs at least {least:,} bits and got {checked.size:,}: give more bits")
    return checked
