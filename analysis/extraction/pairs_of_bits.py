"""Fair bits from independent, equally biased ones: von Neumann's pairs of 1951."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import Bits, jit

__all__ = ["von_neumann_pairs", "von_neumann_pairs_packed"]


def von_neumann_pairs(bits: ArrayLike) -> NDArray[np.uint8]:
    """Return one fair bit for each pair of unequal ones.

    Bits are taken in pairs that do not overlap: 01 gives 0, 10 gives 1, 00 and 11 give nothing, a last single bit is
    dropped.

    Parameters
    ----------
    bits
        Raw bits, a one-dimensional array of 0 and 1.

    Returns
    -------
    NDArray
        uint8, 0 and 1; of independent bits with P(1) = p about p (1 - p) as many as went in, a quarter at best.

    Raises
    ------
    ValueError
        If the array holds anything but 0 and 1.

    Notes
    -----
    von Neumann, Applied Mathematics Series 12, 36 (1951). Exactly fair if the raw bits are independent and equally
    biased. It does not mend correlation: a chain of bits with memory comes out biased or correlated still. Bits of a
    toggled junction are such a chain where the two switching probabilities differ: each pair that is kept holds one
    switch, so the state alternates from one kept pair to the next, and the bias with it. `von_neumann`, which keeps the
    two states apart, is exact for both kinds of bits and gives as many.
    """
    return von_neumann_pairs_packed(Bits.of(bits)).unpacked()


def von_neumann_pairs_packed(bits: Bits) -> Bits:
    """Return what `von_neumann_pairs` returns of the same bits, packed: nothing is unpacked on the way.

    Parameters
    ----------
    bits
        Raw bits.

    Returns
    -------
    Bits
        One for each pair of unequal ones.
    """
    whole = bits[: len(bits) // 2 * 2]  # a last single one would make a pair with the zero that fills its byte
    conditioned = np.empty(len(bits) // 16 + 2, np.uint8)  # at most one bit of two
    count = _first_of_unequal(whole.packed_bytes, *_kept_of_a_byte(), conditioned)
    return Bits.packed(conditioned[: (count + 7) // 8], count)


@cache
def _kept_of_a_byte() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the bits that each byte gives, the last in the least significant position, and how many they are."""
    pairs = np.arange(256, dtype=np.uint8)[:, np.newaxis] >> np.array([6, 4, 2, 0], np.uint8) & 3
    kept, number = np.zeros(256, np.uint8), np.zeros(256, np.uint8)
    for pair in pairs.T:
        unequal = (pair == 1) | (pair == 2)
        kept = np.where(unequal, kept << 1 | pair >> 1, kept)
        number += unequal
    return kept, number


@jit(nogil=True)
def _first_of_unequal(
    raw: NDArray[np.uint8], kept: NDArray[np.uint8], number: NDArray[np.uint8], conditioned: NDArray[np.uint8]
) -> int:
    # Without a branch: every byte writes what is held, whole or not, and moves on when it is whole. Half the pairs are
    # unequal, in no order a processor could predict.
    held = np.uint64(0)
    filled = byte = np.int64(0)
    for i in range(raw.size):
        held = (held << np.uint64(number[raw[i]])) | np.uint64(kept[raw[i]])
        filled += np.int64(number[raw[i]])
        conditioned[byte] = np.uint8((held << np.uint64(8)) >> np.uint64(filled))
        byte += filled >> 3
        filled &= 7
    conditioned[byte] = np.uint8((held << np.uint64(8)) >> np.uint64(filled))
    return int(8 * byte + filled)
