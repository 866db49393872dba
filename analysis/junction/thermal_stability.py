"""Thermal stability from dwell times in fields: Sharrock's law with Brown's prefactor."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.junction.watched_dwells import WatchedDwells, climb
from mtjlab.core import FitError, Quantity

__all__ = ["ThermalStability", "brown_rate"]

GYROMAGNETIC_RATIO = 1.76e11  # rad/(s·T)
_BESIDE_SPAN = (1.2, 1.6, 2.2, 3.0, 4.0)  # anisotropy fields to begin from, over the largest applied one
_TRIES = 3  # of those beginnings, the likeliest


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
    """Δ and Bk of a junction, from dwells that were watched in several fields along its easy axis."""

    stability: Quantity
    """Thermal stability factor Δ without field."""
    anisotropy_field: Quantity
    """Anisotropy field Bk [T]."""
    offset: Quantity
    """Field that acts besides the applied one [T]."""
    chi_square: float
    """Deviance: twice the log-likelihood that a rate of its own for each state and field would gain."""
    freedom: int
    """Degrees of freedom of that."""

    @classmethod
    def fit(cls, fields: ArrayLike, states: ArrayLike, stayed: ArrayLike, gaps: ArrayLike, damping: float) -> Self:
        """Fit watched dwells of both states.

        Parameters
        ----------
        fields
            Applied field of each dwell [T], positive towards the parallel state, shape (N,).
        states
            State that was watched, 0 (parallel) or 1 (antiparallel), shape (N,).
        stayed
            Time from the first read that found the state to the last one [s], shape (N,).
        gaps
            Time from that read to the one that found the state left [s]; 0 where it was not left; shape (N,).
        damping
            Gilbert damping α, which the prefactor needs; a factor of two in it changes Δ by 0.7.

        Returns
        -------
        ThermalStability
            The fit. Dwells that did not end count: they say that the rate is low.

        Raises
        ------
        FitError
            If fewer than four dwells ended, a state was left in fewer than two fields, or they do not follow the law.

        Notes
        -----
        M. P. Sharrock, J. Appl. Phys. 76, 6413 (1994), for coherent rotation in a field along the easy axis (exponent
        2). What is maximised is the likelihood of the dwells themselves, `WatchedDwells`, so that it matters neither by
        which rule a watch was ended nor how the fields were chosen.
        """
        at, watched = np.asarray(fields, float), np.asarray(states, float)
        dwells = WatchedDwells.of(stayed, gaps)
        if dwells.escapes < 4:
            raise FitError(
                f"{dwells.escapes} dwells that ended do not fix three parameters: go closer to the switching field, or "
                "wait longer"
            )
        sign, span = 1 - 2 * watched, float(np.abs(at).max()) or 0.1

        def log_rates(p: NDArray[np.float64]) -> NDArray[np.float64]:
            stability, anisotropy = math.exp(p[0]), math.exp(p[1])
            return _log_rates(stability, anisotropy, sign * (at + p[2] * span), damping)

        starts = [np.array([math.log(d), math.log(span * b), 0.0]) for d in (10, 20, 40, 80) for b in _BESIDE_SPAN]
        likely = sorted(starts, key=lambda start: -dwells.log_likelihood(log_rates(start)))[:_TRIES]
        best, information = max(
            (climb(dwells, log_rates, start) for start in likely),
            key=lambda found: dwells.log_likelihood(log_rates(found[0])),
        )
        covariance = np.linalg.pinv(information)
        values = np.array([*np.exp(best[:2]), best[2] * span])
        uncertainties = np.sqrt(np.diag(covariance)) * np.array([values[0], values[1], span])
        if not np.isfinite(uncertainties).all() or not uncertainties[0] < values[0]:
            raise FitError(
                "the dwell times do not fix the stability: they span too little; take fields that differ more"
            )
        apart, conditions = dwells.saturated(np.stack([at, watched], axis=1))
        deviance = 2 * (apart - dwells.log_likelihood(log_rates(best)))
        goodness = Goodness.of(max(deviance, 0.0), conditions - 3)
        stability, anisotropy, offset = (
            Quantity(float(v), float(u) * goodness.widening, unit)
            for v, u, unit in zip(values, uncertainties, ("1", "T", "T"), strict=True)
        )
        return cls(stability, anisotropy, offset, goodness.chi_square, conditions - 3)

    def field_slope(self, state: int, field: float, damping: float) -> float:
        """Give d ln τ/dB of state 0 (parallel) or 1 (antiparallel) in an applied field [T], in 1/T.

        Parameters
        ----------
        state
            0 (parallel) or 1 (antiparallel).
        field
            Applied field [T], of either sign.
        damping
            Gilbert damping α.
        """
        small = 1e-4 * self.anisotropy_field.value
        along = (1 - 2 * state) * (field + self.offset.value + np.array([-small, small]))
        low, high = _log_rates(self.stability.value, self.anisotropy_field.value, along, damping)
        return float(low - high) / (2 * small)

    @property
    def p_value(self) -> float:
        """Probability of a misfit at least so large if the law holds."""
        return Goodness.of(self.chi_square, self.freedom).p_value


def _log_rates(
    stability: float, anisotropy_field: float, along: NDArray[np.float64], damping: float
) -> NDArray[np.float64]:
    """Give the logarithms of Brown's rates, continued to where he has none: fields beyond Bk, barriers below 2 kT."""
    held = np.clip(along, -0.95 * anisotropy_field, 0.95 * anisotropy_field)
    h = held / anisotropy_field
    barrier = stability * (1 + h) ** 2
    attempt = damping * GYROMAGNETIC_RATIO * anisotropy_field / (1 + damping**2)
    return np.asarray(
        math.log(attempt)
        + 0.5 * math.log(stability / math.pi)
        + np.log((1 - h**2) * (1 + h) * np.maximum(1 - 1 / barrier, 0.5))
        - barrier
    )
