"""The spectrum of a stream of any length, averaged over segments: fast lines at flat memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.bitstream.periodogram import Spectrum, with_lines
from mtjlab.core import Bits, InputError

__all__ = ["SegmentTally"]

SEGMENT = 1 << 14
"""Windows of a segment: a power of two, so that segments do not lie across the pieces."""

AT_ONCE = 8
"""Segments transformed together."""

WINDOW = 8
"""Bits of a window."""


class SegmentTally:
    """Sums the periodograms of segments of 131,072 bits, in windows of 8 bits, that come in pieces of such.

    Notes
    -----
    Bartlett, Nature 161, 686 (1948): the mean over K segments has a K-th of the variance of one. A line stands out of
    it by √K less than out of one spectrum over the whole stretch, which would have to be held, and by √K more than out
    of one segment.
    """

    def __init__(self) -> None:
        self._powers = np.zeros(SEGMENT // 2 - 1)
        self._segments = self._bits = self._ones = 0
        self._rest = np.empty(0, np.uint8)

    def add(self, bits: Bits) -> None:
        """Take the bits that come next; those that fill no segment, at the end, are left out.

        Parameters
        ----------
        bits
            Bits, in order.
        """
        self._bits += len(bits)
        self._ones += bits.ones()
        ones = np.concatenate((self._rest, np.bitwise_count(bits.words(WINDOW))))
        whole = ones.size // SEGMENT
        for first in range(0, whole, AT_ONCE):
            last = min(first + AT_ONCE, whole)
            for power in _powers(ones[first * SEGMENT : last * SEGMENT]):
                self._powers += power
        self._segments += whole
        self._rest = ones[whole * SEGMENT :]

    def result(
        self, period: float | None, *, above: float = 0.0, variance_factor: float = 1.0, level: float = 0.01
    ) -> Spectrum:
        """Give the spectrum of all bits so far.

        Parameters
        ----------
        period
            Time from bit to bit [s]; None where it is not known.
        above
            Frequency above which there is a spectrum; what is slower, another one sees better.
        variance_factor
            As for `Windows`.
        level
            Chance that independent bits have any line.

        Returns
        -------
        Spectrum
            Powers averaged over `segments`.

        Raises
        ------
        InputError
            If there are too few bits for a segment, or all are equal.
        """
        if not self._segments:
            raise InputError(f"{self._bits:,} bits: an averaged spectrum needs at least {SEGMENT * WINDOW:,}")
        share = self._ones / self._bits
        if share in (0.0, 1.0):
            raise InputError("all bits are equal: there is no spectrum")
        window = WINDOW * (period or 1.0)
        variance = share * (1 - share) * variance_factor
        frequencies = np.arange(1, SEGMENT // 2) / (SEGMENT * window)
        powers = self._powers / (self._segments * SEGMENT * WINDOW * variance)
        wanted = frequencies > above
        if not wanted.any():
            raise InputError(f"there is no frequency above {above:g}: the fastest is {frequencies[-1]:g}")
        return with_lines(
            frequencies[wanted],
            powers[wanted],
            "1/pulse" if period is None else "Hz",
            1 / window,
            noise=variance / (SEGMENT * WINDOW),
            length=window,
            level=level,
            segments=self._segments,
        )


def _powers(ones: NDArray[np.uint8]) -> NDArray[np.float64]:
    from scipy.fft import rfft

    transforms = rfft(ones.reshape(-1, SEGMENT).astype(np.float64))[:, 1 : SEGMENT // 2]
    powers: NDArray[np.float64] = transforms.real**2 + transforms.imag**2
    return powers
