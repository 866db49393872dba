"""One histogram of all 16-grams, from which those of shorter patterns are folded."""

from __future__ import annotations

import numpy as np
from numba import uint32
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel

__all__ = ["GramCounts", "GRAM"]

GRAM = 16
"""Bits of a pattern."""


class GramCounts:
    """How often each pattern occurs."""

    def __init__(self) -> None:
        # Pattern p of m bits is at 2^m + p: so the counts of the two that it begins are at twice its place.
        self._counts: NDArray[np.uint32] = np.zeros(2 << GRAM, np.uint32)

    def add(self, packed: NDArray[np.uint8], n: int) -> None:
        """Count the patterns that begin at bit 0 to n - 1; `packed` must hold 16 bits more and two spare bytes."""
        _count_grams(packed, n, self.of(GRAM))

    def fold(self) -> GramCounts:
        """Count the shorter patterns, once all of 16 bits are."""
        _fold(self._counts)
        return self

    def of(self, m: int) -> NDArray[np.uint32]:
        """Return the counts of the patterns of `m` bits, 0 to 16; shape (2^m,)."""
        return self._counts[1 << m : 2 << m]


@kernel
def _fold(counts: NDArray[np.uint32]) -> None:
    for i in range(counts.size // 2 - 1, 0, -1):
        counts[i] = counts[2 * i] + counts[2 * i + 1]


@kernel
def _count_grams(packed: NDArray[np.uint8], n: int, counts: NDArray[np.uint32]) -> None:
    whole = n >> 3
    window = (uint32(packed[0]) << uint32(8)) | uint32(packed[1])
    for i in range(whole):
        window = uint32((window << uint32(8)) | uint32(packed[i + 2]))
        counts[(window >> uint32(8)) & uint32(0xFFFF)] += uint32(1)
        counts[(window >> uint32(7)) & uint32(0xFFFF)] += uint32(1)
        counts[(window >> uint32(6)) & uint32(0xFFFF)] += uint32(1)
        counts[(window >> uint32(5)) & uint32(0xFFFF)] += uint32(1)
        counts[(window >> uint32(4)) & uint32(0xFFFF)] += uint32(1)
        counts[(window >> uint32(3)) & uint32(0xFFFF)] += uint32(1)
        counts[(window >> uint32(2)) & uint32(0xFFFF)] += uint32(1)
        counts[(window >> uint32(1)) & uint32(0xFFFF)] += uint32(1)
    if n & 7:
        window = uint32((window << uint32(8)) | uint32(packed[whole + 2]))
        for i in range(n & 7):
            counts[(window >> uint32(8 - i)) & uint32(0xFFFF)] += uint32(1)
