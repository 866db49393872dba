"""How many peaks of a spectrum lie below a threshold: by a float64 transform, whatever the length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence

__all__ = ["count_below", "peaks_below_in_float64"]

CHUNK = 1 << 14
"""Frequencies at a time."""


def peaks_below_in_float64(sequence: PackedSequence, threshold: float) -> int:
    """Count the frequencies 0 to n/2 - 1 whose power is below `threshold`.

    A sequence of even length is transformed as half as many complex numbers, which takes less memory.
    """
    steps = sequence.bits.astype(np.float64)
    steps *= 2
    steps -= 1
    if sequence.length % 2:
        spectrum = fft.rfft(steps)[: sequence.length // 2]
        return int(np.count_nonzero(spectrum.real**2 + spectrum.imag**2 < threshold))
    half = fft.fft(steps.view(np.complex128), overwrite_x=True)
    return count_below(half, np.roll(half[::-1], 1), 0, 1, threshold, both=False)


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
