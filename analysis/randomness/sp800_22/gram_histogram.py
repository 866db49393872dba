"""One histogram of all 16-grams, from which those of shorter patterns are folded."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["count_grams", "GRAM"]

GRAM = 16
"""Bits of a pattern."""


@njit(cache=True, nogil=True)
def count_grams(packed: NDArray[np.uint8], n: int) -> NDArray[np.uint32]:
    """Count the 16-grams that begin at bit 0 to n - 1; `packed` must hold 16 bits more and two spare bytes."""
    counts = np.zeros(65536, np.uint32)
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
    return counts
