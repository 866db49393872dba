"""Thermal stability from dwell times in fields: Sharrock's law with Brown's prefactor."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction.estimate import Estimate

__all__ = ["ThermalStability", "brown_rate"]

GYROMAGNETIC_RATIO = 1.76e11  # rad/(s·T)
_BESIDE_SPAN = np.array([1.2, 1.6, 2.2, 3.0, 4.0])  # anisotropy fields to begin from, over the largest applied one
_TRIES = 2  # of those beginnings, the likeliest


def brown_rate(stability: float, anisotropy_field: float, fields: ArrayLike, damping: float) -> NDArray[np.float64]:
    """Give the rate at which a uniaxial moment leaves the well that a field favours or disfavours.

    Parameters
    ----------
    stability
        Thermal stability factor Δ without field.
    anisotropy_field
        Anisotropy field Bk [T].
    fields
        Field along the easy axis [T], any shape; positive fields hold the moment in its well. Between -Bk and Bk.
    damping
        Gilbert damping α.

    Returns
    -------
    ndarray of float64
        Rates [1/s].

    Notes
    -----
    W. F. Brown, Phys. Rev. 130, 1677 (1963), high barriers, with h = B/Bk and the barrier Δ (1 + h)²:
    rate = αγBk/(1 + α²) √(Δ/π) (1 - h²)(1 + h) exp(-Δ (1 + h)²). The next term of the expansion, a factor of
    1 - 1/(Δ (1 + h)²), brings it within 3 % of the slowest Fokker-Planck eigenvalue for barriers above 6.
    """
    h = np.asarray(fields, float) / anisotropy_field
    barrier = stability * (1 + h) ** 2
    attempt = damping * GYROMAGNETIC_RATIO * anisotropy_field / (1 + damping**2)
    correction = 1 - 1 / barrier
    return np.asarray(attempt * np.sqrt(stability / math.pi) * (1 - h**2) * (1 + h) * np.exp(-barrier) * correction)


@dataclasses.dataclass(frozen=True)
class ThermalStability:
    """Δ and Bk of a junction, from mean dwell times at several fields along its easy axis."""

    stability: Estimate
    """Thermal stability factor Δ without field."""
    anisotropy_field: Estimate
    """Anisotropy field Bk [T]."""
    offset: Estimate
    """Field that acts besides the applied one [T]."""
    chi_square: float
    """Sum of the squared residuals over their errors."""
    freedom: int
    """Degrees of freedom of that."""

    @classmethod
    def fit(
        cls, fields: ArrayLike, states: ArrayLike, mean_dwells: ArrayLike, escapes: ArrayLike, damping: float
    ) -> Self:
        """Fit mean dwell times of both states.

        Parameters
        ----------
        fields
            Applied field [T], positive towards the parallel state, shape (N,).
        states
            State that was watched, 0 (parallel) or 1 (antiparallel), shape (N,).
        mean_dwells
            Mean dwell time of each [s], shape (N,).
        escapes
            Number of escapes each was averaged over, shape (N,).
        damping
            Gilbert damping α, which the prefactor needs; a factor of two in it changes Δ by 0.7.

        Returns
        -------
        ThermalStability
            The fit.

        Raises
        ------
        ValueError
            If there are fewer than four dwell times with an escape, or they do not follow the law.

        Notes
        -----
        M. P. Sharrock, J. Appl. Phys. 76, 6413 (1994), for coherent rotation in a field along the easy axis (exponent
        2). The logarithm of a mean over n exponential times has the variance ψ'(n).
        """
        from scipy.optimize import least_squares
        from scipy.special import polygamma, psi

        at, watched, means, counts = (np.asarray(each, float) for each in (fields, states, mean_dwells, escapes))
        used = counts >= 1
        if np.count_nonzero(used) < 4:
            raise ValueError(
                f"{np.count_nonzero(used)} dwell times with an escape do not fix three parameters: go closer to the "
                "switching field, or wait longer"
            )
        at, watched, counts = at[used], watched[used], counts[used]
        # E[ln(mean of n)] = ln τ + ψ(n) - ln n
        logs = np.log(means[used]) - psi(counts) + np.log(counts)
        errors = np.sqrt(polygamma(1, counts))
        sign = 1 - 2 * watched

        def residuals(p: NDArray[np.float64]) -> NDArray[np.float64]:
            stability, anisotropy = np.exp(p[:2])
            along = np.clip(sign * (at + p[2]), -0.95 * anisotropy, 0.95 * anisotropy)
            with np.errstate(divide="ignore", invalid="ignore"):
                rates = brown_rate(float(stability), float(anisotropy), along, damping)
            model = -np.log(np.where(rates > 0, rates, 1e300))
            return np.asarray((logs - model) / errors)

        span = float(np.abs(at).max()) or 0.1
        starts = [np.array([math.log(d), math.log(b), 0.0]) for d in (10, 20, 40, 80) for b in span * _BESIDE_SPAN]
        likely = sorted(starts, key=lambda start: float(np.sum(residuals(start) ** 2)))[:_TRIES]
        best = min(
            (least_squares(residuals, start, x_scale=(1, 1, span / 10), method="lm") for start in likely),
            key=lambda f: f.cost,
        )
        values = np.array([*np.exp(best.x[:2]), best.x[2]])
        covariance = np.linalg.pinv(best.jac.T @ best.jac)
        scale = np.array([values[0], values[1], 1.0])
        uncertainties = np.sqrt(np.diag(covariance)) * scale
        if not np.isfinite(uncertainties).all() or uncertainties[0] > values[0]:
            raise ValueError(
                "the dwell times do not fix the stability: they span too little; take fields that differ more"
            )
        stability, anisotropy, offset = (
            Estimate(float(v), float(u), unit)
            for v, u, unit in zip(values, uncertainties, ("1", "T", "T"), strict=True)
        )
        return cls(stability, anisotropy, offset, float(2 * best.cost), at.size - 3)

    @property
    def p_value(self) -> float:
        """Probability of a misfit at least so large if the law holds."""
        from scipy.stats import chi2

        return float(chi2.sf(self.chi_square, self.freedom))
