"""Chi-square of counts in classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincc

__all__ = ["chi_square"]


def chi_square(counts: ArrayLike, probabilities: ArrayLike) -> tuple[float, float]:
    """Return chi-square of `counts` against `probabilities`, and its p-value."""
    seen = np.asarray(counts, float)
    expected = seen.sum() * np.asarray(probabilities, float)
    statistic = float(((seen - expected) ** 2 / expected).sum())
    return statistic, float(gammaincc((seen.size - 1) / 2, statistic / 2))
