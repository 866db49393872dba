"""One histogram of all 16-grams, from which those of shorter patterns are folded."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["GramCounts", "count_grams", "GRAM"]

GRAM = 16
"""Bits of a pattern."""


class GramCounts:
    """How often each pattern occurs."""

    def __init__(self) -> None:
        self.longest: NDArray[np.uint32] = np.zeros(1 << GRAM, np.uint32)
        """Counts of the patterns of 16 bits, to be filled by `count_grams`."""
        self._folded: dict[int, NDArray[np.int64]] = {}

    def of(self, m: int) -> NDArray[np.int64]:
        """Return the counts of the patterns of `m` bits, 0 to 16, once all are counted; shape (2^m,)."""
        if m not in self._folded:
            longer = self.longest.astype(np.int64) if m == GRAM else self.of(m + 1)
            self._folded[m] = longer if m == GRAM else longer[::2] + longer[1::2]
        return self._folded[m]


@njit(cache=True, nogil=True)
def count_grams(packed: NDArray[np.uint8], n: int, counts: NDArray[np.uint32]) -> None:
    """Count the 16-grams that begin at bit 0 to n - 1; `packed` must hold 16 bits more and two spare bytes."""
    whole = n >> 3
    window = (np.uint32(packed[0]) << np.uint32(8)) | np.uint32(packed[1])
    for i in range(whole):
        window = np.uint32((window << np.uint32(8)) | np.uint32(packed[i + 2]))
        counts[(window >> np.uint32(8)) & np.uint32(0xFFFF)] += np.uint32(1)
        counts[(window >> np.uint32(7)) & np.uint32(0xFFFF)] += np.uint32(1)
        counts[(window >> np.uint32(6)) & np.uint32(0xFFFF)] += np.uint32(1)
        counts[(window >> np.uint32(5)) & np.uint32(0xFFFF)] += np.uint32(1)
        counts[(window >> np.uint32(4)) & np.uint32(0xFFFF)] += np.uint32(1)
        counts[(window >> np.uint32(3)) & np.uint32(0xFFFF)] += np.uint32(1)
        counts[(window >> np.uint32(2)) & np.uint32(0xFFFF)] += np.uint32(1)
        counts[(window >> np.uint32(1)) & np.uint32(0xFFFF)] += np.uint32(1)
    if n & 7:
        window = np.uint32((window << np.uint32(8)) | np.uint32(packed[whole + 2]))
        for i in range(n & 7):
            counts[(window >> np.uint32(8 - i)) & np.uint32(0xFFFF)] += np.uint32(1)
