"""Linear complexities of many blocks at once."""

from __future__ import annotations

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_22.lanes import (
    LANES,
    load,
    shifted_left,
    shifted_right,
    spread,
    store,
    where_negative,
)
from mtjlab.analysis.randomness.sp800_22.word_bits import first_bits, window

__all__ = ["linear_complexities"]

ROW = 2 * LANES
"""A row of the state: one word of C·S of every block, then one of B·S of every block."""

Words = NDArray[np.uint64]


@kernel
def linear_complexities(words: Words, block: int, count: int) -> NDArray[np.int64]:
    """Return the linear complexity of each of `count` blocks of `block` bits; `words` holds spare words after them.

    Notes
    -----
    Berlekamp and Massey (IEEE Trans. Inf. Theory 15, 122, 1969) without the connection polynomials C and B: only the
    products C·S and B·S are kept, shifted so that the discrepancy is their first bit: Euclid's algorithm on the
    remainders. A step is then one exclusive-or and one shift of what is left of the block, and no parity need be taken.
    """
    result = np.empty(count, np.int64)
    state = np.zeros(((block + 63) // 64 + 1) * ROW, np.uint64)
    excess = np.empty(LANES, np.uint64)
    for first in range(0, count, LANES):
        lanes = min(LANES, count - first)
        _load(words, block, first, lanes, state)
        _divide(state, block, excess)
        for lane in range(lanes):
            result[first + lane] = (np.int64(excess[lane]) + block) // 2
    return result


@part
def _load(words: Words, block: int, first: int, lanes: int, state: Words) -> None:
    """Lay the blocks in lanes; what comes before the first discrepancy is a one and then the block itself."""
    size = (block + 63) // 64
    state[:] = 0
    for lane in range(lanes):
        carry = uint64(1)
        for w in range(size):
            value = first_bits(window(words, uint64((first + lane) * block + 64 * w)), block - 64 * w)
            state[w * ROW + lane] = value
            state[w * ROW + LANES + lane] = (value >> uint64(1)) | (carry << uint64(63))
            carry = value & uint64(1)


@part
def _divide(state: Words, block: int, excess: Words) -> None:
    """Take `block` steps; `excess` becomes twice the length of the register less the steps, by lanes."""
    zero, one = spread(uint64(0)), spread(uint64(1))
    over = zero
    for step in range(block):
        before = load(state, 0)
        differs = where_negative(before)
        # The register grows where it is no longer than half the steps: to step + 1 - length.
        grows = differs & where_negative(over - one)
        over = ((over - one) ^ grows) - grows
        mixed = before ^ (load(state, LANES) & differs)
        for at in range(0, (block - step + 63) // 64 * ROW, ROW):
            other, next_before = load(state, at + LANES), load(state, at + ROW)
            following = next_before ^ (load(state, at + ROW + LANES) & differs)
            store(state, at + LANES, other ^ ((before ^ other) & grows))
            store(state, at, shifted_left(mixed) | shifted_right(following))
            before, mixed = next_before, following
    store(excess, 0, over)
