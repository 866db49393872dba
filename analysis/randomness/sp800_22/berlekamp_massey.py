"""Linear complexities of many blocks at once."""

from __future__ import annotations

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

__all__ = ["linear_complexities"]

LANES = 128
"""Blocks in lockstep: enough that a row is worth its loop, few enough that all stay in the first cache."""

ROW = 2 * LANES
"""A row of the state: one word of C·S of every block, then one of B·S of every block."""


@njit(cache=True, nogil=True)
def linear_complexities(words: NDArray[np.uint64], block: int, count: int) -> NDArray[np.int64]:
    """Return the linear complexity of each of `count` blocks of `block` bits; `words` holds spare words after them.

    Notes
    -----
    Berlekamp and Massey (IEEE Trans. Inf. Theory 15, 122, 1969) without the connection polynomials C and B: only the
    products C·S and B·S are kept, shifted so that the discrepancy is their first bit: Euclid's algorithm on the
    remainders. A step is then one exclusive-or and one shift of what is left of the block, and no parity need be taken.
    """
    size = (block + 63) // 64
    result = np.empty(count, np.int64)
    state = np.zeros((size + 1) * ROW, np.uint64)
    masks = np.empty(ROW, np.uint64)  # where the discrepancy is one, then where the register grows
    length = np.empty(LANES, np.int64)
    for first in range(0, count, LANES):
        lanes = min(LANES, count - first)
        _load(words, block, first, lanes, state)
        length[:] = 0
        for step in range(block):
            _decide(state, step, length, masks)
            for w in range((block - step + 63) // 64):
                _advance(state[w * ROW : (w + 2) * ROW], masks)
        for lane in range(lanes):
            result[first + lane] = length[lane]
    return result


@njit(cache=True, nogil=True)
def _load(words: NDArray[np.uint64], block: int, first: int, lanes: int, state: NDArray[np.uint64]) -> None:
    """Lay the blocks in lanes; what comes before the first discrepancy is a one and then the block itself."""
    size = (block + 63) // 64
    state[:] = 0
    for lane in range(lanes):
        at, shift = divmod((first + lane) * block, 64)
        carry = uint64(1)
        for w in range(size):
            value = words[at + w] << uint64(shift)
            if shift:
                value |= words[at + w + 1] >> uint64(64 - shift)
            if w == size - 1 and block % 64:
                value &= ~uint64(0) << uint64(64 - block % 64)
            state[w * ROW + lane] = value
            state[w * ROW + LANES + lane] = (value >> uint64(1)) | (carry << uint64(63))
            carry = value & uint64(1)


@njit(cache=True, nogil=True)
def _decide(state: NDArray[np.uint64], step: int, length: NDArray[np.int64], masks: NDArray[np.uint64]) -> None:
    for lane in range(LANES):
        differs = uint64(0) - (state[lane] >> uint64(63))
        grows = differs if 2 * length[lane] <= step else uint64(0)
        masks[lane] = differs
        masks[lane + LANES] = grows
        length[lane] = step + 1 - length[lane] if grows else length[lane]


@njit(cache=True, nogil=True)
def _advance(rows: NDArray[np.uint64], masks: NDArray[np.uint64]) -> None:
    """Do one step on one word of every block; `rows` is its row and the next."""
    # Flat indices with constant distances: so the compiler sees that lanes are independent, and takes vectors.
    for lane in range(LANES):
        before, other = rows[lane], rows[lane + LANES]
        mixed = before ^ (other & masks[lane])
        following = rows[lane + ROW] ^ (rows[lane + ROW + LANES] & masks[lane])
        rows[lane + LANES] = other ^ ((before ^ other) & masks[lane + LANES])
        rows[lane] = (mixed << uint64(1)) | (following >> uint64(63))
