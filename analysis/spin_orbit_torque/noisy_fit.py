"""Least squares for readings that scatter unequally and remember each other."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.junction import student_factor
from mtjlab.core import FitError, Quantity

__all__ = ["NoisyFit"]

Model = Callable[[NDArray[np.float64]], NDArray[np.float64]]

_LEAST_SERIES = 20
"""Readings from which on their autocorrelation is estimated; fewer do not tell it."""
_EVALUATIONS = 60
"""Evaluations of a model whose derivatives are known: a fit that needs more does not converge."""
_STRONGEST = 0.95
"""Largest autocorrelation that is taken out; beyond it the readings drift, and no difference of theirs means much."""


@dataclasses.dataclass(frozen=True)
class NoisyFit:
    """`r = y - f(p)`, each over its error, `w_k = r_k - ρ r_(k-1)`: p minimises Σ w².

    The size of the noise is taken from the residuals, not from the errors that are given: these are weights. Intervals
    are Student's. Without errors the covariance is the sandwich estimator HC3, which holds if some readings are noisier
    than others (J. G. MacKinnon and H. White, J. Econometrics 29, 305 (1985)).
    """

    values: NDArray[np.float64]
    """Fitted parameters, shape (P,)."""
    covariance: NDArray[np.float64]
    """Their covariance, shape (P, P), widened so that normal 95 % intervals hold 95 %."""
    residuals: NDArray[np.float64]
    """Readings less the model, shape (N,)."""
    chi_square: float
    """Sum of the squared w, in the units of the errors."""
    freedom: int
    """Readings less parameters."""
    autocorrelation: float
    """Lag-1 autocorrelation ρ of the noise that was taken out; 0 where there is none to see."""

    @classmethod
    def fit(
        cls,
        model: Model,
        readings: NDArray[np.float64],
        start: NDArray[np.float64],
        errors: NDArray[np.float64] | None = None,
        slopes: Model | None = None,
    ) -> Self:
        """Fit a model to readings in the order in which they were taken.

        Parameters
        ----------
        model
            Gives what is expected, shape (N,), for parameters, shape (P,).
        readings
            What was read, shape (N,), in order of time.
        start
            Parameters to begin from, shape (P,).
        errors
            Standard errors of the readings up to a common factor, shape (N,); None where they are not known.
        slopes
            Gives the derivatives of the model, shape (N, P); by finite differences unless given.

        Returns
        -------
        NoisyFit
            The fit.

        Raises
        ------
        FitError
            If there are no more readings than parameters, or some are no numbers.

        Notes
        -----
        The autocorrelation is that of a first-order autoregressive process, taken out as S. J. Prais and C. B. Winsten
        have it (Cowles Commission paper 383 (1954)): the first reading is kept.
        """
        if readings.size <= start.size:
            raise FitError(f"{readings.size} readings do not determine {start.size} parameters: take more")
        if not np.isfinite(readings).all():
            raise FitError("some readings are no numbers: the contact is open, or the meter at its limit")
        weights = np.ones_like(readings) if errors is None else 1 / errors
        fitted = _solve(model, readings, start, weights, 0.0, slopes)
        rho = _autocorrelation(fitted[1], start.size)
        if rho:
            fitted = _solve(model, readings, fitted[0], weights, rho, slopes)
        values, whitened, jacobian = fitted
        freedom = readings.size - start.size
        chi_square = float(whitened @ whitened)
        covariance = _covariance(whitened, jacobian, chi_square / freedom, robust=errors is None)
        covariance = covariance * student_factor(freedom) ** 2
        return cls(values, covariance, readings - model(values), chi_square, freedom, rho)

    @classmethod
    def linear(
        cls, design: NDArray[np.float64], readings: NDArray[np.float64], errors: NDArray[np.float64] | None = None
    ) -> Self:
        """Fit a sum of known courses.

        Parameters
        ----------
        design
            The courses, shape (N, P).
        readings
            What was read, shape (N,), in order of time.
        errors
            As for `fit`.

        Returns
        -------
        NoisyFit
            The fit; its values are the weights of the courses.
        """
        return cls.fit(lambda p: design @ p, readings, np.zeros(design.shape[1]), errors, lambda p: design)

    def quantity(self, index: int, unit: str, factor: float = 1.0) -> Quantity:
        """Give a parameter with its uncertainty.

        Parameters
        ----------
        index
            Which one.
        unit
            Its unit.
        factor
            It is multiplied with this first.

        Returns
        -------
        Quantity
            The parameter.
        """
        return self.combination(np.eye(self.values.size)[index] * factor, unit)

    def combination(self, weights: NDArray[np.float64], unit: str) -> Quantity:
        """Give a sum of the parameters, each times its weight, with its uncertainty.

        Parameters
        ----------
        weights
            Weights, shape (P,).
        unit
            Unit of the sum.

        Returns
        -------
        Quantity
            The sum.
        """
        variance = float(weights @ self.covariance @ weights)
        return Quantity(float(weights @ self.values), math.sqrt(max(variance, 0.0)), unit)


def _solve(
    model: Model,
    readings: NDArray[np.float64],
    start: NDArray[np.float64],
    weights: NDArray[np.float64],
    rho: float,
    slopes: Model | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give the parameters, the whitened residuals there and their derivatives, of either sign."""
    from scipy.optimize import least_squares

    def whiten(off: NDArray[np.float64]) -> NDArray[np.float64]:
        white = off - rho * np.concatenate([np.zeros_like(off[:1]), off[:-1]])
        white[0] = off[0] * math.sqrt(1 - rho**2)
        return white

    def residuals(p: NDArray[np.float64]) -> NDArray[np.float64]:
        return whiten((readings - model(p)) * weights)

    if slopes is None:
        found = least_squares(residuals, start, method="lm", x_scale="jac")
    else:
        found = least_squares(
            residuals,
            start,
            lambda p: -whiten(slopes(p) * weights[:, None]),
            method="lm",
            x_scale="jac",
            max_nfev=_EVALUATIONS,
        )
    return np.asarray(found.x), np.asarray(found.fun), np.asarray(found.jac)


def _autocorrelation(off: NDArray[np.float64], parameters: int) -> float:
    """Give the lag-1 autocorrelation of residuals, 0 where it may be chance."""
    whole = float(off @ off)
    if off.size < _LEAST_SERIES or not whole:
        return 0.0
    found = float(off[1:] @ off[:-1]) / whole
    # Fitted parameters take the slow part of white noise: its expectation is -P/N.
    found += parameters / off.size
    return float(np.clip(found, -_STRONGEST, _STRONGEST)) if abs(found) > 2 / math.sqrt(off.size) else 0.0


def _covariance(
    off: NDArray[np.float64], jacobian: NDArray[np.float64], variance: float, robust: bool
) -> NDArray[np.float64]:
    scale = np.linalg.norm(jacobian, axis=0)
    scale[scale == 0] = 1.0
    inverse = np.linalg.pinv(jacobian / scale, rcond=1e-9)  # (P, N)
    if robust:
        leverage = np.clip(np.einsum("np,pn->n", jacobian / scale, inverse), 0.0, 1 - 1e-6)
        inverse = inverse * (off / (1 - leverage))
        variance = 1.0
    return np.asarray(variance * (inverse @ inverse.T) / np.outer(scale, scale))
