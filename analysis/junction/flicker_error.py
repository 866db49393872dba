"""What 1/f noise leaves uncertain in a mean: far more than the readings scatter among themselves.

Readings of one run share what the noise has done since long before it. Another run, hours later, reads another mean.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["BETWEEN_RUNS", "USUAL_INTERVAL", "pink_covariance", "spread_of_runs"]

Values = NDArray[np.float64]

BETWEEN_RUNS = 2e5
"""Time over which runs that are compared lie apart [s]: two days. Ten times as much adds a tenth to the error."""
_RATIOS = np.geomspace(1e-2, 1e4, 19)
"""Of the scatter that is 1/f noise to that which is white."""
USUAL_INTERVAL = 0.02
"""Time from reading to reading where it is not told [s]: one cycle of the mains."""


def pink_covariance(count: int, interval: float = USUAL_INTERVAL) -> Values:
    """Give the covariance of readings that follow each other in 1/f noise of the density 1/f.

    Parameters
    ----------
    count
        Number of readings.
    interval
        Time from one to the next [s], over which each averages.

    Returns
    -------
    ndarray of float64
        Shape (count, count). Its differences are those of the noise; what all have in common is what it does within
        `BETWEEN_RUNS`.

    Notes
    -----
    It falls with the logarithm of the time between readings (B. B. Mandelbrot and J. W. Van Ness, SIAM Rev. 10, 422
    (1968), the limit H = 0).
    """
    apart = np.abs(np.subtract.outer(np.arange(count), np.arange(count))).astype(float)

    def twice(x: Values) -> Values:
        return np.asarray(x**2 * np.log(np.maximum(np.abs(x), 1e-300)))

    # -ln(time apart), averaged over the time of either reading.
    covariance = 1.5 - (twice(apart + 1) + twice(apart - 1) - 2 * twice(apart)) / 2
    return np.asarray(covariance + math.log(max(BETWEEN_RUNS / interval, count + 1.0)))


def spread_of_runs(design: Values, residuals: Values, sizes: Values, interval: float = USUAL_INTERVAL) -> Values:
    """Give the covariance of what least squares find of readings whose scatter may be 1/f noise.

    Parameters
    ----------
    design
        Derivatives of the readings by the parameters, shape (N, P).
    residuals
        Of the unweighted fit, shape (N,), in the order in which the readings were taken.
    sizes
        What a relative change of the noise changes in each reading, shape (N,).
    interval
        Time from reading to reading [s].

    Returns
    -------
    ndarray of float64
        Shape (P, P); Student's factor is in it.

    Notes
    -----
    How much of the scatter is 1/f noise and how much is white, the order of the residuals and their sizes tell: the
    covariance is the mean over the ratio of the two, equally likely a decade beforehand, by the restricted likelihood
    (H. D. Patterson and R. Thompson, Biometrika 58, 545 (1971)).
    """
    from scipy.linalg import null_space

    from mtjlab.analysis.junction.scatter_fit import student_factor

    solver, outside = np.linalg.pinv(design), null_space(design.T)
    left = outside.T @ residuals
    parts = [pink_covariance(len(residuals), interval) * np.outer(sizes, sizes), np.eye(len(residuals))]
    seen = [outside.T @ part @ outside for part in parts]
    pink, white = (part / np.trace(each) for part, each in zip(parts, seen, strict=True))
    likely, found = [], []
    for ratio in _RATIOS:
        covariance = ratio * pink + white
        root = np.linalg.cholesky(outside.T @ covariance @ outside)
        scaled = np.linalg.solve(root, left)
        scale = float(scaled @ scaled) / left.size
        if not scale > 0:
            return np.zeros((design.shape[1],) * 2)
        likely.append(-left.size * math.log(scale) / 2 - float(np.log(np.diag(root)).sum()))
        found.append(scale * solver @ covariance @ solver.T)
    weights = np.exp(np.array(likely) - max(likely))
    mean = np.tensordot(weights / weights.sum(), np.array(found), 1)
    return np.asarray(mean * student_factor(left.size) ** 2)
