"""Linear complexities of many blocks at once."""

from __future__ import annotations

import numpy as np
from numba import njit, uint64
from numpy.typing import NDArray

__all__ = ["linear_complexities"]

LANES = 64
"""Blocks in lockstep."""


@njit(cache=True, nogil=True)
def linear_complexities(words: NDArray[np.uint64], block: int, count: int) -> NDArray[np.int64]:
    """Return the linear complexity of each of `count` blocks of `block` bits; `words` holds spare words after them.

    Notes
    -----
    Berlekamp and Massey without the connection polynomials C and B: only the products C·S and B·S are kept, shifted so
    that the discrepancy is their first bit (Massey 1969; this is Euclid's algorithm on the remainders). A step is then
    one exclusive-or and one shift of what is left of the block, and no parity need be taken.
    """
    size = (block + 63) // 64
    result = np.empty(count, np.int64)
    current = np.zeros((size + 1, LANES), np.uint64)
    earlier = np.zeros((size + 1, LANES), np.uint64)
    differs = np.empty(LANES, np.uint64)
    grows = np.empty(LANES, np.uint64)
    length = np.empty(LANES, np.int64)
    for first in range(0, count, LANES):
        lanes = min(LANES, count - first)
        _load(words, block, first, lanes, current, earlier)
        length[:] = 0
        for step in range(block):
            _decide(current, step, length, differs, grows)
            _advance(current, earlier, (block - step + 63) // 64, differs, grows)
        for lane in range(lanes):
            result[first + lane] = length[lane]
    return result


@njit(cache=True, nogil=True)
def _load(
    words: NDArray[np.uint64],
    block: int,
    first: int,
    lanes: int,
    current: NDArray[np.uint64],
    earlier: NDArray[np.uint64],
) -> None:
    """Lay the blocks in lanes; what comes before the first discrepancy is a one and then the block itself."""
    size = current.shape[0] - 1
    current[:] = 0
    for lane in range(lanes):
        at, shift = divmod((first + lane) * block, 64)
        for w in range(size):
            value = words[at + w] << uint64(shift)
            if shift:
                value |= words[at + w + 1] >> uint64(64 - shift)
            current[w, lane] = value
        if block % 64:
            current[size - 1, lane] &= ~uint64(0) << uint64(64 - block % 64)
    earlier[:] = 0
    for lane in range(LANES):
        carry = uint64(1)
        for w in range(size):
            earlier[w, lane] = (current[w, lane] >> uint64(1)) | (carry << uint64(63))
            carry = current[w, lane] & uint64(1)


@njit(cache=True, nogil=True)
def _decide(
    current: NDArray[np.uint64],
    step: int,
    length: NDArray[np.int64],
    differs: NDArray[np.uint64],
    grows: NDArray[np.uint64],
) -> None:
    for lane in range(LANES):
        bit = current[0, lane] >> uint64(63)
        grow = bit & uint64(2 * length[lane] <= step)
        differs[lane] = uint64(0) - bit
        grows[lane] = uint64(0) - grow
        length[lane] = step + 1 - length[lane] if grow else length[lane]


@njit(cache=True, nogil=True)
def _advance(
    current: NDArray[np.uint64],
    earlier: NDArray[np.uint64],
    size: int,
    differs: NDArray[np.uint64],
    grows: NDArray[np.uint64],
) -> None:
    for w in range(size):
        for lane in range(LANES):
            before, other = current[w, lane], earlier[w, lane]
            mixed = before ^ (other & differs[lane])
            following = current[w + 1, lane] ^ (earlier[w + 1, lane] & differs[lane])
            earlier[w, lane] = other ^ ((before ^ other) & grows[lane])
            current[w, lane] = (mixed << uint64(1)) | (following >> uint64(63))
