"""The likelihood of pulses that switched or did not: the complementary log-log model of binary data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST", "climb"]

_STEPS = 100
MOST = 40.0
"""Largest exponent that is told apart from certainty."""


def climb(
    design: NDArray[np.float64], offset: NDArray[np.float64], hits: NDArray[np.float64], count: NDArray[np.float64]
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

    Returns
    -------
    parameters, information : ndarray
        Most likely parameters, shape (P,), and Fisher's information there, shape (P, P).
    """
    # To begin with, every pulse has the mean share, pulled a little towards what it did.
    share = (hits + 0.5 * hits.sum() / count.sum()) / (count + 0.5)
    target = np.log(-np.log1p(-np.clip(share, 1e-6, 1 - 1e-6)))
    best = np.linalg.lstsq(design, target - offset, rcond=None)[0]
    for _ in range(_STEPS):
        gradient, information = _score(design, design @ best + offset, hits, count)
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        before = _log_likelihood(design @ best + offset, hits, count)
        for _ in range(30):
            if _log_likelihood(design @ (best + step) + offset, hits, count) >= before:
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


def _log_likelihood(eta: NDArray[np.float64], hits: NDArray[np.float64], count: NDArray[np.float64]) -> float:
    expected = np.exp(np.clip(eta, -700, MOST))
    return float((hits * np.log(-np.expm1(-expected)) - (count - hits) * expected).sum())
