"""Autocorrelation of the bits to any lag, with bounds, and all lags in one test."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.randomness import autocovariances, shuffled_moments
from mtjlab.core import Bits, InputError

__all__ = ["Correlogram", "correlogram"]


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
    checked = Bits.of(bits).unpacked()
    n, ones = checked.size, int(np.count_nonzero(checked))
    if not 1 <= lags <= n - 4:
        raise InputError(f"lags = {lags:,} of {n:,} bits: expected 1 to the number of bits less 4")
    if ones in (0, n):
        raise InputError("all bits are equal: the autocorrelation of a constant is not defined")
    variance = ones * (n - ones) / n
    found = np.array(autocovariances(checked, lags)) / variance
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
