"""Resistance against voltage: parallel resistance, tunnel magnetoresistance, and how the bias takes it away."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction.flicker_error import pink_covariance
from mtjlab.analysis.junction.known_tilt import KnownTilt
from mtjlab.analysis.junction.scatter_fit import ScatterFit, fit_with_scatter, student_factor
from mtjlab.analysis.junction.tilt import Tilt
from mtjlab.analysis.junction.tunnel_resistance import resistance
from mtjlab.core import FitError, Quantity

__all__ = ["BiasDependence"]

_APART = 4.0
"""Standard errors by which the two states differ at zero bias, at least. Without this a fit now and then finds some
in a device that has none."""


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

    parallel: Quantity
    """Resistance of the parallel state at zero bias [Ω]."""
    tmr: Quantity
    """Tunnel magnetoresistance (Rap - Rp)/Rp at zero bias."""
    half_bias: Quantity
    """Bias Vh at which the tunnel magnetoresistance has fallen to half [V]."""
    torque: float
    """Field that a bias is worth by its torque, over the anisotropy field [1/V]; 0 where one polarity was read."""
    tilt: Tilt
    """How the free layer stands in its wells: as given, or as likely by what is known and the readings."""
    leads: float
    """Resistance of the leads in the readings, likewise [Ω]."""
    p_value: float
    """Goodness: probability that further powers of the bias, other in each state, would take as much of the residuals
    if the model holds."""

    @classmethod
    def fit(
        cls,
        voltages: ArrayLike,
        currents: ArrayLike,
        states: ArrayLike,
        errors: ArrayLike,
        tilt: Tilt | KnownTilt | None = None,
    ) -> Self:
        """Fit readings of both states.

        Parameters
        ----------
        voltages
            Voltage at the junction of each reading [V], shape (N,), zero excluded, in the order in which they were read
            at a steady pace.
        currents
            Current [A], shape (N,).
        states
            0 (parallel) or 1 (antiparallel), shape (N,).
        errors
            Standard error of each current [A], shape (N,).
        tilt
            How the free layer stands in its wells, with the leads; what is uncertain there is part of the
            uncertainties. Without it TMR and Vh are those of the states as they read: 3 % lower and 1 % off at a
            stability of 45 in a tenth of the anisotropy field.

        Returns
        -------
        BiasDependence
            The fit, with uncertainties from the errors, and from what is known of the tilt. A poor fit has them
            widened (`Goodness`).

        Raises
        ------
        FitError
            If the states were not both read at three voltages, or the readings are not those of a tunnel junction with
            magnetoresistance; the message is a diagnosis.

        Notes
        -----
        `R(θ, V) = Rp (1 + (V/Vh)² + TMR)/(1 + (V/Vh)² + TMR (1 + cosθ)/2)` at θ = 0 and π. What the currents scatter
        beyond their errors is taken for 1/f noise, whose size is found with the fit (`fit_with_scatter`): it does not
        average out over the readings of one bias, but moves those alike that are read one after the other
        (`pink_covariance`), and all of a run against those of another one: that is in the uncertainty of Rp. The torque
        of a bias changes the tilt of the free layer, too; how much, is fitted where both polarities are there.
        """
        volts, amperes, given, sigma = (np.asarray(each, float) for each in (voltages, currents, states, errors))
        which = given.astype(np.uint8)
        known = tilt if isinstance(tilt, KnownTilt) else KnownTilt.exactly(tilt or Tilt(math.inf))
        whole = _fit_currents(volts, amperes, which, sigma)
        # The relative errors go by the currents of a first fit, not by the noisy ones that they belong to.
        relative = sigma * resistance(which, volts, *np.exp(whole)) / np.abs(volts)
        found, both_ways = _fit_logs(volts, amperes, relative, which, known, whole)
        goodness = found.lack_of_fit(_further_powers(volts, which))
        # The logarithms are fitted: it keeps all three positive, and a small relative error is theirs.
        values = np.exp(found.values[:3])
        uncertainties = values * found.uncertainties[:3] * goodness.widening
        if not np.isfinite(uncertainties).all() or uncertainties[1] > values[1] / 2:
            raise FitError(
                f"no magnetoresistance is seen (TMR {values[1]:.3g} ± {uncertainties[1]:.2g}): both states read alike, "
                "the device did not switch or is shorted; check the states before the fit"
            )
        parallel, tmr, half_bias = (
            Quantity(float(value), float(spread), unit)
            for value, spread, unit in zip(values, uncertainties, ("Ω", "1", "V"), strict=True)
        )
        torque = float(found.values[3]) if both_ways else 0.0
        stands, leads = known.at(found.values[3 + both_ways :], float(np.abs(volts).max()))
        return cls(parallel, tmr, half_bias, torque, stands, leads, goodness.p_value)

    def resistances(self, voltages: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the fitted R(V) of both states, without the leads.

        Parameters
        ----------
        voltages
            Voltages [V], shape (N,).

        Returns
        -------
        parallel, antiparallel : ndarray of float64
            Resistances [Ω], shape (N,).
        """
        volts = np.asarray(voltages, float)
        along, against = self.tilt.cosines(volts, self.torque)
        tmr, half_bias = self.tmr.value, self.half_bias.value
        parallel, antiparallel = (
            self.parallel.value / _conductance(volts, cosine, tmr, half_bias) for cosine in (along, -against)
        )
        return np.asarray(parallel), np.asarray(antiparallel)


def _conductance(
    voltages: NDArray[np.float64], cosine: NDArray[np.float64], tmr: float, half_bias: float
) -> NDArray[np.float64]:
    """Give the conductance over 1/Rp at a mean cosine of the angle between the layers."""
    bias = 1 + (voltages / half_bias) ** 2
    return np.asarray((bias + tmr * (1 + cosine) / 2) / (bias + tmr))


def _fit_currents(
    volts: NDArray[np.float64], amperes: NDArray[np.float64], which: NDArray[np.uint8], sigma: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Fit untilted layers to all currents; give the logarithms of Rp, TMR and Vh."""
    from scipy.optimize import least_squares

    start = np.log(_start(volts, amperes, which))
    return np.asarray(
        least_squares(lambda p: (amperes - volts / resistance(which, volts, *np.exp(p))) / sigma, start, method="lm").x
    )


def _fit_logs(
    volts: NDArray[np.float64],
    amperes: NDArray[np.float64],
    relative: NDArray[np.float64],
    which: NDArray[np.uint8],
    known: KnownTilt,
    start: NDArray[np.float64],
) -> tuple[ScatterFit, bool]:
    """Fit the logarithms of Rp, TMR and Vh, the torque, and what is uncertain, to those of the currents.

    The torque can be told where both polarities were read; whether they were is given back, too.
    """
    at, group = np.unique(volts, return_inverse=True)
    both_ways = bool((at > 0).any() and (at < 0).any())
    sizes, largest = np.abs(volts), float(np.abs(volts).max())

    def model(p: NDArray[np.float64]) -> NDArray[np.float64]:
        tilt, leads = known.at(p[3 + both_ways :], largest)
        parallel, antiparallel = tilt.cosines(at, float(p[3]) if both_ways else 0.0)
        cosine = np.where(which == 0, parallel[group], -antiparallel[group])
        ohms = math.exp(p[0]) / _conductance(volts, cosine, *np.exp(p[1:3]))
        return np.asarray(np.log(sizes / (ohms + leads)))

    begin = np.concatenate([start, np.zeros(int(both_ways) + known.uncertain)])
    sure = np.where(np.arange(begin.size) < start.size + both_ways, math.inf, 1.0)
    return fit_with_scatter(
        model, np.log(np.abs(amperes)), relative, begin, pink_covariance(volts.size), sure
    ), both_ways


def _further_powers(volts: NDArray[np.float64], which: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Give powers of the bias that the model does not have, for each state, shape (N, 10)."""
    at = volts / np.abs(volts).max()
    return np.stack([np.where(which == state, at**power, 0.0) for state in (0, 1) for power in range(5)], axis=1)


def _start(volts: NDArray[np.float64], amperes: NDArray[np.float64], which: NDArray[np.uint8]) -> list[float]:
    """Guess the parameters from the readings at the smallest and the largest bias."""
    if not volts.all():
        raise FitError("a reading at 0 V says nothing of the resistance: leave it out")
    if min(np.count_nonzero(which == state) for state in (0, 1)) < 3:
        raise FitError(f"{volts.size} readings do not hold three of each state: read both states at three voltages")
    ohms = volts / amperes
    if not (np.isfinite(ohms).all() and (ohms > 0).all()):
        raise FitError(
            "currents that are zero or against their voltage are no tunnel junction's: the device is open or the "
            "offset of the meter is larger than the current; check the contact, or raise the voltage"
        )
    if not _states_differ(volts, np.log(ohms), which):
        raise FitError(
            "no magnetoresistance is seen: both states read alike, the device did not switch or is shorted; check the "
            "states before the fit"
        )
    small = np.abs(volts) <= np.quantile(np.abs(volts), 0.3)
    parallel, antiparallel = (float(np.median(ohms[small & (which == state)])) for state in (0, 1))
    return [parallel, max(0.05, antiparallel / parallel - 1), 0.5 if not math.isnan(parallel) else 1.0]


def _states_differ(volts: NDArray[np.float64], logs: NDArray[np.float64], which: NDArray[np.uint8]) -> bool:
    """Tell whether the logarithms of the resistances, parabolas of the bias, are apart at zero bias."""
    at = volts / np.abs(volts).max()
    design = np.stack([np.ones_like(at), at, at**2, which, which * at**2], axis=1)
    best, _, rank, _ = np.linalg.lstsq(design, logs, rcond=None)
    freedom = at.size - int(rank)
    if freedom < 1:
        return bool(best[3] > 0)
    variance = float(((logs - design @ best) ** 2).sum()) / freedom * np.linalg.pinv(design.T @ design)[3, 3]
    return bool(best[3] > _APART * student_factor(freedom) * math.sqrt(variance))
