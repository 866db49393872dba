"""Switching by current pulses with the help of heat: threshold at 1 ns and thermal stability."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.spin_orbit_torque.pulse_likelihood import MOST, climb, log_likelihood
from mtjlab.core import NORMAL_95, FitError, InputError, Quantity

__all__ = ["ATTEMPT_TIME", "ThermalSwitching", "barrier_left", "switched_share"]

ATTEMPT_TIME = 1e-9
"""τ0 [s], by convention; Δ is found against it: ten times as long a time makes Δ less by 2.3."""


_HALVINGS = 50
_WIDENINGS = 12
_BISECTIONS = 10


@dataclasses.dataclass(frozen=True)
class ThermalSwitching:
    """`P(I, t) = 1 - exp(-(t/τ0) exp(-Δ (1 - I/Ic0)))`: at `Ic(t) = Ic0 [1 - ln(t/τ0)/Δ]` it is 1 - 1/e.

    R. H. Koch, J. A. Katine and J. Z. Sun, Phys. Rev. Lett. 92, 088302 (2004). At a temperature T the exponent is
    Δ T0/T: what is found holds at T0.

    `ln(-ln(1 - P)) = ln(t/τ0) - Δ + (Δ/Ic0) I` is a straight line in I: the complementary log-log model of binary data
    (P. McCullagh and J. A. Nelder, Generalized Linear Models, 2nd ed., chapter 4), fitted to single pulses by maximum
    likelihood. So a loop whose current rises from pulse to pulse counts as what it is: each pulse that did not switch
    counts, too, and how fine the steps are does not matter.
    """

    stability: Quantity
    """Δ at T0."""
    critical_current: Quantity
    """Ic0 [A]: the threshold for a pulse of τ0."""
    attempt_time: float
    """τ0 [s]."""
    goodness: Goodness
    """How well pulses in groups of alike ones follow the law."""

    @classmethod
    def fit(
        cls,
        currents: ArrayLike,
        widths: ArrayLike,
        switched: ArrayLike,
        temperatures: ArrayLike | None = None,
        *,
        pulses: ArrayLike | None = None,
        barriers: ArrayLike | None = None,
        reference: float = 300.0,
        attempt_time: float = ATTEMPT_TIME,
    ) -> Self:
        """Fit pulses that tried to switch.

        Parameters
        ----------
        currents
            Current of each pulse, towards the other state [A], shape (N,).
        widths
            Its width [s], shape (N,).
        switched
            Whether it switched, or how many of `pulses` did, shape (N,).
        temperatures
            Temperature of the bar during each, its own heat included [K], shape (N,); `reference` for all unless given.
        pulses
            How many pulses each stands for; 1 unless given.
        barriers
            Share of the barrier that fields along the easy axis leave, the current's own among them: see
            `barrier_left`; 1 unless given.
        reference
            T0 [K].
        attempt_time
            τ0 [s].

        Returns
        -------
        ThermalSwitching
            The fit.

        Raises
        ------
        InputError
            If shapes differ, or a width or temperature is not positive.
        FitError
            If the pulses do not determine it: none switched, all switched, or each at the same current.
        """
        amperes = np.asarray(currents, float)
        count = np.ones_like(amperes) if pulses is None else np.asarray(pulses, float)
        kelvin = np.full_like(amperes, reference) if temperatures is None else np.asarray(temperatures, float)
        lasting, hits = np.asarray(widths, float), np.asarray(switched, float)
        if not amperes.shape == lasting.shape == hits.shape == kelvin.shape == count.shape:
            raise InputError(
                f"{amperes.size} currents, {lasting.size} widths, {hits.size} outcomes: give as many of each"
            )
        if not (lasting.min(initial=math.inf) > 0 and kelvin.min(initial=math.inf) > 0):
            raise InputError("widths and temperatures: expected values above 0")
        _refuse_one_sided(hits, count)
        scale = float(np.abs(amperes).max())
        left = np.ones_like(amperes) if barriers is None else np.asarray(barriers, float)
        cold = left * reference / kelvin
        design = np.stack([-cold, cold * amperes / scale], axis=1)
        best, information = climb(design, np.log(lasting / attempt_time), hits, count)
        covariance = np.linalg.pinv(information)
        barrier, slope = best
        error = math.sqrt(covariance[0, 0])
        if not (barrier > 2 * error and slope > 0 and np.linalg.cond(information) < 1e14):
            raise FitError(
                f"the pulses do not fix the thermal stability (Δ = {barrier:.3g} ± {error:.2g}): give finer steps of "
                "the current, widths that differ more, or more loops"
            )
        ratio = barrier / slope
        towards = np.array([1 / slope, -ratio / slope])
        threshold = Quantity(scale * ratio, scale * math.sqrt(float(towards @ covariance @ towards)), "A")
        offset = np.log(lasting / attempt_time)
        profile = _Profile(design, offset, hits, count)
        ends = profile.ends(ratio, threshold.uncertainty / scale, barrier)
        threshold = threshold._replace(low=scale * ends[0], high=scale * ends[1])
        stability = Quantity(float(barrier), error, "1")
        goodness = _goodness(design @ best + offset, hits, count)
        return cls(stability, threshold, attempt_time, goodness)

    def current(
        self, widths: ArrayLike, heating: float = 0.0, field_share: float = 0.0, reference: float = 300.0
    ) -> NDArray[np.float64]:
        """Give the critical current Ic(t), at which P is 1 - 1/e, with the heat and the field of the current itself.

        Parameters
        ----------
        widths
            Pulse widths [s], any shape.
        heating
            Rise of the temperature over the square of the current [K/A²].
        field_share
            h/Bk [1/A], positive where the current's field helps it; see `barrier_left`.
        reference
            T0 [K].

        Returns
        -------
        ndarray of float64
            Currents [A], same shape; without heat and field `Ic0 [1 - ln(t/τ0)/Δ]`.
        """
        spent = np.log(np.asarray(widths, float) / self.attempt_time)
        low, high = np.zeros_like(spent), np.full_like(spent, self.critical_current.value)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            left = self.stability.value * (1 - middle / self.critical_current.value)
            left = left * barrier_left(middle, field_share, 1.0) / (1 + heating * middle**2 / reference)
            low, high = np.where(left > spent, middle, low), np.where(left > spent, high, middle)
        return np.asarray((low + high) / 2)

    def probability(self, currents: ArrayLike, widths: ArrayLike) -> NDArray[np.float64]:
        """Give the probability at T0 that a pulse switches.

        Parameters
        ----------
        currents
            Currents [A], any shape.
        widths
            Widths [s], of a shape that goes with it.
        """
        ratio = np.asarray(currents, float) / self.critical_current.value
        exponent = np.log(np.asarray(widths, float) / self.attempt_time) - self.stability.value * (1 - ratio)
        return np.asarray(-np.expm1(-np.exp(np.minimum(exponent, MOST))))


def barrier_left(
    currents: ArrayLike, per_ampere: float, anisotropy_field: float, field: float = 0.0
) -> NDArray[np.float64]:
    """Give the share of the barrier that fields along the easy axis leave, `(1 - (B + h I)/Bk)²`.

    Parameters
    ----------
    currents
        Currents towards the other state [A], any shape.
    per_ampere
        h [T/A], positive where the current's field helps it: `CurrentInducedField.per_ampere`, for a type-y bar.
    anisotropy_field
        Bk [T].
    field
        B, applied towards the other state [T].

    Returns
    -------
    ndarray of float64
        Shares, same shape; 0 where the fields alone switch.
    """
    against = (np.asarray(currents, float) * per_ampere + field) / anisotropy_field
    return np.asarray(np.maximum(1 - against, 0.0) ** 2)


def _refuse_one_sided(hits: NDArray[np.float64], count: NDArray[np.float64]) -> None:
    if not hits.sum() > 0:
        raise FitError("no pulse switched: raise the current or the width, or check that the pulses reach the bar")
    if not hits.sum() < count.sum():
        raise FitError("every pulse switched: begin at smaller currents")


@dataclasses.dataclass(frozen=True)
class _Profile:
    """Likelihood of the threshold with Δ at its best; see `pulse_likelihood.climb`."""

    design: NDArray[np.float64]
    offset: NDArray[np.float64]
    hits: NDArray[np.float64]
    count: NDArray[np.float64]

    def of_threshold(self, ratio: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give design and offset of Δ, the threshold given."""
        return self.design[:, :1] + self.design[:, 1:] / ratio, self.offset

    def ends(self, value: float, error: float, other: float) -> tuple[float, float]:
        """Give the ends of the 95 % interval: where the logarithm of the likelihood has fallen by 1.96²/2.

        Few pulses make it longer on one side, where one of the standard error holds too little.
        """
        near = np.array([other])

        def likelihood(parameter: float) -> float:
            nonlocal near
            design, offset = self.of_threshold(parameter)
            near, _ = climb(design, offset, self.hits, self.count, near)
            return log_likelihood(design @ near + offset, self.hits, self.count)

        least = likelihood(value) - NORMAL_95**2 / 2
        found = []
        for side in (-1.0, 1.0):
            near, inside, outside = np.array([other]), value, value + side * error
            for _ in range(_WIDENINGS):
                if likelihood(outside) < least:
                    break
                inside, outside = outside, outside + side * error
            for _ in range(_BISECTIONS):
                middle = (inside + outside) / 2
                inside, outside = (inside, middle) if likelihood(middle) < least else (middle, outside)
            found.append((inside + outside) / 2)
        return found[0], found[1]


def _goodness(eta: NDArray[np.float64], hits: NDArray[np.float64], count: NDArray[np.float64]) -> Goodness:
    """Group pulses by the probability that they are expected to have, ten switched ones a group, and compare."""
    chance = -np.expm1(-np.exp(np.clip(eta, -700, MOST)))
    order = np.argsort(chance)
    expected, seen, total = (each[order] for each in (chance * count, hits, count))
    groups = np.minimum((np.cumsum(expected) / 10).astype(int), max(0, int(expected.sum() / 10) - 1))
    p, k, n = (np.bincount(groups, each) for each in (expected, seen, total))
    variance = np.bincount(groups, expected * (1 - chance[order]))
    told = (n > 0) & (variance > 0)
    return Goodness.of(float((((k - p) ** 2)[told] / variance[told]).sum()), max(0, int(told.sum()) - 2))


def switched_share(switched: int, pulses: int) -> Quantity:
    """Give the share of pulses that switched, with Wilson's 95 % interval.

    Parameters
    ----------
    switched, pulses
        How many switched, and of how many.

    Returns
    -------
    Quantity
        The share; NaN without pulses.
    """
    if not pulses:
        return Quantity(math.nan, math.nan, "1")
    share, square = switched / pulses, NORMAL_95**2
    middle = (share + square / (2 * pulses)) / (1 + square / pulses)
    half = NORMAL_95 * math.sqrt(share * (1 - share) / pulses + square / (4 * pulses**2)) / (1 + square / pulses)
    return Quantity(share, math.nan, "1", middle - half, middle + half)
