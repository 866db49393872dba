"""Normals of packed bits, in machine code: nothing is unpacked on the way."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba.extending import intrinsic
from numpy.typing import NDArray

from mtjlab.core import jit

__all__ = ["count_fields", "count_words", "look_up_bytes", "look_up_words"]


def _count_ones(context, word):  # type: ignore[no-untyped-def]
    """Count the ones of a word: one instruction, and one for many words where the processor has wide registers."""

    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.ctpop(arguments[0])

    return word(word), generate


_ones: Any = intrinsic(_count_ones)


@jit(nogil=True)
def look_up_words(packed: NDArray[np.uint8], lower: NDArray[np.uint32], normals: NDArray[np.uint32]) -> None:
    """Give the entry of a table for each word of 16 bits, of a table that is odd about its middle.

    Parameters
    ----------
    packed
        Bytes, two a normal, the most significant first.
    lower
        Normal of each word below 32768, shape (32768,): float32, looked at as integers.
    normals
        Where they are written, looked at likewise.
    """
    for i in range(normals.size):
        word = (np.uint32(packed[2 * i]) << np.uint32(8)) | np.uint32(packed[2 * i + 1])
        upper = np.uint32(0) - (word >> np.uint32(15))  # all ones for the upper half: mirrored, and of the other sign
        normals[i] = lower[(word ^ upper) & np.uint32(0x7FFF)] ^ (upper & np.uint32(0x80000000))


@jit(nogil=True)
def look_up_bytes(packed: NDArray[np.uint8], table: NDArray[np.float32], normals: NDArray[np.float32]) -> None:
    """Give several normals for each byte.

    Parameters
    ----------
    packed
        Bytes; the last may give fewer normals.
    table
        Normals of each byte, shape (256, normals a byte).
    normals
        Where they are written.
    """
    each = table.shape[1]
    whole = normals.size // each
    for i in range(whole):
        for j in range(each):
            normals[i * each + j] = table[packed[i], j]
    for j in range(normals.size - whole * each):
        normals[whole * each + j] = table[packed[whole], j]


@jit(nogil=True)
def count_words(
    words: NDArray[np.unsignedinteger[Any]], values: NDArray[np.float32], normals: NDArray[np.float32]
) -> None:
    """Give the value of the number of ones in each word, in whatever order its bits lie.

    Parameters
    ----------
    words
        Unsigned integers of k bits, as many as there are normals.
    values
        Value of 0 to k ones.
    normals
        Where they are written.
    """
    for i in range(normals.size):
        normals[i] = values[_ones(words[i])]


@jit(nogil=True)
def count_fields(words: NDArray[np.uint64], k: int, values: NDArray[np.float32], normals: NDArray[np.float32]) -> None:
    """Give the value of the number of ones in each field of k bits, wherever in a word it begins.

    Parameters
    ----------
    words
        Bits, the first in the most significant position: the fields follow each other. One word more than they fill, so
        that every field may be looked for in two words: without a branch the loop takes many fields at once.
    k
        Bits of a field, 1 to 64.
    values
        Value of 0 to k ones.
    normals
        Where they are written.
    """
    beside, last, one = np.uint64(64 - k), np.uint64(63), np.uint64(1)
    for i in range(normals.size):
        bit = i * k
        skip = np.uint64(bit) & last
        word = (words[bit >> 6] << skip) | ((words[(bit >> 6) + 1] >> one) >> (last - skip))
        normals[i] = values[_ones(word >> beside)]


@jit(nogil=True)
def polar_pairs(packed: NDArray[np.uint8], cosines: NDArray[np.float32], normals: NDArray[np.float32]) -> None:
    """Give pairs of normals: 32 bits for the radius and 16 for the angle of each; 16 and 8 of an odd last normal.

    Parameters
    ----------
    packed
        Bytes, three a normal.
    cosines
        Cosine of each angle, shape (65536,); the sine is the cosine a quarter of that earlier.
    normals
        Where they are written.
    """
    for pair in range(normals.size // 2):
        byte = 6 * pair
        word = np.uint32(0)
        for j in range(4):
            word = (word << np.uint32(8)) | np.uint32(packed[byte + j])
        angle = (np.uint32(packed[byte + 4]) << np.uint32(8)) | np.uint32(packed[byte + 5])
        radius = math.sqrt(-2.0 * math.log((np.float64(word) + 0.5) * 2.0**-32))
        normals[2 * pair] = np.float32(radius * cosines[angle])
        normals[2 * pair + 1] = np.float32(radius * cosines[(angle - np.uint32(0x4000)) & np.uint32(0xFFFF)])
    if normals.size % 2:
        byte = 3 * (normals.size - 1)
        word = (np.uint32(packed[byte]) << np.uint32(8)) | np.uint32(packed[byte + 1])
        radius = math.sqrt(-2.0 * math.log((np.float64(word) + 0.5) * 2.0**-16))
        turn = 2 * math.pi * (np.float64(packed[byte + 2]) + 0.5) / 256 + 0.75 * math.pi
        normals[normals.size - 1] = np.float32(radius * math.cos(turn))
