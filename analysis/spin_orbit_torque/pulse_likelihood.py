"""The likelihood of pulses that switched or did not: the complementary log-log model of binary data."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import Quantity

__all__ = ["HALF", "MOST", "climb", "log_likelihood", "pulse_boundary"]

_STEPS = 100
HALF = math.log(math.log(2))
"""ln(-ln(1 - P)) at one half."""
_SINGULAR = 1e10
"""Condition of the information above which the pulses show a step, and no slope."""
MOST = 40.0
"""Largest exponent that is told apart from certainty."""


def climb(
    design: NDArray[np.float64],
    offset: NDArray[np.float64],
    hits: NDArray[np.float64],
    count: NDArray[np.float64],
    begin: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Maximise the likelihood of `ln(-ln(1 - P)) = design @ p + offset` by Fisher's scoring.

    Parameters
    ----------
    design
        Courses, shape (N, P).
    offset
        What is known of the exponent, shape (N,).
    hits, count
        How many pulses switched, and of how many, shape (N,).
    begin
        Parameters to begin from, shape (P,), where they are known to be near.

    Returns
    -------
    parameters, information : ndarray
        Most likely parameters, shape (P,), and Fisher's information there, shape (P, P).
    """
    # To begin with, every pulse has the mean share, pulled a little towards what it did.
    share = (hits + 0.5 * hits.sum() / count.sum()) / (count + 0.5)
    target = np.log(-np.log1p(-np.clip(share, 1e-6, 1 - 1e-6)))
    best = np.linalg.lstsq(design, target - offset, rcond=None)[0] if begin is None else begin
    for _ in range(_STEPS):
        gradient, information = _score(design, design @ best + offset, hits, count)
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        before = log_likelihood(design @ best + offset, hits, count)
        for _ in range(30):
            if log_likelihood(design @ (best + step) + offset, hits, count) >= before:
                break
            step = step / 2
        best = best + step
        if float(np.abs(step).max()) < 1e-9 * (1 + float(np.abs(best).max())):
            break
    return best, _score(design, design @ best + offset, hits, count)[1]


def _score(
    design: NDArray[np.float64], eta: NDArray[np.float64], hits: NDArray[np.float64], count: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    expected = np.exp(np.clip(eta, -700, MOST))
    missed = np.expm1(np.minimum(expected, 700.0))  # P/(1 - P)
    gradient = design.T @ (expected * (hits / -np.expm1(-expected) - count))
    weight = count * expected**2 / missed
    return gradient, (design * weight[:, None]).T @ design


def log_likelihood(eta: NDArray[np.float64], hits: NDArray[np.float64], count: NDArray[np.float64]) -> float:
    """Give the logarithm of the likelihood.

    Parameters
    ----------
    eta
        ln(-ln(1 - P)) of each, shape (N,).
    hits, count
        How many pulses switched, and of how many, shape (N,).
    """
    expected = np.exp(np.clip(eta, -700, MOST))
    return float((hits * np.log(-np.expm1(-expected)) - (count - hits) * expected).sum())


def pulse_boundary(currents: ArrayLike, switched: ArrayLike, pulses: ArrayLike, exponent: float = HALF) -> Quantity:
    """Give the current at which a share of the pulses switch, by `ln(-ln(1 - P)) = a + b I`.

    Parameters
    ----------
    currents
        Current of each setting, or of each pulse [A], shape (N,), above 0.
    switched, pulses
        How many switched, and of how many, shape (N,).
    exponent
        `ln(-ln(1 - P))` at the share: `HALF`, or 0 for 1 - 1/e.

    Returns
    -------
    Quantity
        Current [A]; NaN where the currents do not reach it.
    """
    sizes, hits, count = (np.asarray(each, float) for each in (currents, switched, pulses))
    nothing = Quantity(math.nan, math.nan, "A")
    wanted = -math.expm1(-math.exp(exponent))
    sizes, which = np.unique(sizes, return_inverse=True)
    hits, count = (np.asarray(np.bincount(which, each), float) for each in (hits, count))
    share = hits / np.maximum(count, 1)
    if sizes.size < 3 or not share.min() < wanted <= share.max():
        return nothing
    scale = float(sizes[-1])
    design = np.stack([np.ones_like(sizes), sizes / scale], axis=1)
    (start, slope), information = climb(design, np.zeros_like(sizes), hits, count)
    value = (exponent - start) / slope if slope > 0 else math.nan
    if sizes[0] <= value * scale <= sizes[-1] and np.linalg.cond(information) < _SINGULAR:
        towards = np.array([1.0, value]) / slope
        variance = float(towards @ np.linalg.inv(information) @ towards)
        return Quantity(value * scale, math.sqrt(variance) * scale, "A")
    # A step: between the last current that does not switch and the first that does.
    first = int(np.argmax(share >= wanted))
    step = float(sizes[first] - sizes[max(first - 1, 0)])
    return Quantity(float(sizes[first]) - step / 2, step / math.sqrt(12), "A")
