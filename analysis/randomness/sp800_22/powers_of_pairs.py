"""Powers of a real sequence's spectrum below a threshold, from the transform of its pairs as complex numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_22.power_counts import count_powers, note_doubt

__all__ = ["powers_of_pairs"]


@kernel
def powers_of_pairs(
    half: NDArray[np.complex64],
    turn: NDArray[np.complex64],
    turn_columns: NDArray[np.complex64],
    limits: NDArray[np.float32],
    step: int,
    found: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    """Count the powers as `count_powers` does, and note those in doubt by their frequencies times `step`."""
    rows, columns = half.shape
    powers, mirrored = np.empty(2 * columns, np.float32), np.empty(columns, np.complex64)
    for row in range(rows // 2 + 1):
        other = (rows - row) % rows
        if row == 0:  # frequency k = rows · column, whose negative lies in the same row
            mirrored[0] = half[0, 0]
            for column in range(1, columns):
                mirrored[column] = half[0, columns - column]
        else:
            for column in range(columns):
                mirrored[column] = half[other, columns - 1 - column]
        _powers(half[row], mirrored, turn[row], turn_columns, powers)
        power = powers[: columns if other == row else 2 * columns]
        if count_powers(power, limits, found):
            for i in range(power.size):
                if limits[0] <= power[i] < limits[1]:
                    k = row + rows * (i % columns)
                    note_doubt(step * (k if i < columns else rows * columns - k), found, doubtful)


@part
def _powers(
    here: NDArray[np.complex64],
    mirrored: NDArray[np.complex64],
    turn: np.complex64,
    turn_columns: NDArray[np.complex64],
    power: NDArray[np.float32],
) -> None:
    """Compute the powers |E ± wO|² at the frequencies k of one row, then at n/2 - k, from the transform at k and -k."""
    columns = here.size
    half = np.float32(0.5)
    for column in range(columns):
        re, im, re_there, im_there = here[column].real, here[column].imag, mirrored[column].real, mirrored[column].imag
        even_re, even_im = half * (re + re_there), half * (im - im_there)
        odd_re, odd_im = half * (im + im_there), half * (re_there - re)
        w_re = turn.real * turn_columns[column].real - turn.imag * turn_columns[column].imag
        w_im = turn.real * turn_columns[column].imag + turn.imag * turn_columns[column].real
        turned_re, turned_im = w_re * odd_re - w_im * odd_im, w_re * odd_im + w_im * odd_re
        plus_re, plus_im = even_re + turned_re, even_im + turned_im
        minus_re, minus_im = even_re - turned_re, even_im - turned_im
        power[column] = plus_re * plus_re + plus_im * plus_im
        power[column + columns] = minus_re * minus_re + minus_im * minus_im
