"""How often each byte occurs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["byte_counts"]

CHUNK = 2**20
"""Bytes counted at a time: numpy widens each to eight bytes first."""


def byte_counts(array: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return how often each of the 256 bytes occurs in a one-dimensional array.

    Parameters
    ----------
    array
        Bytes, shape (N,).

    Examples
    --------
    >>> byte_counts(np.array([0, 1, 1], np.uint8))[:3]
    array([1, 2, 0])
    """
    counts = np.zeros(256, np.int64)
    for start in range(0, array.size, CHUNK):
        counts += np.bincount(array[start : start + CHUNK], minlength=256)
    return counts
