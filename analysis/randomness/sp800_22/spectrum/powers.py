"""Powers of a spectrum: counted by a threshold that float32 cannot always tell them from, of pairs, and one exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part

__all__ = ["DOUBTS", "SURE", "TOWERS", "count_powers", "note_doubt", "peak_power", "powers_of_pairs"]

SURE, TOWERS, DOUBTS = 0, 1, 2
"""Places of the counts: surely below the threshold, so high that they spoil others, too near the threshold to tell."""


@part
def count_powers(power: NDArray[np.float32], limits: NDArray[np.float32], found: NDArray[np.int64]) -> bool:
    """Count powers; tell whether some are in doubt. `limits` are the ends of the doubtful band, and of what towers."""
    low, high, towering = limits[0], limits[1], limits[2]
    below, perhaps, towers = 0, 0, 0
    for i in range(power.size):
        below += power[i] < low
        perhaps += power[i] < high
        towers += power[i] > towering
    found[SURE] += below
    found[TOWERS] += towers
    return perhaps > below


@part
def note_doubt(frequency: int, found: NDArray[np.int64], doubtful: NDArray[np.int64]) -> None:
    """Note a frequency whose power is in doubt, as long as there is room."""
    if found[DOUBTS] < doubtful.size:
        doubtful[found[DOUBTS]] = frequency
    found[DOUBTS] += 1


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


def peak_power(packed: NDArray[np.uint8], k: int) -> float:
    """Compute the power at frequency `k` of bits, eight a byte, taken as steps of -1 and 1.

    Notes
    -----
    A table has what each byte adds; the bytes are laid in rows, so that few sines are needed.
    """
    n = 8 * packed.size
    columns = 1 << max(3, packed.size.bit_length() // 2)
    steps = 2.0 * np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1) - 1
    table = steps @ _turns(k, np.arange(8), n)
    sums = _fold(packed, table, _turns(k, 8 * columns * np.arange(-(-packed.size // columns)), n), columns)
    return float(abs((sums * _turns(k, 8 * np.arange(columns), n)).sum()) ** 2)


def _turns(k: int, places: NDArray[np.int64], n: int) -> NDArray[np.complex128]:
    # The remainder is taken in whole numbers: the sine of a large angle has lost its digits.
    turns: NDArray[np.complex128] = np.exp(-2j * np.pi / n * (k * places % n))
    return turns


@kernel
def _fold(
    packed: NDArray[np.uint8], table: NDArray[np.complex128], turns: NDArray[np.complex128], columns: int
) -> NDArray[np.complex128]:
    sums = np.zeros(columns, np.complex128)
    for row in range(turns.size):
        begin = row * columns
        for column in range(min(columns, packed.size - begin)):
            sums[column] += table[packed[begin + column]] * turns[row]
    return sums
