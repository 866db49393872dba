"""Autocorrelation of the bits to any lag, with bounds, and all lags in one test."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.bitstream.packed_pieces import packed_pieces
from mtjlab.analysis.bitstream.pair_counts import PairTally
from mtjlab.analysis.randomness import covariance_sums, shuffled_moments
from mtjlab.core import Bits, InputError

__all__ = ["Correlogram", "LagTally", "correlogram"]

LEAST = 4
"""Bits that there are more of than lags, at least: the variance under chance needs so many."""


@dataclass(frozen=True, eq=False)
class Correlogram:
    """Autocorrelation coefficients lag by lag."""

    coefficients: NDArray[np.float64]
    """Coefficient at lag 1, 2, …, shape (L,)."""

    band: NDArray[np.float64]
    """Where 95 % of the coefficients of independent bits lie, one lag by itself; shape (L, 2)."""

    family_band: NDArray[np.float64]
    """Where all L coefficients of independent bits lie together, in 95 % of streams (Šidák); shape (L, 2)."""

    ljung_box: Goodness
    """Ljung and Box's Q over all lags, chi-square with L degrees of freedom."""

    @property
    def outside(self) -> NDArray[np.int64]:
        """Lags outside the band of all lags together: in 5 % of independent streams there is one."""
        beyond = (self.coefficients < self.family_band[:, 0]) | (self.coefficients > self.family_band[:, 1])
        return np.flatnonzero(beyond) + 1


def correlogram(bits: ArrayLike | Bits, lags: int) -> Correlogram:
    """Give the autocorrelation of bits to any lag.

    Parameters
    ----------
    bits
        0 and 1, shape (N,), or `Bits`.
    lags
        Largest lag L, 1 to N - 4.

    Returns
    -------
    Correlogram
        Coefficients, their bounds under chance and the test over all of them.

    Raises
    ------
    InputError
        If `lags` is out of its range, or all bits are equal.

    Notes
    -----
    The coefficient is that of `mtjlab randomness`: r_k = Σ (b_i - m)(b_(i+k) - m) / Σ (b_i - m)²; its mean and variance
    under chance are exact (`shuffled_moments`). Q = N (N + 2) Σ r_k² / (N - k): Ljung and Box, Biometrika 65, 297
    (1978); L is to be small against N.
    """
    packed = Bits.of(bits)
    if not 1 <= lags <= len(packed) - LEAST:
        raise InputError(f"lags = {lags:,} of {len(packed):,} bits: expected 1 to the number of bits less {LEAST}")
    tally = LagTally(lags)
    for piece in packed_pieces([packed]):
        tally.add(piece)
    return tally.result()


class LagTally:
    """Counts the pairs of ones at each lag in a stream that comes in pieces.

    Parameters
    ----------
    lags
        Largest lag.
    """

    def __init__(self, lags: int) -> None:
        self._bits = self._ones = 0
        self._lags = lags
        self._pairs = PairTally(lags)
        self._head = self._tail = np.empty(0, np.uint8)

    def add(self, bits: Bits) -> None:
        """Take the bits that come next.

        Parameters
        ----------
        bits
            Bits, in order.
        """
        unpacked = bits.unpacked()
        self._pairs.add(unpacked)
        self._head = np.concatenate((self._head, unpacked[: self._lags - self._head.size]))
        if unpacked.size >= self._lags:
            self._tail = unpacked[unpacked.size - self._lags :].copy()
        else:
            self._tail = np.concatenate((self._tail, unpacked))[-self._lags :]
        self._bits += len(bits)
        self._ones += bits.ones()

    def result(self) -> Correlogram:
        """Give the autocorrelation of all bits so far, to fewer lags where there are few bits.

        Raises
        ------
        InputError
            If there are fewer than five bits, or all are equal.
        """
        lags = min(self._lags, self._bits - LEAST)
        if lags < 1:
            raise InputError(f"autocorrelation of {self._bits} bits: give more than {LEAST}")
        head, tail = self._head[:lags], self._tail[self._tail.size - lags :]
        return _correlogram(self._bits, self._ones, head, tail, self._pairs.counts()[:lags].tolist())


def _correlogram(n: int, ones: int, head: NDArray[np.uint8], tail: NDArray[np.uint8], both: list[int]) -> Correlogram:
    lags = len(both)
    if ones in (0, n):
        raise InputError("all bits are equal: the autocorrelation of a constant is not defined")
    variance = ones * (n - ones) / n
    found = np.array(covariance_sums(n, ones, head, tail, both)) / variance
    moments = np.array([shuffled_moments(n, ones, lag) for lag in range(1, lags + 1)])
    mean, spread = moments[:, 0] / variance, np.sqrt(moments[:, 1]) / variance
    one, all_lags = (NormalDist().inv_cdf((1 + inside) / 2) for inside in (0.95, 0.95 ** (1 / lags)))
    q = n * (n + 2) * math.fsum(found**2 / (n - np.arange(1, lags + 1)))
    return Correlogram(
        coefficients=found,
        band=np.stack([mean - one * spread, mean + one * spread], axis=1),
        family_band=np.stack([mean - all_lags * spread, mean + all_lags * spread], axis=1),
        ljung_box=Goodness.of(q, lags),
    )
