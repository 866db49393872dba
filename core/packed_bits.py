"""Bits in bytes: eight a byte, the first in the most significant position."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mtjlab.core.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["checked_bits", "pack_bits", "count_ones", "join_bits", "align_bits"]


def checked_bits(bits: ArrayLike) -> NDArray[np.uint8]:
    """Return `bits` as uint8 zeros and ones.

    Parameters
    ----------
    bits
        One-dimensional array of integers or booleans.

    Returns
    -------
    NDArray
        uint8, shape (N,); the array itself where it is of this type.

    Raises
    ------
    InputError
        If the array has another shape or type, or holds anything but 0 and 1.
    """
    array: NDArray[Any] = np.asarray(bits)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "bui"):
        raise InputError(
            f"bits have shape {array.shape} and type {array.dtype}; "
            "give a one-dimensional integer or boolean array of 0 and 1"
        )
    if array.size and (array.max() > 1 or (array.dtype.kind == "i" and array.min() < 0)):
        wrong = int(np.flatnonzero((array != 0) & (array != 1))[0])
        raise InputError(f"bit {wrong} is {array[wrong]}; bits are 0 or 1: unpack bytes with numpy.unpackbits")
    return array.astype(np.uint8, copy=False)


def pack_bits(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return zeros and ones, as `checked_bits` gives them, eight a byte; zeros fill the last byte.

    Parameters
    ----------
    bits
        uint8, 0 and 1, shape (N,); anything else is not looked for.

    Returns
    -------
    NDArray
        uint8, shape (⌈N / 8⌉,).

    Examples
    --------
    >>> pack_bits(np.array([1, 0, 1, 1, 1], np.uint8))
    array([184], dtype=uint8)
    """
    return np.packbits(bits.view(np.bool_))  # numpy packs truth values in two thirds of the time that numbers take


def count_ones(packed: NDArray[np.uint8]) -> int:
    """Return how many bits of `packed` are one; a million bits take 15 microseconds.

    Parameters
    ----------
    packed
        Bytes, uint8, of which every bit counts.

    Returns
    -------
    int
        Number of ones.

    Examples
    --------
    >>> count_ones(np.array([0b10111000, 1], np.uint8))
    5
    """
    whole = len(packed) // 8 * 8
    words = np.bitwise_count(packed[:whole].view(np.uint64)).sum(dtype=np.int64)
    return int(words) + int(np.bitwise_count(packed[whole:]).sum(dtype=np.int64))


def join_bits(last_byte: int, filled: int, packed: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """Return the bytes that hold the first `filled` bits of `last_byte` and then `count` packed bits; the rest is zero.

    Parameters
    ----------
    last_byte
        Byte with the bits that come first.
    filled
        How many they are, 0 to 7.
    packed
        Bytes with the bits that follow.
    count
        How many they are.

    Returns
    -------
    NDArray
        uint8, shape (⌈(filled + count) / 8⌉,).

    Examples
    --------
    >>> join_bits(0b10100000, 3, np.packbits(np.array([1, 1], np.uint8)), 2)
    array([184], dtype=uint8)
    """
    if not filled:
        return packed
    joined = np.zeros((filled + count + 7) // 8, np.uint8)
    joined[: len(packed)] = packed >> filled
    joined[1:] |= packed[: len(joined) - 1] << (8 - filled)
    joined[0] |= last_byte & (0xFF << (8 - filled)) & 0xFF
    return joined


def align_bits(packed: NDArray[np.uint8], skip: int, count: int) -> NDArray[np.uint8]:
    """Return `count` bits of `packed`, after the first `skip` (0 to 7), packed again; the last byte ends with zeros.

    Parameters
    ----------
    packed
        Bytes, uint8.
    skip
        Bits to leave out at the beginning, 0 to 7.
    count
        Bits to give.

    Returns
    -------
    NDArray
        uint8, shape (⌈count / 8⌉,); a copy.

    Examples
    --------
    >>> align_bits(np.array([0b10111000, 0b11111111], np.uint8), 2, 5)
    array([224], dtype=uint8)
    """
    length = (count + 7) // 8
    aligned: NDArray[np.uint8] = packed[:length].copy()
    if skip and length:
        aligned <<= skip
        following = packed[1 : length + 1]
        aligned[: len(following)] |= following >> (8 - skip)
    if count % 8:
        aligned[-1] &= 0xFF << (8 - count % 8) & 0xFF
    return aligned
