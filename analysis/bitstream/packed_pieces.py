"""A stream cut into pieces of one size, so that what is counted of it does not depend on how it came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import Bits

__all__ = ["PIECE", "bits_before", "packed_pieces", "words_of"]

PIECE = 1 << 20
"""Bits of a piece: its words stay in the cache of a core."""

WORD = 64
"""Bits of a word; a piece is a multiple of them."""


def packed_pieces(parts: Iterable[Bits], size: int = PIECE) -> Iterator[Bits]:
    """Cut a stream that comes in parts of any size into pieces of one size; the last may be shorter.

    Parameters
    ----------
    parts
        The bits in order.
    size
        Bits a piece, a multiple of 64.

    Returns
    -------
    iterator of Bits
        The same bits; never more than a part and a piece are held.
    """
    waiting: list[Bits] = []
    count = 0
    for part in parts:
        waiting.append(part)
        count += len(part)
        if count < size:
            continue
        joined = waiting[0] if len(waiting) == 1 else Bits.joined(waiting)
        whole = count // size * size
        for first in range(0, whole, size):
            yield joined[first : first + size]
        count -= whole
        waiting = [joined[whole:]] if count else []
    if count:
        yield Bits.joined(waiting)


def words_of(bits: Bits) -> NDArray[np.uint64]:
    """Give bits as words of 64, the first bit the most significant; zeros fill the last one.

    Parameters
    ----------
    bits
        N bits.

    Returns
    -------
    array
        uint64, shape (⌈N / 64⌉,).
    """
    octets = bits.packed_bytes
    if octets.size % 8:
        octets = np.concatenate((octets, np.zeros(-octets.size % 8, np.uint8)))
    return octets.view(">u8").astype(np.uint64)


def bits_before(words: NDArray[np.uint64], count: int, before: int) -> NDArray[np.uint64]:
    """Give, at the place of each bit, the bit before it.

    Parameters
    ----------
    words
        Words of `words_of`, shape (W,).
    count
        Number of bits; what lies behind them becomes zero.
    before
        The bit before the first, 0 or 1.

    Returns
    -------
    array
        uint64, shape (W,).
    """
    shifted = words >> np.uint64(1)
    shifted[1:] |= words[:-1] << np.uint64(WORD - 1)
    shifted[0] |= np.uint64(before << (WORD - 1))
    return without_end(shifted, count)


def without_end(words: NDArray[np.uint64], count: int) -> NDArray[np.uint64]:
    """Make what lies behind the last bit zero, in place.

    Parameters
    ----------
    words
        Words, shape (⌈count / 64⌉,).
    count
        Number of bits.

    Returns
    -------
    array
        The same words.
    """
    if count % WORD:
        words[-1] &= np.uint64(2**64 - 2 ** (WORD - count % WORD))
    return words
