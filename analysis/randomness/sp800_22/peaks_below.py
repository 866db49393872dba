"""How many peaks of a spectrum lie below a threshold: by a float32 transform, surely."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import fft

from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence

__all__ = ["peaks_below"]

DOUBT = 4e-6
"""Relative band about the threshold in which float32 is not trusted: 16 standard deviations of its error."""

MOST_DOUBTFUL = 100


def peaks_below(sequence: PackedSequence, threshold: float) -> int | None:
    """Count the frequencies 0 to n/2 - 1 whose power is below `threshold`; None where n has no fitting factors.

    Notes
    -----
    The n real steps are taken as n/2 complex ones. Their transform goes in four steps (Bailey, FFTs in external or
    hierarchical memory): as a matrix, along one axis, twiddled, along the other; so the library transforms many rows at
    once. Powers so near the threshold that float32 may err are computed again in float64.
    """
    n = sequence.length
    factors = _factors(n // 2)
    if n % 8 or factors is None:
        return None
    rows, columns = factors
    steps = np.take(_steps(), sequence.packed, axis=0).view(np.complex64).reshape(rows, columns)
    half = fft.fft(steps, axis=0, overwrite_x=True)
    half *= _twiddles(rows, columns)
    half = fft.fft(half, axis=1, overwrite_x=True)
    turn, turn_columns = _turns(rows, columns)
    sure, doubtful = _count(
        half, turn, turn_columns, np.float32(threshold * (1 - DOUBT)), np.float32(threshold * (1 + DOUBT))
    )
    if len(doubtful) > MOST_DOUBTFUL:
        return None
    if not doubtful:
        return sure
    bits = sequence.bits
    return sure + sum(_power(bits, n, int(k)) < threshold for k in doubtful)


@lru_cache
def _factors(m: int) -> tuple[int, int] | None:
    """Split m = rows · columns, nearly square, without large primes."""
    for rows in range(math.isqrt(m), max(1, math.isqrt(m) // 8), -1):
        columns, rest = divmod(m, rows)
        if rest == 0 and fft.next_fast_len(rows) == rows and fft.next_fast_len(columns) == columns:
            return rows, columns
    return None


@lru_cache
def _steps() -> NDArray[np.float32]:
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    return (2 * bits.astype(np.float32) - 1).astype(np.float32)


@lru_cache(maxsize=1)
def _twiddles(rows: int, columns: int) -> NDArray[np.complex64]:
    turns = np.empty((rows, columns), np.complex64)
    step = -2j * np.pi / (rows * columns) * np.arange(columns)
    for row in range(rows):  # one by one: the whole table in float64 would be the largest thing in memory
        turns[row] = np.exp(row * step)
    return turns


@lru_cache(maxsize=1)
def _turns(rows: int, columns: int) -> tuple[NDArray[np.complex64], NDArray[np.complex64]]:
    """exp(-2 πi k / n) for k = row + rows · column, as two factors."""
    angle = -np.pi / (rows * columns)
    return (
        np.exp(1j * angle * np.arange(rows)).astype(np.complex64),
        np.exp(1j * angle * rows * np.arange(columns)).astype(np.complex64),
    )


@njit(cache=True, nogil=True)
def _count(
    half: NDArray[np.complex64],
    turn: NDArray[np.complex64],
    turn_columns: NDArray[np.complex64],
    low: np.float32,
    high: np.float32,
) -> tuple[int, list[np.int64]]:
    """Count the powers below `low`, and list the frequencies of those from `low` to `high`."""
    rows, columns = half.shape
    power, mirrored = np.empty(2 * columns, np.float32), np.empty(columns, np.complex64)
    sure = 0
    doubtful = [np.int64(0) for _ in range(0)]
    for row in range(rows // 2 + 1):
        other = (rows - row) % rows
        for column in range(columns):
            mirrored[column] = half[other, columns - 1 - column]
        if row == 0:  # frequency k = rows · column, whose negative lies in the same row
            mirrored[1:] = mirrored[:-1].copy()
            mirrored[0] = half[0, 0]
        _powers(half[row], mirrored, turn[row], turn_columns, power)
        counted = columns if other == row else 2 * columns
        below, perhaps = 0, 0
        for i in range(counted):
            below += power[i] < low
            perhaps += power[i] < high
        sure += below
        if perhaps > below:
            for i in range(counted):
                if low <= power[i] < high:
                    k = row + rows * (i % columns)
                    doubtful.append(k if i < columns else rows * columns - k)
    return sure, doubtful


@njit(cache=True, nogil=True)
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


def _power(bits: NDArray[np.uint8], n: int, k: int) -> float:
    """Compute one power in float64, the sequence laid in rows so that few sines are needed."""
    columns = 1 << max(3, (n.bit_length() // 2))
    rows = -(-n // columns)
    turns = np.exp(-2j * np.pi / n * ((k * columns % n) * np.arange(rows) % n))
    re, im = _fold(bits, np.ascontiguousarray(turns.real), np.ascontiguousarray(turns.imag), columns)
    inner = np.exp(-2j * np.pi / n * (k * np.arange(columns) % n))
    value = complex(((re + 1j * im) * inner).sum())
    return abs(value) ** 2


@njit(cache=True, nogil=True)
def _fold(
    bits: NDArray[np.uint8], re: NDArray[np.float64], im: NDArray[np.float64], columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    sum_re, sum_im = np.zeros(columns), np.zeros(columns)
    for row in range(re.size):
        begin = row * columns
        for column in range(min(columns, bits.size - begin)):
            step = 2.0 * np.float64(bits[begin + column]) - 1.0
            sum_re[column] += step * re[row]
            sum_im[column] += step * im[row]
    return sum_re, sum_im
