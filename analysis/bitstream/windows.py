"""A bitstream in windows: ones among how many bits, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import Bits, InputError

__all__ = ["WindowTally", "Windows"]

BYTE = 8
"""Bits of the shortest window of a tally."""


@dataclass(frozen=True, eq=False)
class Windows:
    """Ones in windows that follow each other."""

    ones: NDArray[np.int64]
    """Ones of each window, shape (W,)."""

    counts: NDArray[np.int64]
    """Bits of each window, at least 1, shape (W,)."""

    times: NDArray[np.float64]
    """Start of each window in units of `time_unit`, rising, shape (W,)."""

    time_unit: str = "s"
    """``"s"``, or ``"pulse"`` where the time of the bits is not known."""

    variance_factor: float = 1.0
    """Variance of the mean of many bits over that of independent ones: `ToggledJunction.variance_factor`."""

    def __post_init__(self) -> None:
        ones, counts, times = (np.asarray(each) for each in (self.ones, self.counts, self.times))
        if not ones.ndim == counts.ndim == times.ndim == 1 or not ones.size == counts.size == times.size:
            raise InputError(
                f"ones, counts and times have shapes {ones.shape}, {counts.shape} and {times.shape}: "
                "give one number a window in each"
            )
        if np.any(counts < 1) or np.any(ones < 0) or np.any(ones > counts):
            raise InputError("a window has no bits, or more ones than bits: give 0 to `counts` ones each")
        if not np.all(np.isfinite(times)) or np.any(np.diff(times) <= 0):
            raise InputError("times of windows do not rise: give finite start times in order")
        for name, array, kind in (("ones", ones, np.int64), ("counts", counts, np.int64), ("times", times, np.float64)):
            object.__setattr__(self, name, array.astype(kind))

    @classmethod
    def of(cls, bits: ArrayLike | Bits, size: int, *, period: float | None = None) -> Self:
        """Cut bits into windows of one size; bits that fill no window are left out.

        Parameters
        ----------
        bits
            0 and 1, shape (N,), or `Bits`.
        size
            Bits a window. Multiples of 8 are counted as they are packed.
        period
            Time from bit to bit [s]; None where it is not known: times are then counted in pulses.

        Returns
        -------
        Windows
            N // size windows.

        Raises
        ------
        InputError
            If `size` or `period` is not positive, or no window is filled.

        Examples
        --------
        >>> Windows.of([1, 1, 0, 1, 0, 0, 1], 2).ones.tolist()
        [2, 1, 0]
        """
        packed = Bits.of(bits)
        if not 1 <= size <= len(packed):
            raise InputError(f"windows of {size:,} bits of {len(packed):,}: expected 1 to the number of bits")
        if period is not None and not 0 < period < np.inf:
            raise InputError(f"period = {period} s: expected a positive time from bit to bit")
        number = len(packed) // size
        if size % 8:
            whole = packed.unpacked()[: number * size]
            ones = whole.reshape(number, size).sum(axis=1, dtype=np.int64)
        else:
            whole = np.bitwise_count(packed.packed_bytes[: number * size // 8])
            ones = whole.reshape(number, size // 8).sum(axis=1, dtype=np.int64)
        times = np.arange(number, dtype=np.float64) * (size * (1.0 if period is None else period))
        return cls(ones, np.full(number, size), times, "pulse" if period is None else "s")

    @property
    def share(self) -> float:
        """P(1) over all windows."""
        return int(self.ones.sum()) / int(self.counts.sum())

    @property
    def variance(self) -> float:
        """Variance p (1 - p) of a bit times `variance_factor`; zero where all bits are equal."""
        return self.share * (1 - self.share) * self.variance_factor

    def __len__(self) -> int:
        return int(self.ones.size)

    def joined(self, most: int) -> Windows:
        """Join neighbouring windows so that there are at most so many; those left over at the end are dropped.

        Parameters
        ----------
        most
            Number of windows, at most.

        Returns
        -------
        Windows
            Windows of 1, 2, 3, … of these.
        """
        of = -(-len(self) // most)
        whole = len(self) // of * of
        ones, counts = (each[:whole].reshape(-1, of).sum(axis=1) for each in (self.ones, self.counts))
        return Windows(ones, counts, self.times[:whole:of], self.time_unit, self.variance_factor)


class WindowTally:
    """Counts ones in windows of a power of two bits, which get twice as long whenever they are too many.

    Parameters
    ----------
    most
        Windows, at most: a power of two. There are at least half as many once the stream is long enough.
    """

    def __init__(self, most: int = 1 << 20) -> None:
        self._most = most
        self._bytes = 1  # of a window
        self._ones = np.zeros(most, np.int32)
        self._windows = 0
        self._rest = np.empty(0, np.uint8)  # ones of the bytes that fill no window yet

    def add(self, bits: Bits) -> None:
        """Take the bits that come next, in pieces of whole bytes; those that fill no byte, at the end, are left out.

        Parameters
        ----------
        bits
            Bits, in order.
        """
        ones = np.bitwise_count(bits.words(BYTE))
        if self._rest.size:
            ones = np.concatenate((self._rest, ones))
        while ones.size >= self._bytes:
            windows = min(ones.size // self._bytes, self._most - self._windows)
            taken = windows * self._bytes
            self._ones[self._windows : self._windows + windows] = _joined(ones[:taken], self._bytes)
            self._windows += windows
            ones = ones[taken:]
            if self._windows == self._most:
                self._windows //= 2
                self._ones[: self._windows] = self._ones.reshape(-1, 2).sum(axis=1, dtype=np.int32)
                self._bytes *= 2
        self._rest = ones.copy()

    @property
    def size(self) -> int:
        """Bits of a window, so far."""
        return BYTE * self._bytes

    @property
    def ones(self) -> NDArray[np.int64]:
        """Ones of the windows that are full, so far."""
        return self._ones[: self._windows].astype(np.int64)


def _joined(ones: NDArray[np.uint8], of: int) -> NDArray[np.int32]:
    """Add up so many numbers each, a power of two of them, none above 8: in halves, with types no wider than needed."""
    sums: NDArray[np.unsignedinteger] | NDArray[np.int32] = ones
    joined = 1
    while joined < of:
        if joined == 16:
            sums = sums.astype(np.uint16)
        elif joined == 4096:
            sums = sums.astype(np.int32)
        sums = sums[::2] + sums[1::2]
        joined *= 2
    return sums.astype(np.int32)
