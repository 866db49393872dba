"""The autocorrelation test: whether a bit knows the bits before it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.coincidences import autocovariances, coincidences_by_words, covariance_sums
from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits
from mtjlab.analysis.randomness.test_result import TestResult
from mtjlab.core import InputError

__all__ = ["AUTOCORRELATION", "Autocorrelation", "AutocorrelationTally", "autocorrelation", "shuffled_moments"]

LAGS = 64
"""Largest lag of an assessment."""

LEAST_COINCIDENCES = 5.0
"""Pairs of the rarer bit to be expected, below which a count is no longer normal (Cochran 1954)."""


@dataclass(frozen=True, kw_only=True)
class Autocorrelation(TestResult):
    """Autocorrelation of the bits, lag by lag; the tuples are empty where the test does not apply."""

    coefficients: tuple[float, ...] = ()
    """Autocorrelation coefficient at lag 1, 2, ..."""

    z: tuple[float, ...] = ()
    """Each coefficient, less its mean and over its standard deviation under chance."""

    p_values: tuple[float, ...] = ()
    """P-value of each lag, two-sided."""

    band: tuple[tuple[float, float], ...] = ()
    """Where 95 % of the coefficients of independent bits lie, for each lag."""

    @property
    def family(self) -> dict[str, float]:
        """One p-value a lag."""
        return {f"{self.name} lag {lag}": p for lag, p in enumerate(self.p_values, 1)}

    @property
    def series(self) -> dict[str, list[Any]]:
        """Coefficients, p-values and band, lag by lag."""
        return {
            "coefficients": list(self.coefficients),
            "p_values": list(self.p_values),
            "band": [list(ends) for ends in self.band],
        }


def autocorrelation(bits: ArrayLike, lags: int = LAGS) -> Autocorrelation:
    """Test whether bits are correlated with those 1 to `lags` places before.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1.
    lags
        Largest lag, at least 1.

    Returns
    -------
    Autocorrelation
        Everything lag by lag. Its `p_value` is that of all lags together (the smallest times their number,
        Bonferroni), its statistics are the `lag` with the smallest p-value and the `coefficient` there. Not applicable
        where one of the two bits is so rare that fewer than five pairs of it are expected.

    Raises
    ------
    ValueError
        If `lags` is below 1, or there are fewer than lags + 4 bits.

    Notes
    -----
    The coefficient at lag k is Σ (b_i - m)(b_(i+k) - m) / Σ (b_i - m)², with m the mean of all bits: a bias, which the
    frequency test sees, is no correlation. Mean and variance under chance are exact, given the number of ones
    (`shuffled_moments`); the p-value takes the sum as normal.
    """
    if lags < 1:
        raise InputError(f"lags = {lags}: expected 1 or more")
    checked = enough_bits(bits, lags + 4, f"autocorrelation to lag {lags}")
    return _judge(checked.size, int(np.count_nonzero(checked)), autocovariances(checked, lags))


class AutocorrelationTally:
    """Counts pairs of ones at each lag, over the borders of the pieces too.

    Parameters
    ----------
    lags
        Largest lag.
    """

    def __init__(self, lags: int = LAGS) -> None:
        self._bits = self._ones = 0
        self._both = np.zeros(lags, np.int64)
        self._head = self._tail = np.empty(0, np.uint8)

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next."""
        lags = self._both.size
        joined = np.concatenate((self._tail, bits))
        self._both += np.array(coincidences_by_words(joined, lags), np.int64)
        self._both -= np.array(coincidences_by_words(self._tail, lags), np.int64)
        self._head = np.concatenate((self._head, bits[: lags - self._head.size]))
        self._tail = joined[max(0, joined.size - lags) :]
        self._bits += bits.size
        self._ones += int(np.count_nonzero(bits))

    def result(self) -> Autocorrelation:
        """Give the autocorrelation test of all bits so far."""
        sums = covariance_sums(self._bits, self._ones, self._head, self._tail, self._both.tolist())
        return _judge(self._bits, self._ones, sums)


def _judge(n: int, ones: int, sums: list[float]) -> Autocorrelation:
    expected = min(ones, n - ones) ** 2 / n
    if expected < LEAST_COINCIDENCES:
        return Autocorrelation(
            name="autocorrelation",
            reason=f"{ones:,} ones among {n:,} bits: only {expected:.2g} pairs of the rarer bit are expected, "
            f"and {LEAST_COINCIDENCES:.0f} are needed",
        )
    lags, variance = len(sums), ones * (n - ones) / n
    within = NormalDist().inv_cdf(0.975)
    coefficients, z, band = [], [], []
    for lag, total in enumerate(sums, 1):
        mean, square = shuffled_moments(n, ones, lag)
        deviation = math.sqrt(square)
        coefficients.append(total / variance)
        z.append((total - mean) / deviation)
        band.append(((mean - within * deviation) / variance, (mean + within * deviation) / variance))
    p_values = tuple(math.erfc(abs(each) / math.sqrt(2)) for each in z)
    oddest = max(range(lags), key=lambda index: abs(z[index]))
    return Autocorrelation(
        name="autocorrelation",
        p_value=min(1.0, lags * p_values[oddest]),
        found=f"largest at lag {oddest + 1}: {coefficients[oddest]:+.2g}",
        statistics={"lag": oddest + 1, "coefficient": coefficients[oddest]},
        interval=band[oddest],
        coefficients=tuple(coefficients),
        z=tuple(z),
        p_values=p_values,
        band=tuple(band),
    )


def shuffled_moments(n: int, ones: int, lag: int) -> tuple[float, float]:
    """Return mean and variance of T = Σ y_i y_(i+lag) over all orders of the bits, each as likely as the other.

    Parameters
    ----------
    n
        Number of bits, at least 4.
    ones
        Ones among them.
    lag
        Distance of the two factors, 1 to n - 1.

    Notes
    -----
    y is a bit less the mean of all bits, so Σ y = 0. That fixes the mean of a product of y at two, three or four
    different places through S2 = Σ y² and S4 = Σ y⁴; the squared sum is then counted by how many places its two
    products share. Exact for every n. Moran (1948) did it for lag 1, Dufour and Roy, J. Econometrics 29, 257 (1985)
    for every lag.
    """
    share = ones / n
    second = n * share * (1 - share)
    fourth = second * (1 - 3 * share * (1 - share))
    pairs = n - lag
    # Products y_i y_(i+lag) and y_(i+lag) y_(i+2 lag) share one place.
    chained = 2 * max(0, n - 2 * lag)
    apart = pairs * pairs - pairs - chained
    same = (second**2 - fourth) / (n * (n - 1))
    one_shared = (2 * fourth - second**2) / (n * (n - 1) * (n - 2))
    none_shared = 3 * (second**2 - 2 * fourth) / (n * (n - 1) * (n - 2) * (n - 3))
    mean = -pairs * second / (n * (n - 1))
    square = pairs * same + chained * one_shared + apart * none_shared
    return mean, square - mean**2


AUTOCORRELATION = RandomnessTest(
    name="autocorrelation",
    run=lambda tested: autocorrelation(tested.bits),
    tally=lambda _: AutocorrelationTally(),
    least_bits=LAGS + 4,
    place=30,
)
"""The autocorrelation test as a part of an assessment."""
