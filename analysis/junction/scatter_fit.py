"""Least squares where the readings scatter more than their errors say."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["ScatterFit", "fit_with_scatter", "student_factor"]

_Z95 = 1.959963984540054
_HALVINGS = 40


@dataclasses.dataclass(frozen=True)
class ScatterFit:
    """Parameters with uncertainties whose normal 95 % intervals hold 95 %."""

    values: NDArray[np.float64]
    """Fitted parameters, shape (P,)."""
    uncertainties: NDArray[np.float64]
    """Their uncertainties, shape (P,)."""
    scatter: float
    """Standard deviation beyond the errors that were given; 0 where they explain what is seen."""
    chi_square: float
    """Sum of the squared residuals over the given errors."""
    freedom: int
    """Degrees of freedom of that."""


def student_factor(freedom: int) -> float:
    """Give by how much Student's 95 % interval is wider than the normal one.

    Examples
    --------
    >>> round(student_factor(4), 3)
    1.417
    """
    from scipy.stats import t

    return float(t.ppf(0.975, freedom)) / _Z95 if freedom > 0 else math.inf


def fit_with_scatter(
    model: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    readings: NDArray[np.float64],
    errors: NDArray[np.float64],
    start: NDArray[np.float64],
    likeness: NDArray[np.float64] | None = None,
) -> ScatterFit:
    """Fit a model to readings that have a scatter of unknown size besides their errors.

    Parameters
    ----------
    model
        Gives what is expected, shape (N,), for parameters, shape (P,).
    readings
        What was read, shape (N,).
    errors
        Known standard errors, shape (N,).
    start
        Parameters to begin from, shape (P,).
    likeness
        Covariance of the scatter where its size is 1, shape (N, N); its own for each reading unless given.

    Returns
    -------
    ScatterFit
        The fit.

    Notes
    -----
    The scatter is what brings the sum of squares down to the degrees of freedom (R. C. Paule and J. Mandel, J. Res.
    Natl. Bur. Stand. 87, 377 (1982)). Where there is some, it is known no better than the residuals are many: the
    uncertainties are Student's.
    """
    from scipy.linalg import solve_triangular
    from scipy.optimize import least_squares

    freedom = readings.size - start.size

    def fitted(scatter: float):  # type: ignore[no-untyped-def]
        if likeness is None:
            sigma = np.hypot(errors, scatter)
            return least_squares(lambda p: (readings - model(p)) / sigma, start, method="lm")
        root = np.linalg.cholesky(np.diag(errors**2) + scatter**2 * likeness)
        return least_squares(lambda p: solve_triangular(root, readings - model(p), lower=True), start, method="lm")

    found = fitted(0.0)
    chi_square, scatter = float(2 * found.cost), 0.0
    if chi_square > freedom > 0:
        below, above = 0.0, float(np.std(readings - model(found.x))) * 10
        for _ in range(_HALVINGS):
            scatter = (below + above) / 2
            found = fitted(scatter)
            below, above = (scatter, above) if 2 * found.cost > freedom else (below, scatter)
            if above - below < 1e-3 * above:
                break
    covariance = np.linalg.pinv(found.jac.T @ found.jac)
    widened = student_factor(freedom) if scatter else 1.0
    return ScatterFit(found.x, np.sqrt(np.diag(covariance)) * widened, scatter, chi_square, freedom)
