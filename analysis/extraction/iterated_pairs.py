"""Nearly all the entropy of a toggled junction's bits: von Neumann's pairs, iterated, for each of its two states."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.extraction.extractor import Extractor
from mtjlab.core import Bits, jit

__all__ = ["PERES", "PERES_BLOCK", "peres", "peres_packed"]

PERES_BLOCK = 2**16
"""Raw bits that are taken together."""


def peres(bits: ArrayLike) -> NDArray[np.uint8]:
    """Return fair bits by Peres' iteration of von Neumann's pairs, of the bits of each state apart.

    Peres' function of a string x is P(x) = N(x) P(u) P(v), one string after the other: N(x) are the bits of von
    Neumann's pairs (01 gives 0, 10 gives 1), u says of each pair whether its bits differ, and v has the bit of each
    pair of equal ones. Raw bits are taken in blocks of 65,536. Of each block the bits that begin in one state go
    through it, and then those that begin in the other; of the state that the block does not end in, the last bit is
    left out.

    Parameters
    ----------
    bits
        Raw bits, a one-dimensional array of 0 and 1.

    Returns
    -------
    NDArray
        uint8, 0 and 1; of P near one half some 0.95 of the raw bits, where von Neumann's pairs leave 0.25.

    Raises
    ------
    ValueError
        If the array holds anything but 0 and 1.

    Notes
    -----
    Peres, Ann. Stat. 20, 590 (1992), of the strings that Elias takes of a chain, Ann. Math. Stat. 43, 865 (1972);
    algorithm A of Zhou and Bruck, IEEE Trans. Inf. Theory 58, 2490 (2012). Exactly fair and independent on the same
    condition as `von_neumann`. Let the bits of the state that the block ends in be put in any order, and those of the
    other but for its last, which is the change to the final state: there is a block that has these, it begins and ends
    in the same states, and it is as likely. Peres' function gives all strings of a length equally often over all orders
    of a string.
    """
    return peres_packed(Bits.of(bits)).unpacked()


def peres_packed(bits: Bits) -> Bits:
    """Return what `peres` returns of the same bits, packed; a block at a time is unpacked.

    Parameters
    ----------
    bits
        Raw bits.

    Returns
    -------
    Bits
        Fair bits.
    """
    return Bits.joined(
        _block(bits[first : first + PERES_BLOCK].unpacked()) for first in range(0, len(bits), PERES_BLOCK)
    )


def _block(raw: NDArray[np.uint8]) -> Bits:
    after = np.bitwise_xor.accumulate(raw)
    before = after ^ raw
    given, spare, count = np.empty(raw.size, np.uint8), np.empty(raw.size // 2 + 1, np.uint8), 0
    for state in (0, 1):
        string = raw[before == state]
        size = string.size - (string.size > 0 and int(after[-1]) != state)
        count = _iterated_pairs(string, size, spare, np.empty((2, 64), np.int64), given, count)
    return Bits(given[:count])


@jit(nogil=True)
def _iterated_pairs(
    string: NDArray[np.uint8],
    size: int,
    spare: NDArray[np.uint8],
    strings: NDArray[np.int64],
    given: NDArray[np.uint8],
    count: int,
) -> int:
    # Strings that wait for their turn lie one after the other; the last is the next, and its place takes v and then u.
    strings[0, 0], strings[1, 0], waiting = 0, size, 1
    while waiting:
        waiting -= 1
        begin, pairs = strings[0, waiting], strings[1, waiting] // 2
        equal = begin
        for i in range(pairs):
            first = string[begin + 2 * i]
            differs = first ^ string[begin + 2 * i + 1]
            spare[i] = differs
            given[count] = first
            count += differs
            string[equal] = first
            equal += 1 - differs
        if pairs > 1:
            for i in range(pairs):
                string[equal + i] = spare[i]
            strings[0, waiting], strings[1, waiting] = begin, equal - begin
            strings[0, waiting + 1], strings[1, waiting + 1] = equal, pairs
            waiting += 2
    return count


PERES = Extractor(
    name="Peres' extractor",
    claim="exactly fair if the probability of a raw bit depends on nothing but the state it begins in, which is the "
    "exclusive-or of the bits before",
    extract=peres,
    block=PERES_BLOCK,
    extract_packed=peres_packed,
)
"""What ``peres`` stands for."""
