"""Allan deviation of P(1): how far the mean of so many bits is from that of as many that follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.bitstream.packed_pieces import words_of
from mtjlab.analysis.bitstream.windows import Windows
from mtjlab.core import Bits, InputError

__all__ = ["AllanDeviation", "AllanTally", "allan_deviation"]

WORD = 64
"""Bits of the shortest window of a tally."""

LEAST_WINDOWS = 4
"""Windows of which a deviation is taken: fewer tell nothing."""


@dataclass(frozen=True, eq=False)
class AllanDeviation:
    """Allan deviation of P(1) for windows of 1, 2, 4, … of the windows given."""

    bits: NDArray[np.float64]
    """Bits of a window n, shape (K,)."""

    deviation: NDArray[np.float64]
    """Allan deviation of P(1)."""

    low: NDArray[np.float64]
    """Lower end of its 95 % interval, for white noise."""

    high: NDArray[np.float64]
    """Upper end, likewise."""

    white: NDArray[np.float64]
    """What independent bits give: √(p (1 - p) / n)."""

    p_values: NDArray[np.float64]
    """Probability that independent bits give a deviation at least so large; small where P drifts or flickers."""


def allan_deviation(windows: Windows) -> AllanDeviation:
    """Give the Allan deviation of P(1) over window lengths.

    Parameters
    ----------
    windows
        At least four windows of one size.

    Returns
    -------
    AllanDeviation
        One row an octave, as long as four windows are left.

    Raises
    ------
    InputError
        If there are too few windows, they differ in size, or all bits are equal.

    Notes
    -----
    σ² = ⟨(P_(k+1) - P_k)²⟩ / 2 over neighbouring windows that do not overlap; Allan, Proc. IEEE 54, 221 (1966). For
    white noise it has 2 K² / (3 K - 1) degrees of freedom, with K the number of differences: two that share a window
    are correlated by -1/2. From that follow interval and p-value.
    """
    if len(windows) < LEAST_WINDOWS:
        raise InputError(
            f"{len(windows)} windows: the Allan deviation needs {LEAST_WINDOWS} or more, make them smaller"
        )
    if np.any(windows.counts != windows.counts[0]):
        raise InputError("windows differ in size: the Allan deviation needs windows of one number of bits")
    if not windows.variance:
        raise InputError("all bits are equal: there is no deviation to compare")
    octaves = _Octaves()
    octaves.add(windows.ones)
    return octaves.result(int(windows.counts[0]), windows.variance)


class AllanTally:
    """Allan deviation of windows of 64, 128, … bits in a stream that comes in pieces of a multiple of 64 bits."""

    def __init__(self) -> None:
        self._octaves = _Octaves()
        self._bits = self._ones = 0

    def add(self, bits: Bits) -> None:
        """Take the bits that come next; those that fill no word, at the end, are left out of the windows.

        Parameters
        ----------
        bits
            Bits, in order.
        """
        self._bits += len(bits)
        self._ones += bits.ones()
        whole = bits[: len(bits) // WORD * WORD]
        self._octaves.add(np.bitwise_count(words_of(whole)).astype(np.int64))

    def result(self, variance_factor: float = 1.0) -> AllanDeviation:
        """Give the Allan deviation of all bits so far.

        Parameters
        ----------
        variance_factor
            As for `Windows`.

        Raises
        ------
        InputError
            If there are too few bits, or all are equal.
        """
        if self._octaves.windows < LEAST_WINDOWS:
            raise InputError(f"{self._bits:,} bits: the Allan deviation needs at least {LEAST_WINDOWS * WORD}")
        share = self._ones / self._bits
        if share in (0.0, 1.0):
            raise InputError("all bits are equal: there is no deviation to compare")
        return self._octaves.result(WORD, share * (1 - share) * variance_factor)


class _Octaves:
    """Sums of squared differences of neighbouring windows, octave by octave: whole numbers, however they are cut."""

    def __init__(self) -> None:
        self._squares: list[int] = []
        self._differences: list[int] = []
        self._last: list[int] = []
        self._waiting: list[int | None] = []  # a window without its partner

    @property
    def windows(self) -> int:
        """Windows of the first octave."""
        return self._differences[0] + 1 if self._differences else 0

    def add(self, ones: NDArray[np.int64]) -> None:
        octave = 0
        while ones.size:
            if octave == len(self._last):
                self._squares.append(0)
                self._differences.append(0)
                self._waiting.append(None)
                self._last.append(int(ones[0]))
                steps = np.diff(ones)
            else:
                steps = np.diff(ones, prepend=self._last[octave])
            self._squares[octave] += _sum_of_squares(steps)
            self._differences[octave] += steps.size
            self._last[octave] = int(ones[-1])
            waiting = self._waiting[octave]
            if waiting is not None:
                ones = np.concatenate(([waiting], ones))
            self._waiting[octave] = int(ones[-1]) if ones.size % 2 else None
            ones = ones[: ones.size // 2 * 2].reshape(-1, 2).sum(axis=1)
            octave += 1

    def result(self, size: int, bit_variance: float) -> AllanDeviation:
        from scipy.special import chdtrc, chdtri

        rows = []
        for octave, (squares, number) in enumerate(zip(self._squares, self._differences, strict=True)):
            if number + 1 < LEAST_WINDOWS:
                break
            bits = size << octave
            variance = squares / number / bits**2 / 2
            freedom = 2 * number**2 / (3 * number - 1)
            white = bit_variance / bits
            ends = [variance * freedom / chdtri(freedom, tail) for tail in (0.025, 0.975)]
            rows.append((bits, variance, *ends, white, chdtrc(freedom, freedom * variance / white)))
        bits_of, variances, low, high, expected, p_values = np.array(rows, dtype=np.float64).T
        return AllanDeviation(bits_of, np.sqrt(variances), np.sqrt(low), np.sqrt(high), np.sqrt(expected), p_values)


def _sum_of_squares(numbers: NDArray[np.int64]) -> int:
    """Add up squares, also those that leave 64 bits: windows of a trillion bits differ by billions of ones."""
    if not numbers.size:
        return 0
    largest = int(np.abs(numbers).max())
    if largest * largest * numbers.size < 1 << 63:
        return int(numbers @ numbers)
    return sum(number * number for number in numbers.tolist())
