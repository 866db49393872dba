"""Fair bits from the bits of a toggled junction: von Neumann's extractor for each of its two states."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.extraction.extractor import Extractor
from mtjlab.core import Bits, jit

__all__ = ["VON_NEUMANN", "StatePairs", "von_neumann", "von_neumann_packed"]


def von_neumann(bits: ArrayLike) -> NDArray[np.uint8]:
    """Return fair bits made of pairs of unequal bits that began in the same state.

    The state before a bit is the exclusive-or of all bits before it. The bits that begin in one state are taken in
    pairs that do not overlap: 01 gives 0, 10 gives 1, 00 and 11 give nothing. What a pair gives is given out when the
    junction is in that state again. An incomplete pair at the end is dropped.

    Parameters
    ----------
    bits
        Raw bits, a one-dimensional array of 0 and 1.

    Returns
    -------
    NDArray
        uint8, 0 and 1; a quarter of the raw bits at best, in each state p (1 - p) of those that begin in it.

    Raises
    ------
    ValueError
        If the array holds anything but 0 and 1.

    Notes
    -----
    Exactly fair and independent where a bit's probability depends on the state it begins in and on nothing else: for a
    toggled junction whose P(switch) differs between the states, and so for independent, equally biased bits too.

    Pairs of one state: Samuelson, J. Am. Stat. Assoc. 63, 1526 (1968). Both states, and the wait for the return: Blum,
    Combinatorica 6, 97 (1986), algorithm B in Zhou and Bruck, IEEE Trans. Inf. Theory 58, 2490 (2012). For two states
    the proof is short. Let A be the state of a pair that gave a bit: 0 (the junction stayed) and 1 (it left, and came
    back later) or the reverse. The pair is two loops from A to A, one after the other, and the bit is given out at the
    end of both. Exchange the loops: the raw bits are as likely as before, since the same switches from the same states
    are in them; the given bit is the other one; and nothing else differs, since one of the two loops does not visit the
    other state, whose bits so keep their order and are given out before this one as before. So all strings of M given
    bits are equally likely, for every number M that a recording of any length leaves.

    The wait is needed. Given out at the end of the pair, a 0 (the junction has just left A) would come before what the
    other state gives in its loop, a 1 after it: the order would tell the bits, and the first would be 0 too often.

    Examples
    --------
    >>> von_neumann([1, 0, 1, 1, 1]).tolist()  # 1, 1 and 1 begin in the first state, 0 and 1 in the other
    [0]
    """
    return von_neumann_packed(Bits.of(bits)).unpacked()


def von_neumann_packed(bits: Bits) -> Bits:
    """Return what `von_neumann` returns of the same bits, packed: nothing is unpacked on the way.

    Parameters
    ----------
    bits
        Raw bits.

    Returns
    -------
    Bits
        One for each pair of unequal ones that began in the same state.
    """
    return StatePairs()(bits)


class StatePairs:
    """`von_neumann` of bits that come in parts: whatever their lengths, they give what all at once give.

    Examples
    --------
    >>> pairs = StatePairs()
    >>> [pairs(part) for part in (Bits([1, 0, 1]), Bits([1, 1]))]
    [<0 bits>, <1 bit: 0>]
    """

    def __init__(self) -> None:
        self._place = 0

    def __call__(self, bits: Bits) -> Bits:
        """Take the next raw bits.

        Parameters
        ----------
        bits
            Raw bits that follow those taken before.

        Returns
        -------
        Bits
            What they give, with what is left of those before.
        """
        of_a_byte, of_a_bit = _steps()
        conditioned = np.empty(len(bits) // 16 + 3, np.uint8)  # one of two, and one of what is left of the bits before
        count, self._place = _pairs_of_a_state(
            bits.packed_bytes, len(bits), self._place, *of_a_byte, *of_a_bit, conditioned
        )
        return Bits.packed(conditioned[: (count + 7) // 8], count)


EMPTY, ZERO, ONE, WAITS = 0, 1, 2, 2
"""What is held of the state that the junction is in: nothing or the first bit of a pair, ZERO or ONE; and of the other
state: nothing, ONE, or WAITS: a pair 01, to be given out on return. The bit that left that state was a 1."""


def _step(here: int, other: int, bit: int) -> tuple[int, int, int | None]:
    """Return what is held of the state that the junction is in then and of the other, and the bit that is given out."""
    if not bit:
        return (ZERO, other, None) if here == EMPTY else (EMPTY, other, 1 if here == ONE else None)
    left = {EMPTY: 1, ZERO: WAITS, ONE: EMPTY}[here]  # of the state that is the other one now
    if other == WAITS:
        return EMPTY, left, 0
    return (ONE if other else EMPTY), left, None


PLACES = 16
"""Room for the nine places, what is held of both states, in a row of a table."""


class _Steps(NamedTuple):
    """What bytes, or bits, do at each place; rows of `PLACES`, one for each byte or bit."""

    following: NDArray[np.uint8]
    """The next place."""
    given: NDArray[np.uint16]
    """How many bits are given out, above the bits themselves in the lower byte."""


@cache
def _steps() -> tuple[_Steps, _Steps]:
    """Return the steps of bytes and of bits."""
    of_a_bit = np.zeros((2, PLACES, 3), np.uint16)
    for start, bit in product(range(9), (0, 1)):
        here, other, out = _step(start // 3, start % 3, bit)
        of_a_bit[bit, start] = 3 * here + other, out is not None, out or 0
    place = np.tile(np.arange(PLACES, dtype=np.uint16), (256, 1))
    number, given = np.zeros_like(place), np.zeros_like(place)
    for shift in range(7, -1, -1):
        bits = np.arange(256)[:, np.newaxis] >> shift & 1
        place, more, value = np.moveaxis(of_a_bit[bits, place], -1, 0)
        given = given << more | value
        number += more
    return _coded(place, number, given), _coded(*np.moveaxis(of_a_bit, -1, 0))


def _coded(place: NDArray[np.uint16], number: NDArray[np.uint16], given: NDArray[np.uint16]) -> _Steps:
    return _Steps(place.astype(np.uint8).ravel(), (number << 8 | given).astype(np.uint16).ravel())


@jit(nogil=True)
def _pairs_of_a_state(
    raw: NDArray[np.uint8],
    size: int,
    place: int,
    byte_following: NDArray[np.uint8],
    byte_given: NDArray[np.uint16],
    bit_following: NDArray[np.uint8],
    bit_given: NDArray[np.uint16],
    conditioned: NDArray[np.uint8],
) -> tuple[int, int]:
    # As of plain pairs: every byte writes what is held, whole or not, without a branch. A byte gives five bits at most.
    # The next place has a table of its own: one load is all that a byte waits for from the one before.
    held = np.uint64(0)
    filled = byte = np.int64(0)
    at = np.uint64(place)
    for i in range((size >> 3) + (size & 7)):
        if i < size >> 3:
            index = (np.uint64(raw[i]) << np.uint64(4)) + at
            at = np.uint64(byte_following[index])
            step = np.uint64(byte_given[index])
        else:
            bit = (raw[size >> 3] >> (7 - (i - (size >> 3)))) & 1
            index = (np.uint64(bit) << np.uint64(4)) + at
            at = np.uint64(bit_following[index])
            step = np.uint64(bit_given[index])
        held = (held << (step >> np.uint64(8))) | (step & np.uint64(0xFF))
        filled += np.int64(step >> np.uint64(8))
        conditioned[byte] = np.uint8((held << np.uint64(8)) >> np.uint64(filled))
        byte += filled >> 3
        filled &= 7
    conditioned[byte] = np.uint8((held << np.uint64(8)) >> np.uint64(filled))
    return int(8 * byte + filled), int(at)


VON_NEUMANN = Extractor(
    name="von Neumann's extractor",
    claim="exactly fair if the probability of a raw bit depends on nothing but the state it begins in, which is the "
    "exclusive-or of the bits before",
    extract=von_neumann,
    begin=StatePairs,
)
"""What ``von-neumann`` stands for."""
