r"""What correlated bits do to normals: inside a normal, and between normals.

A converter is a function f of b bits, here of signs s_i = ±1.  Of bits with small correlations ρ_k = E[s_i s_(i+k)] the
sum of many normals has per normal the variance 1 + c,

    c = Σ_k W_k ρ_k,    W_k = Σ_(i+k<b) E[f² s_i s_(i+k)] + 2 Σ_(i+k≥b) w_i w_((i+k) mod b),    w_i = E[f s_i]

with the means over fair bits, to first order in ρ.  The first sum is the change of a normal's variance, by pairs of
bits inside it; the second is twice the covariance with later normals, by pairs of bits across.  The sum of all normals
of an image is what makes it lighter or darker, so 1 + c is by how much the variance of its brightness grows.

For a sum of b bits f = Σ s_i / √b: the variance changes by 2 Σ (1 - k/b) ρ_k over k < b, the covariances add the rest,
and W_k = 2 at every lag: how many bits are added up does not matter.  The shift of a normal is Σ w_i for each unit of
2P - 1.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.noise import AnyConverter, BitConverter, HeldBits
from mtjlab.core import Bits

__all__ = ["BitResponse"]

ENUMERATED = 16
"""Bits up to which all words are looked at; above, and for converters that reject, normals are made."""
MADE = 2**15
"""Normals that are made for each lag."""
CORRELATION = 0.1
"""Correlation of the bits that they are made of."""


@dataclass(frozen=True)
class BitResponse:
    """First-order response of normals to the correlation of bits.

    Examples
    --------
    >>> from mtjlab.analysis.noise import BitSum
    >>> response = BitResponse.of(BitSum(4))
    >>> response.inside_weights(3), response.between_weights(3)
    (array([1.5, 1. , 0.5]), array([0.5, 1. , 1.5]))
    """

    linear: NDArray[np.float64]
    """w_i: mean of a word's sum of normals times the sign of bit i, shape (b,)."""
    inside: NDArray[np.float64]
    """First sum of W_k for k = 0, 1, ..., shape (b,); zero at 0."""
    made: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    """What `inside_weights` and `between_weights` are, for the first lags, where normals had to be made for it."""

    @classmethod
    def of(cls, converter: AnyConverter) -> BitResponse:
        """Find the response of a converter.

        Parameters
        ----------
        converter
            What turns bits into normals.

        Returns
        -------
        BitResponse
            Exact up to 16 bits a normal, and for sums of bits. Of other converters from normals made of bits that are
            correlated by 0.1, weights to about 0.2: what is rare, as the tails of Box and Muller's, grows by more than
            the first order.
        """
        return _response(cast(Hashable, converter))

    @classmethod
    def _measured(cls, converter: AnyConverter) -> BitResponse:
        size, shift = max(1, round(converter.bits_per_normal)), converter.shift
        # By Cauchy and Schwarz √b is the largest shift of b bits, and only that of their sum.
        if shift**2 > size * (1.0 - 1e-9):
            inside = 2.0 * (1.0 - np.arange(size) / size)
            inside[0] = 0.0
            return cls(np.full(size, shift / size), inside)
        if not isinstance(converter, BitConverter) or size > ENUMERATED:
            return cls(np.full(size, shift / size), np.zeros(size), _of_made_normals(converter, size))
        numbers = np.arange(2**size)
        bits = ((numbers[:, None] >> np.arange(size)[::-1]) & 1).astype(np.uint8)
        values = converter.convert(bits.ravel()).astype(np.float64)
        signs = 2.0 * bits - 1.0
        products = (signs * (values**2)[:, None]).T @ signs / len(numbers)
        inside = np.array([0.0] + [np.trace(products, offset=lag) for lag in range(1, size)])
        return cls(values @ signs / len(numbers), inside)

    @property
    def shift(self) -> float:
        """Mean of a normal for each unit of 2P - 1."""
        return float(self.linear.sum())

    def inside_weights(self, lags: int) -> NDArray[np.float64]:
        """Change of a normal's variance for each unit of ρ_k.

        Parameters
        ----------
        lags
            Largest lag.

        Returns
        -------
        NDArray
            The first sum of W_k for k = 1, ..., `lags`, shape (lags,).
        """
        return _padded(self.inside[1:] if self.made is None else self.made[0], lags)

    def covariance_weights(self, lags: int, distance: int) -> NDArray[np.float64]:
        """Covariance of a normal with the one `distance` later for each unit of ρ_k.

        Parameters
        ----------
        lags
            Largest lag.
        distance
            In normals, at least 1.

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
            weights[lag - 1] = np.sum(self.linear[there] * self.linear[later[there]])
        return weights

    def between_weights(self, lags: int) -> NDArray[np.float64]:
        """Twice the covariance with all later normals for each unit of ρ_k.

        Parameters
        ----------
        lags
            Largest lag.

        Returns
        -------
        NDArray
            The second sum of W_k for k = 1, ..., `lags`, shape (lags,).
        """
        if self.made is not None:
            return _padded(self.made[1], lags)
        farthest = math.ceil(lags / self.linear.size) + 1
        covariances = [self.covariance_weights(lags, distance) for distance in range(1, farthest + 1)]
        return np.asarray(2.0 * np.sum(covariances, axis=0))


@lru_cache(maxsize=32)
def _response(converter: Hashable) -> BitResponse:
    return BitResponse._measured(cast(AnyConverter, converter))


def _padded(weights: NDArray[np.float64], lags: int) -> NDArray[np.float64]:
    kept = np.zeros(lags)
    part = weights[:lags]
    kept[: part.size] = part
    return kept


def _of_made_normals(converter: AnyConverter, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weights inside and between normals from the difference that correlation at one lag makes."""
    random = np.random.default_rng(1)
    count = 2 * MADE * size  # rejecting takes more for some than for others
    fresh = random.integers(0, 2, count, dtype=np.uint8)
    copies = random.random(count, dtype=np.float32) < CORRELATION
    fair = _moments(converter, fresh)
    found = []
    for lag in range(1, 2 * size + 1):
        # Each bit copies the one `lag` before, in as many interleaved streams.
        rows = count // lag
        places = np.arange(rows)[:, None] * (~copies[: rows * lag].reshape(rows, lag))
        bits = np.take_along_axis(fresh[: rows * lag].reshape(rows, lag), np.maximum.accumulate(places), axis=0)
        found.append((_moments(converter, bits.ravel()) - fair) / CORRELATION)
    inside, between = np.array(found).T
    return inside, between


def _moments(converter: AnyConverter, bits: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the mean square of normals, and twice their mean products with the next two."""
    if isinstance(converter, BitConverter):
        used = MADE * converter.bits_per_normal
        x = converter.convert(bits[:used]).astype(np.float64)
    else:
        x = converter.draw(MADE, HeldBits(Bits(bits)).take).astype(np.float64)
    products = sum(float(np.mean(x[distance:] * x[:-distance])) for distance in (1, 2))
    return np.array([float(np.mean(x**2)), 2.0 * products])
