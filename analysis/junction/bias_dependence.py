"""Resistance against voltage: parallel resistance, tunnel magnetoresistance, and how the bias takes it away."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction.estimate import Estimate

__all__ = ["BiasDependence"]


@dataclasses.dataclass(frozen=True)
class BiasDependence:
    """R(V) of both states, fitted.

    Examples
    --------
    >>> volts = np.tile([-0.4, -0.3, -0.2, -0.1, 0.1, 0.2, 0.3, 0.4], 2)
    >>> states = np.repeat([0, 1], 8)
    >>> currents = volts / resistance(states, volts, 50e3, 1.0, 0.5)
    >>> fit = BiasDependence.fit(volts, currents, states, np.full(16, 1e-9))
    >>> round(fit.tmr.value, 6), round(fit.half_bias.value, 6)
    (1.0, 0.5)
    """

    parallel: Estimate
    """Resistance of the parallel state at zero bias [Ω]."""
    tmr: Estimate
    """Tunnel magnetoresistance (Rap - Rp)/Rp at zero bias."""
    half_bias: Estimate
    """Bias Vh at which the tunnel magnetoresistance has fallen to half [V]."""
    chi_square: float
    """Sum of the squared residuals over their errors."""
    freedom: int
    """Degrees of freedom of that."""

    @classmethod
    def fit(cls, voltages: ArrayLike, currents: ArrayLike, states: ArrayLike, errors: ArrayLike) -> Self:
        """Fit readings of both states.

        Parameters
        ----------
        voltages
            Voltage at the junction of each reading [V], shape (N,), zero excluded.
        currents
            Current [A], shape (N,).
        states
            0 (parallel) or 1 (antiparallel), shape (N,).
        errors
            Standard error of each current [A], shape (N,).

        Returns
        -------
        BiasDependence
            The fit, with uncertainties from the errors.

        Raises
        ------
        ValueError
            If a state has fewer than three readings, or the readings are not those of a tunnel junction with
            magnetoresistance; the message is a diagnosis.

        Notes
        -----
        `R(θ, V) = Rp (1 + (V/Vh)² + TMR)/(1 + (V/Vh)² + TMR (1 + cosθ)/2)` at θ = 0 and π. The currents are fitted, not
        the resistances: their errors are the ones that are known, and do not blow up where the current is small.
        """
        from scipy.optimize import least_squares

        volts, amperes, given, sigma = (np.asarray(each, float) for each in (voltages, currents, states, errors))
        which = given.astype(np.uint8)
        start = _start(volts, amperes, which)
        fitted = least_squares(
            lambda p: (amperes - volts / resistance(which, volts, *np.exp(p))) / sigma, np.log(start), method="lm"
        )
        values = np.exp(fitted.x)
        # The logarithms are fitted: it keeps all three positive, and a small relative error is theirs.
        covariance = np.linalg.pinv(fitted.jac.T @ fitted.jac)
        uncertainties = values * np.sqrt(np.diag(covariance))
        if not np.isfinite(uncertainties).all() or uncertainties[1] > values[1] / 2:
            raise ValueError(
                f"no magnetoresistance is seen (TMR {values[1]:.3g} ± {uncertainties[1]:.2g}): both states read alike, "
                "the device did not switch or is shorted; check the states before the fit"
            )
        parallel, tmr, half_bias = (
            Estimate(float(value), float(uncertainty), unit)
            for value, uncertainty, unit in zip(values, uncertainties, ("Ω", "1", "V"), strict=True)
        )
        return cls(parallel, tmr, half_bias, float(2 * fitted.cost), volts.size - 3)

    @property
    def p_value(self) -> float:
        """Probability of a misfit at least so large if the model holds and the errors are right."""
        from scipy.stats import chi2

        return float(chi2.sf(self.chi_square, self.freedom))


def resistance(
    states: ArrayLike, voltages: ArrayLike, parallel: float, tmr: float, half_bias: float
) -> NDArray[np.float64]:
    """Give R(V) of the parallel (0) and the antiparallel (1) state [Ω]; see `BiasDependence.fit`."""
    bias = 1 + (np.asarray(voltages, float) / half_bias) ** 2
    aligned = 1 - np.asarray(states, float)
    return np.asarray(parallel * (bias + tmr) / (bias + tmr * aligned))


def _start(volts: NDArray[np.float64], amperes: NDArray[np.float64], which: NDArray[np.uint8]) -> list[float]:
    """Guess the parameters from the readings at the smallest and the largest bias."""
    if not volts.all():
        raise ValueError("a reading at 0 V says nothing of the resistance: leave it out")
    if min(np.count_nonzero(which == state) for state in (0, 1)) < 3:
        raise ValueError(f"{volts.size} readings do not hold three of each state: read both states at three voltages")
    ohms = volts / amperes
    if not (np.isfinite(ohms).all() and (ohms > 0).all()):
        raise ValueError(
            "currents that are zero or against their voltage are no tunnel junction's: the device is open or the "
            "offset of the meter is larger than the current; check the contact, or raise the voltage"
        )
    small = np.abs(volts) <= np.quantile(np.abs(volts), 0.3)
    parallel, antiparallel = (float(np.median(ohms[small & (which == state)])) for state in (0, 1))
    return [parallel, max(0.05, antiparallel / parallel - 1), 0.5 if not math.isnan(parallel) else 1.0]
