r"""What correlated bits do to normals: inside a normal, and between normals.

A converter is a function f of b bits, here of signs s_i = ±1.  Of bits with the correlations ρ_k = E[s_i s_(i+k)], small,
the sum of many normals has per normal the variance 1 + c,

    c = Σ_k W_k ρ_k,    W_k = Σ_(i+k<b) E[f² s_i s_(i+k)] + 2 Σ_(i+k≥b) w_i w_((i+k) mod b),    w_i = E[f s_i]

with the means over fair bits, to first order in ρ.  The first sum is the change of a normal's variance, by pairs of bits
inside it; the second is twice the covariance with later normals, by pairs of bits across.  The sum of all normals of an
image is what makes it lighter or darker, so 1 + c is by how much the variance of its brightness grows.

For a sum of b bits f = Σ s_i / √b: the variance changes by 2 Σ (1 - k/b) ρ_k over k < b, the covariances add the rest, and
W_k = 2 at every lag: how many bits are added up does not matter.  The shift of a normal is Σ w_i for each unit of 2P - 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.noise import BitConverter

__all__ = ["BitResponse"]

ENUMERATED = 16
"""Bits up to which all words are looked at; above, words are drawn."""
DRAWN = 2**16
"""Words drawn."""
TOGETHER = 2
"""Normals of a drawn word: a converter that makes two normals of the same bits (Box and Muller's) needs both."""


@dataclass(frozen=True)
class BitResponse:
    """First-order response of normals to the correlation of bits.

    Examples
    --------
    >>> from mtjlab.analysis.noise import BitSum
    >>> BitResponse.of(BitSum(4)).excess_weights(3)
    array([2., 2., 2.])
    """

    linear: NDArray[np.float64]
    """w_i: mean of a word's sum of normals times the sign of bit i, shape (b,)."""
    inside: NDArray[np.float64]
    """First sum of W_k for k = 0, 1, ..., shape (b,); zero at 0."""
    normals: int
    """Normals a word makes."""

    @classmethod
    def of(cls, converter: BitConverter) -> BitResponse:
        """Find the response of a converter.

        Parameters
        ----------
        converter
            Of a fixed number of bits a normal.

        Returns
        -------
        BitResponse
            Exact up to 16 bits a normal; above from 65,536 words drawn with a fixed seed, W_k to about 5 %.
        """
        bits = _words(converter.bits_per_normal)
        count, size = bits.shape
        values = converter.convert(bits.ravel()).astype(np.float64).reshape(count, -1)
        total, normals = values.sum(axis=1), values.shape[1]
        signs = 2.0 * bits - 1.0
        products = (signs * (total**2)[:, None]).T @ signs / count
        inside = np.array([0.0] + [np.trace(products, offset=lag) for lag in range(1, size)])
        return cls(total @ signs / count, inside / normals, normals)

    @property
    def shift(self) -> float:
        """Mean of a normal for each unit of 2P - 1."""
        return float(self.linear.sum() / self.normals)

    def variance_weights(self, lags: int) -> NDArray[np.float64]:
        """Change of a normal's variance for each unit of ρ_k, for converters that make one normal of a word.

        Parameters
        ----------
        lags
            Largest lag.

        Returns
        -------
        NDArray
            The first sum of W_k for k = 1, ..., `lags`, shape (lags,).
        """
        kept = np.zeros(lags)
        part = self.inside[1 : lags + 1]
        kept[: part.size] = part
        return kept

    def covariance_weights(self, lags: int, distance: int) -> NDArray[np.float64]:
        """Covariance of a normal with the one `distance` later for each unit of ρ_k.

        Parameters
        ----------
        lags
            Largest lag.
        distance
            In words, at least 1.

        Returns
        -------
        NDArray
            For k = 1, ..., `lags`, shape (lags,).
        """
        size = self.linear.size
        weights = np.zeros(lags)
        for lag in range(1, lags + 1):
            later = np.arange(size) + lag - distance * size
            there = (later >= 0) & (later < size)
            weights[lag - 1] = np.sum(self.linear[there] * self.linear[later[there]]) / self.normals
        return weights

    def excess_weights(self, lags: int) -> NDArray[np.float64]:
        """Return W_k for k = 1, ..., `lags`.

        Parameters
        ----------
        lags
            Largest lag.

        Returns
        -------
        NDArray
            Shape (lags,).
        """
        farthest = math.ceil(lags / self.linear.size) + 1
        between = sum(self.covariance_weights(lags, distance) for distance in range(1, farthest + 1))
        return np.asarray(self.variance_weights(lags) + 2.0 * between)


def _words(bits_per_normal: int) -> NDArray[np.uint8]:
    """Return all words of so many bits, or some, one a row."""
    if bits_per_normal <= ENUMERATED:
        numbers = np.arange(2**bits_per_normal)
        return ((numbers[:, None] >> np.arange(bits_per_normal)[::-1]) & 1).astype(np.uint8)
    drawn = np.random.default_rng(1).integers(0, 2, (DRAWN, TOGETHER * bits_per_normal), dtype=np.uint8)
    return drawn
