"""How often two bits that lie apart are both 1, at every lag up to any, in a stream that comes in pieces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["PairTally"]

LEAST_STEP = 1024
"""Bits of a segment, at least: shorter transforms are no faster by bit."""

AT_ONCE = 1 << 16
"""Elements of the transforms that are held at once, unless one is longer."""


class PairTally:
    """Counts pairs of ones at lags 1 to L by Fourier transform, exactly.

    Parameters
    ----------
    lags
        Largest lag L.

    Notes
    -----
    The stream is cut into segments of a power of two bits, at least L, each padded with as many zeros: X_j. A segment
    with the next one behind it has the transform X_j + (-1)^k X_(j + 1), so that one transform a segment gives the sum
    of products of the segment with itself and with the bits after it, conj(X_j) (X_j + (-1)^k X_(j + 1)), of which
    nothing wraps round up to lag L. A sum over some segments is a whole number below 2^53 and is rounded to it: the
    counts are the same however the stream is cut.
    """

    def __init__(self, lags: int) -> None:
        self._lags = lags
        self._step = max(LEAST_STEP, 1 << (lags - 1).bit_length())
        self._sign = np.where(np.arange(self._step + 1) % 2, -1.0, 1.0)
        self._counts = np.zeros(lags, np.int64)
        self._last: NDArray[np.complex128] | None = None
        self._rest = np.empty(0, np.uint8)

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next, 0 and 1, one a byte.

        Parameters
        ----------
        bits
            Bits, in order.
        """
        bits = np.concatenate((self._rest, bits))
        segments = bits.size // self._step
        rows = max(1, AT_ONCE // (2 * self._step))
        for first in range(0, segments, rows):
            last = min(first + rows, segments)
            some = self._transforms(bits[first * self._step : last * self._step])
            self._counts += self._sums(some)
            self._last = some[-1].copy()
        self._rest = bits[segments * self._step :].copy()

    def counts(self) -> NDArray[np.int64]:
        """Give the pairs so far at lag 1, 2, …, L; shape (L,)."""
        if not self._rest.size:
            return self._counts.copy()
        filled = np.zeros(self._step, np.uint8)
        filled[: self._rest.size] = self._rest
        found: NDArray[np.int64] = self._counts + self._sums(self._transforms(filled))
        return found

    def _transforms(self, bits: NDArray[np.uint8]) -> NDArray[np.complex128]:
        from scipy.fft import rfft

        transforms: NDArray[np.complex128] = rfft(bits.reshape(-1, self._step).astype(np.float64), 2 * self._step)
        return transforms

    def _sums(self, some: NDArray[np.complex128]) -> NDArray[np.int64]:
        from scipy.fft import irfft

        own = np.einsum("jk,jk->k", some.real, some.real) + np.einsum("jk,jk->k", some.imag, some.imag)
        next_to = (some[:-1].conj() * some[1:]).sum(axis=0)
        if self._last is not None:
            next_to += self._last.conj() * some[0]
        products = irfft(own + self._sign * next_to, 2 * self._step)
        sums: NDArray[np.int64] = np.rint(products[1 : self._lags + 1]).astype(np.int64)
        return sums
