"""Least squares where the readings scatter more than their errors say."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis import Goodness
from mtjlab.core import NORMAL_95

__all__ = ["ScatterFit", "fit_with_scatter", "student_factor"]

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
    remaining: NDArray[np.float64]
    """Residuals, each over what it may be: independent and of the variance 1 if the model holds; shape (M,), those of
    the N readings and then of what is known of parameters."""
    gradient: NDArray[np.float64]
    """Derivatives of `remaining` by the parameters, shape (M, P)."""
    root: NDArray[np.float64] = dataclasses.field(repr=False)
    """Lower triangular root of the covariance of the readings, shape (N, N)."""

    def lack_of_fit(self, directions: NDArray[np.float64]) -> Goodness:
        """Test whether further terms of the model would take more of the residuals than chance lets them.

        Parameters
        ----------
        directions
            What the further terms would add to the model, shape (N, K). Such that are no other than what the
            parameters do already count for nothing.

        Returns
        -------
        Goodness
            Its probability is that of as much if the model holds, 1 where no degree of freedom is left to tell; its
            chi-square is what the terms take of `remaining`.

        Notes
        -----
        The F test of nested linear models (N. R. Draper and H. Smith, Applied Regression Analysis, 3rd ed., chapter
        6). It needs no size of the scatter, which `scatter` has taken out of chi-square.
        """
        from scipy.linalg import solve_triangular
        from scipy.stats import f

        further = np.zeros((self.remaining.size, directions.shape[1]))
        further[: len(directions)] = solve_triangular(self.root, directions, lower=True)
        wider = np.hstack([self.gradient, further])
        wider = wider / np.linalg.norm(wider, axis=0)
        best, _, rank, _ = np.linalg.lstsq(wider, self.remaining, rcond=1e-8)
        more, left = int(rank) - self.gradient.shape[1], self.remaining.size - int(rank)
        if more < 1 or left < 1:
            return Goodness(0.0, 0, 1.0)
        whole, unexplained = (float(each @ each) for each in (self.remaining, self.remaining - wider @ best))
        if not unexplained > 1e-20 * max(whole, 1.0):
            return Goodness(0.0, more, 1.0)
        taken = whole - unexplained
        return Goodness(taken, more, float(f.sf(taken / more / (unexplained / left), more, left)))


def student_factor(freedom: int) -> float:
    """Give by how much Student's 95 % interval is wider than the normal one.

    Parameters
    ----------
    freedom
        Degrees of freedom; none gives infinity.

    Examples
    --------
    >>> round(student_factor(4), 3)
    1.417
    """
    from scipy.stats import t

    return float(t.ppf(0.975, freedom)) / NORMAL_95 if freedom > 0 else math.inf


def fit_with_scatter(
    model: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    readings: NDArray[np.float64],
    errors: NDArray[np.float64],
    start: NDArray[np.float64],
    likeness: NDArray[np.float64] | None = None,
    known: NDArray[np.float64] | None = None,
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
    known
        Standard deviations to which parameters are known to be where they begin, shape (P,); infinite for what is not
        known. They count like readings.

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

    sure = np.full(start.size, math.inf) if known is None else known
    prior = np.isfinite(sure)
    freedom = readings.size + int(np.count_nonzero(prior)) - start.size
    alike = np.eye(readings.size) if likeness is None else likeness

    def root_of(scatter: float) -> NDArray[np.float64]:
        return np.asarray(np.linalg.cholesky(np.diag(errors**2) + scatter**2 * alike), float)

    def fitted(scatter: float, begin: NDArray[np.float64]):  # type: ignore[no-untyped-def]
        root = root_of(scatter)

        def residuals(p: NDArray[np.float64]) -> NDArray[np.float64]:
            read = solve_triangular(root, readings - model(p), lower=True)
            return np.concatenate([read, (p - start)[prior] / sure[prior]])

        return least_squares(residuals, begin, method="lm")

    found = fitted(0.0, start)
    chi_square, scatter = float(2 * found.cost), 0.0
    if chi_square > freedom > 0:
        below, above = 0.0, float(np.std(readings - model(found.x))) * 10
        for _ in range(_HALVINGS):
            scatter = (below + above) / 2
            found = fitted(scatter, found.x)
            below, above = (scatter, above) if 2 * found.cost > freedom else (below, scatter)
            if above - below < 1e-3 * above:
                break
    covariance = np.linalg.pinv(found.jac.T @ found.jac)
    widened = student_factor(freedom) if scatter else 1.0
    return ScatterFit(
        found.x,
        np.sqrt(np.diag(covariance)) * widened,
        scatter,
        chi_square,
        freedom,
        remaining=found.fun,
        gradient=found.jac,
        root=root_of(scatter),
    )
