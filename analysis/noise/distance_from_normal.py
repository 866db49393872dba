"""How far from normal the normals of a converter are, on fair bits: computed, not drawn."""

from __future__ import annotations

import dataclasses
import math
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.noise.bit_converter import AnyConverter, BitConverter
from mtjlab.core import InputError

__all__ = ["DistributionError", "distribution_error"]

_MOST_BITS = 20
"""Bits of a normal up to which all words are converted: a million."""


@dataclasses.dataclass(frozen=True)
class DistributionError:
    """Distance between the distribution of a converter's normals and the normal distribution, for fair bits.

    Examples
    --------
    >>> from mtjlab.analysis.noise.bit_sum import BitSum
    >>> error = distribution_error(BitSum(1))
    >>> round(error.ks_distance, 4), error.moments, error.largest
    (0.3413, (0.0, 1.0, 0.0, 1.0), 1.0)
    """

    ks_distance: float
    """Kolmogorov-Smirnov distance: the largest difference of the distribution functions, at any place."""
    moments: tuple[float, float, float, float]
    """Means of x, x², x³ and x⁴; of a normal 0, 1, 0 and 3."""
    largest: float
    """Largest absolute value that a normal can have."""
    exact: bool
    """Whether they come of a sum over all values; if not, the distance is a bound or known to 1 %, and the moments
    are those before the rounding to float32."""

    @classmethod
    def of_values(cls, values: NDArray[np.float64], probabilities: NDArray[np.float64]) -> Self:
        """Compute it from all values that a normal can have.

        Parameters
        ----------
        values
            The values, in any order; one may occur several times.
        probabilities
            Of each.

        Returns
        -------
        DistributionError
            Exact.
        """
        from scipy.special import ndtr  # slow to import

        values, places = np.unique(values, return_inverse=True)
        shares = np.bincount(places.ravel(), probabilities).astype(np.float64)
        below = np.cumsum(shares)
        expected = ndtr(values)
        # The distribution function jumps at a value: it is farthest from the normal one just before or just after.
        distance = max(np.abs(below - expected).max(), np.abs(below - shares - expected).max())
        first, second, third, fourth = (math.fsum(shares * values**power) for power in (1, 2, 3, 4))
        return cls(float(distance), (first, second, third, fourth), float(np.abs(values).max()), exact=True)


@runtime_checkable
class _KnowsItsError(Protocol):
    def distribution_error(self) -> DistributionError: ...


@runtime_checkable
class _KnowsItsValues(Protocol):
    def distribution(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...


def distribution_error(converter: AnyConverter) -> DistributionError:
    """Say how far from normal the normals of a converter are, on fair bits; nothing is drawn.

    Parameters
    ----------
    converter
        One that has a method `distribution_error`, or a method `distribution` that returns all values and their
        probabilities, or takes at most 20 bits a normal, which are then all converted.

    Returns
    -------
    DistributionError
        Distance, moments, largest value.

    Raises
    ------
    InputError
        If the converter is of another kind.
    """
    if isinstance(converter, _KnowsItsError):
        return converter.distribution_error()
    if isinstance(converter, _KnowsItsValues):
        return DistributionError.of_values(*converter.distribution())
    if isinstance(converter, BitConverter) and converter.bits_per_normal <= _MOST_BITS:
        values = converter.convert(_all_words(converter.bits_per_normal)).astype(np.float64)
        return DistributionError.of_values(values, np.full(values.size, 1 / values.size))
    raise InputError(
        f"the distribution of {type(converter).__name__} is not known: it takes {converter.bits_per_normal:g} bits a "
        f"normal, more than the {_MOST_BITS} of which all words are converted; give it a method `distribution`"
    )


def _all_words(width: int) -> NDArray[np.uint8]:
    """Return the bits of 0, 1, … one after the other, `width` each, the most significant first."""
    bytes_of_words = np.arange(2**width, dtype=">u4").view(np.uint8).reshape(-1, 4)
    return np.unpackbits(bytes_of_words, axis=1)[:, 32 - width :].ravel()
