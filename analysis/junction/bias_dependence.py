"""Resistance against voltage: parallel resistance, tunnel magnetoresistance, and how the bias takes it away."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.junction.estimate import Estimate
from mtjlab.analysis.junction.scatter_fit import ScatterFit, fit_with_scatter

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
    """Sum of the squared residuals of the ratios over the errors that were given."""
    freedom: int
    """Degrees of freedom of that."""

    @classmethod
    def fit(
        cls,
        voltages: ArrayLike,
        currents: ArrayLike,
        states: ArrayLike,
        errors: ArrayLike,
        aligned: ArrayLike = 1.0,
        yields: ArrayLike = 1.0,
    ) -> Self:
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
        aligned
            Mean of abs(cos θ) in the wells at each voltage, shape (N,); `mean_cosine` gives it. Without it TMR and Vh
            are those of the states as they are tilted: 3 % lower and 1 % off at a stability of 45.
        yields
            How that mean yields to the torque of a bias, up to a factor, shape (N,); `mean_cosine` gives it.

        Returns
        -------
        BiasDependence
            The fit, with uncertainties from the errors.

        Raises
        ------
        ValueError
            If the states were not both read at three voltages, or the readings are not those of a tunnel junction with
            magnetoresistance; the message is a diagnosis.

        Notes
        -----
        `R(θ, V) = Rp (1 + (V/Vh)² + TMR)/(1 + (V/Vh)² + TMR (1 + cosθ)/2)` at θ = 0 and π. TMR and Vh are fitted to the
        ratio of both states' currents at each bias: 1/f noise moves both alike where they are read one after the other,
        and does not average out over the readings of one bias. What the ratios scatter beyond their errors widens the
        intervals, `fit_with_scatter`. A bias changes the tilt of the free layer, too, by the voltage-controlled
        anisotropy and the torque; that is odd in the bias, and a term for it is fitted where both polarities are there.
        """
        volts, amperes, given, sigma = (np.asarray(each, float) for each in (voltages, currents, states, errors))
        which = given.astype(np.uint8)
        cosine, give = (np.broadcast_to(np.asarray(each, float), volts.shape) for each in (aligned, yields))
        whole = _fit_currents(volts, amperes, which, sigma)
        # The errors of the ratios go by the currents of a first fit, not by the noisy ones that they belong to.
        relative = sigma * resistance(which, volts, *np.exp(whole)) / np.abs(volts)
        found = _fit_ratios(volts, amperes, which, relative, cosine, give, whole[1:])
        values, uncertainties = np.exp(found.values[:2]), np.exp(found.values[:2]) * found.uncertainties[:2]
        # The logarithms are fitted: it keeps all three positive, and a small relative error is theirs.
        if not np.isfinite(uncertainties).all() or uncertainties[0] > values[0] / 2:
            raise ValueError(
                f"no magnetoresistance is seen (TMR {values[0]:.3g} ± {uncertainties[0]:.2g}): both states read alike, "
                "the device did not switch or is shorted; check the states before the fit"
            )
        low = which == 0
        level = fit_with_scatter(
            lambda p: p[0] - np.log(_conductances(volts[low], cosine[low], *values)[0]),
            np.log(volts[low] / amperes[low]),
            relative[low],
            whole[:1],
        )
        rp = float(np.exp(level.values[0]))
        return cls(
            Estimate(rp, rp * float(level.uncertainties[0]), "Ω"),
            Estimate(float(values[0]), float(uncertainties[0]), "1"),
            Estimate(float(values[1]), float(uncertainties[1]), "V"),
            found.chi_square,
            found.freedom,
        )

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


def _conductances(
    voltages: NDArray[np.float64], aligned: NDArray[np.float64], tmr: float, half_bias: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the conductances of both states over 1/Rp, each tilted to a mean of abs(cos θ)."""
    bias = 1 + (voltages / half_bias) ** 2
    whole = bias + tmr
    return (bias + tmr * (1 + aligned) / 2) / whole, (bias + tmr * (1 - aligned) / 2) / whole


def _fit_currents(
    volts: NDArray[np.float64], amperes: NDArray[np.float64], which: NDArray[np.uint8], sigma: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Fit untilted layers to all currents; give the logarithms of Rp, TMR and Vh."""
    from scipy.optimize import least_squares

    start = np.log(_start(volts, amperes, which))
    return np.asarray(
        least_squares(lambda p: (amperes - volts / resistance(which, volts, *np.exp(p))) / sigma, start, method="lm").x
    )


def _fit_ratios(
    volts: NDArray[np.float64],
    amperes: NDArray[np.float64],
    which: NDArray[np.uint8],
    relative: NDArray[np.float64],
    cosine: NDArray[np.float64],
    give: NDArray[np.float64],
    start: NDArray[np.float64],
) -> ScatterFit:
    """Fit the logarithms of TMR and Vh, and the torque where it can be told, to the ratios of both states' currents."""
    at, ratios, spread = _ratios(volts, np.log(np.abs(amperes)), which, relative)
    order = np.argsort(volts)
    first = order[np.searchsorted(volts, at, sorter=order)]
    there, pushed = cosine[first], at * give[first]
    both_ways = bool((at > 0).any() and (at < 0).any())

    def model(p: NDArray[np.float64]) -> NDArray[np.float64]:
        # What pushes towards one state straightens it, and tilts the other.
        push = p[2] * pushed if both_ways else np.zeros(at.size)
        low = _conductances(at, there + push, *np.exp(p[:2]))[0]
        high = _conductances(at, there - push, *np.exp(p[:2]))[1]
        return np.asarray(np.log(low / high))

    return fit_with_scatter(model, ratios, spread, np.append(start, 0.0) if both_ways else start)


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


def _ratios(
    volts: NDArray[np.float64], logs: NDArray[np.float64], which: NDArray[np.uint8], errors: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Give voltages at which both states were read, ln(Iparallel/Iantiparallel) there, and its error."""
    at, group = np.unique(volts, return_inverse=True)
    means, variances = np.full((2, at.size), np.nan), np.full((2, at.size), np.nan)
    for state in (0, 1):
        here = which == state
        weights = np.bincount(group[here], errors[here] ** -2.0, at.size)
        read = weights > 0
        means[state, read] = np.bincount(group[here], logs[here] * errors[here] ** -2.0, at.size)[read] / weights[read]
        variances[state, read] = 1 / weights[read]
    both = np.isfinite(means).all(axis=0)
    if np.count_nonzero(both) < 3:
        raise ValueError(f"both states were read at {np.count_nonzero(both)} voltages: read them at the same three")
    return at[both], (means[0] - means[1])[both], np.sqrt(variances.sum(axis=0))[both]
