"""Powers of a real sequence's spectrum, from the transform of its pairs as complex numbers, in float64."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["count_below"]

CHUNK = 1 << 14
"""Frequencies at a time."""


def count_below(
    here: NDArray[np.complex128],
    mirrored: NDArray[np.complex128],
    row: int,
    rows: int,
    threshold: float,
    *,
    both: bool,
) -> int:
    """Count the powers |E ± wO|² below `threshold` at the frequencies row + rows · column.

    Parameters
    ----------
    here
        Transform of the pairs at these frequencies.
    mirrored
        Transform at their negatives.
    row, rows
        Which of how many rows of the transform these are.
    threshold
        The threshold.
    both
        Whether the powers at the negatives are counted as well.
    """
    columns, below = here.size, 0
    for first in range(0, columns, CHUNK):
        part = slice(first, min(columns, first + CHUNK))
        even = (here[part] + mirrored[part].conj()) / 2
        odd = (here[part] - mirrored[part].conj()) / 2j
        odd *= np.exp(-1j * np.pi / (rows * columns) * (row + rows * np.arange(part.start, part.stop)))
        for value in (even + odd, even - odd)[: 1 + both]:
            below += int(np.count_nonzero(value.real**2 + value.imag**2 < threshold))
    return below
