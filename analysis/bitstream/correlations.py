"""Whether P(1) goes with what was measured beside it: resistance, temperature."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import NORMAL_95, InputError, Quantity

__all__ = ["Correlation", "correlation"]

LEAST = 10
"""Pairs below which nothing is said."""

SPEARMAN = 1.06
"""Variance of the z of a rank correlation over that of Pearson's (Fieller, Hartley and Pearson 1957)."""


@dataclass(frozen=True, eq=False)
class Correlation:
    """Correlation of P(1) with another quantity, stretch by stretch of the stream."""

    name: str
    """The other quantity."""

    unit: str
    """Its unit."""

    values: NDArray[np.float64]
    """Its mean in each stretch, shape (W,)."""

    shares: NDArray[np.float64]
    """P(1) of each stretch, shape (W,)."""

    pearson: Quantity
    """Pearson's coefficient with its 95 % interval."""

    spearman: Quantity
    """Spearman's coefficient of ranks, likewise."""

    p_value: float
    """Probability of a Pearson coefficient at least so far from zero if they have nothing to do with each other."""

    rank_p_value: float
    """The same for Spearman's."""

    independent: float
    """Number of independent pairs that the stretches are worth, as each is like the one before."""


def correlation(values: ArrayLike, shares: ArrayLike, name: str = "", unit: str = "1") -> Correlation:
    """Give the correlation of P(1) with another quantity, with intervals that allow for autocorrelation.

    Parameters
    ----------
    values
        The other quantity in each stretch, in order of time, shape (W,).
    shares
        P(1) of each stretch, shape (W,). Pairs that are not finite are left out.
    name, unit
        Of the other quantity.

    Returns
    -------
    Correlation
        Both coefficients, their intervals and p-values.

    Raises
    ------
    InputError
        If the shapes differ, fewer than ten pairs are finite, or one of the two is constant.

    Notes
    -----
    Two series that drift are correlated by chance far more often than independent pairs are. The intervals are those of
    Fisher's z, standard deviation 1 / √(n' - 3), with n' = n / (1 + 2 Σ (1 - k / n) r_x(k) r_y(k)) over lags up to a
    fifth of n (Bartlett, J. R. Stat. Soc. 98, 536 (1935); Pyper and Peterman, Can. J. Fish. Aquat. Sci. 55, 2127
    (1998)), at most n; for ranks the variance is 1.06 times as large.

    Examples
    --------
    >>> found = correlation(np.arange(20.0), np.arange(20.0) ** 2)
    >>> round(found.spearman.value, 3), found.independent < 10
    (1.0, True)
    """
    x, y = np.asarray(values, np.float64), np.asarray(shares, np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise InputError(f"values and shares have shapes {x.shape} and {y.shape}: give one number a stretch in each")
    there = np.isfinite(x) & np.isfinite(y)
    x, y = x[there], y[there]
    if x.size < LEAST:
        raise InputError(f"{x.size} stretches with a value and P(1): a correlation needs at least {LEAST}")
    for what, each in (("the values", x), ("P(1)", y)):
        if np.all(each == each[0]):
            raise InputError(f"{what} are {each[0]:g} all the time: a constant has no correlation")
    from scipy.stats import rankdata

    ranks = rankdata(x), rankdata(y)
    worth = _independent(x, y)
    pearson, p_value = _coefficient(x, y, worth, 1.0)
    spearman, rank_p_value = _coefficient(*ranks, _independent(*ranks), SPEARMAN)
    return Correlation(name, unit, x, y, pearson, spearman, p_value, rank_p_value, worth)


def _coefficient(
    x: NDArray[np.float64], y: NDArray[np.float64], worth: float, widened: float
) -> tuple[Quantity, float]:
    """Give the coefficient with its interval, and its p-value."""
    x, y = x - x.mean(), y - y.mean()
    found = float(np.clip(x @ y / math.sqrt((x @ x) * (y @ y)), -1.0, 1.0))
    if worth <= LEAST_WORTH:  # nothing is known: everything is possible
        return Quantity(found, math.nan, "1", -1.0, 1.0), 1.0
    spread = math.sqrt(widened / (worth - 3))
    z = math.atanh(min(max(found, -1 + 1e-15), 1 - 1e-15))
    ends = [math.tanh(z + sign * NORMAL_95 * spread) for sign in (-1, 1)]
    return Quantity(found, math.nan, "1", *ends), math.erfc(abs(z) / spread / math.sqrt(2))


LEAST_WORTH = 4.0
"""Independent pairs of which an interval is made."""


def _independent(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    n = x.size
    lags = np.arange(1, n // 5 + 1)
    both = float(np.sum((1 - lags / n) * _autocorrelation(x)[lags] * _autocorrelation(y)[lags]))
    return n / max(1.0, 1 + 2 * both)


def _autocorrelation(values: NDArray[np.float64]) -> NDArray[np.float64]:
    transform = np.fft.rfft(values - values.mean(), 2 * values.size)
    products = np.fft.irfft(transform.real**2 + transform.imag**2, 2 * values.size)[: values.size]
    found: NDArray[np.float64] = products / products[0]
    return found
