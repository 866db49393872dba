"""How many peaks of the spectrum of a long sequence lie below a threshold: a transform through a temporary file."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from typing import IO

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from mtjlab.analysis.randomness.sp800_22.long_sequence import LongSequence
from mtjlab.analysis.randomness.sp800_22.spectrum.in_float64 import count_below
from mtjlab.core import InputError

__all__ = ["peaks_below_on_disk", "why_not_on_disk"]

IN_MEMORY = 1 << 17
"""Complex numbers in one array, 16 bytes each."""

MOST_ROWS = 1 << 14


def why_not_on_disk(n: int) -> str:
    """Say why n bits cannot be transformed piece by piece, and what can; nothing if they can."""
    if n % 2 or _shape(n // 2) is None:
        return (
            f"{n:,} bits cannot be transformed piece by piece: half should have no prime factor above 11, at most "
            f"{IN_MEMORY * MOST_ROWS:,}; take {_nearest(n):,} bits"
        )
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if 8 * n > free:
        return (
            f"{n:,} bits need {8e-9 * n:.1f} GB in {tempfile.gettempdir()}, where {free / 1e9:.1f} are free; name a "
            "larger folder in the environment variable TMPDIR"
        )
    return ""


def peaks_below_on_disk(sequence: LongSequence, threshold: float) -> int:
    """Count the frequencies 0 to n/2 - 1 whose power is below `threshold`, in float64.

    Raises
    ------
    ValueError
        If `why_not_on_disk` says why it cannot.

    Notes
    -----
    The four steps of `peaks_below`: the columns of the matrix are transformed some at a time and written to the file.
    Then its rows are read, two at a time, whose frequencies are each other's negatives.
    """
    why = why_not_on_disk(sequence.length)
    if why:
        raise InputError(f"the DFT test: {why}")
    shape = _shape(sequence.length // 2)
    assert shape is not None  # or it would have been refused
    rows, columns = shape
    with tempfile.TemporaryFile() as file:
        for first, part in _transformed_columns(sequence, rows, columns):
            for row in range(rows):
                file.seek(16 * (row * columns + first))
                file.write(part[row].data)
        below = 0
        for row in range(rows // 2 + 1):
            other = (rows - row) % rows
            here = _transformed_row(file, row, columns)
            there = here if other == row else _transformed_row(file, other, columns)
            # Frequency k = row + rows · column; where its negative lies depends on the row.
            mirrored = np.roll(there[::-1], 1) if row == 0 else there[::-1]
            below += count_below(here, mirrored, row, rows, threshold, both=other != row)
    return below


def _shape(m: int) -> tuple[int, int] | None:
    """Split m = rows · columns with columns as many as memory should hold, without large primes."""
    if m < 1 or fft.next_fast_len(m) != m:
        return None
    candidates = np.arange(min(m, IN_MEMORY), 0, -1)
    columns = int(candidates[m % candidates == 0][0])
    return (m // columns, columns) if m // columns <= MOST_ROWS else None


def _nearest(n: int) -> int:
    """Return the longest length that is not above `n` and can be transformed."""
    m = min(n // 2, IN_MEMORY * MOST_ROWS)
    while m > 1:
        m = int(fft.prev_fast_len(m))
        if _shape(m) is not None:
            break
        m -= 1
    return 2 * m


def _transformed_columns(
    sequence: LongSequence, rows: int, columns: int
) -> Iterator[tuple[int, NDArray[np.complex128]]]:
    """Give some columns at a time, transformed and twiddled, with the number of the first."""
    width = max(1, min(columns, IN_MEMORY // rows))
    angle = -2j * np.pi / (rows * columns)
    within = np.empty((rows, width), np.complex128)
    for row in range(rows):
        within[row] = np.exp(angle * row * np.arange(width))
    for first in range(0, columns, width):
        part = np.empty((rows, min(width, columns - first)), np.complex128)
        count = 2 * part.shape[1]
        for row in range(rows):
            packed = sequence.read(2 * (row * columns + first), count)
            part[row] = (2.0 * np.unpackbits(packed, count=count) - 1).view(np.complex128)
        part = fft.fft(part, axis=0, overwrite_x=True)
        part *= within[:, : part.shape[1]]
        part *= np.exp(angle * (first * np.arange(rows) % (rows * columns)))[:, np.newaxis]
        yield first, part


def _transformed_row(file: IO[bytes], row: int, columns: int) -> NDArray[np.complex128]:
    file.seek(16 * row * columns)
    values = np.fromfile(file, np.complex128, columns)
    transformed: NDArray[np.complex128] = fft.fft(values, overwrite_x=True)
    return transformed
