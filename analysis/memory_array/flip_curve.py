"""P(switch) of an array against amplitude, from both states, and the amplitude for a wanted probability."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import FitError, InputError, Quantity

__all__ = ["FlipCurve"]

LEAST_POINTS = 3
"""Amplitudes that a curve is made of, at least."""


@dataclass(frozen=True, eq=False)
class FlipCurve:
    """The rising part of P(switch) against amplitude at one width, over all cells of an array.

    Beyond the amplitude where most cells switch, a precessing layer turns on and P falls again; that part is left out.

    Parameters
    ----------
    amplitudes
        Rising [V], shape (A,).
    from_zero, from_one
        P(switch) from each state, not falling, shape (A,).
    trials
        Pulses behind each point and state.
    """

    amplitudes: NDArray[np.float64]
    from_zero: NDArray[np.float64]
    from_one: NDArray[np.float64]
    trials: int

    @classmethod
    def fit(cls, amplitudes: ArrayLike, from_zero: ArrayLike, from_one: ArrayLike, trials: int) -> Self:
        """Fit a monotone curve to measured shares.

        Parameters
        ----------
        amplitudes
            Rising [V], shape (A,).
        from_zero, from_one
            Shares of cells that switched from each state, 0 to 1, shape (A,).
        trials
            Pulses behind each share.

        Returns
        -------
        FlipCurve
            Up to where the mean of both is greatest.

        Raises
        ------
        InputError
            If the numbers do not fit together.
        FitError
            If there are fewer than three amplitudes up to the greatest share: measure at more of them.

        Notes
        -----
        Isotonic regression, the least-squares fit among all curves that do not fall (Barlow et al., Statistical
        inference under order restrictions (1972)); all points weigh the same, as they have as many trials.
        """
        volts, zero, one = (np.asarray(each, np.float64) for each in (amplitudes, from_zero, from_one))
        if not volts.shape == zero.shape == one.shape or volts.ndim != 1 or np.any(np.diff(volts) <= 0) or trials < 1:
            raise InputError("a curve needs rising amplitudes, as many shares from each state, and at least one trial")
        if not (np.all((zero >= 0) & (zero <= 1)) and np.all((one >= 0) & (one <= 1))):
            raise InputError("a share of switched cells is none: give numbers from 0 to 1")
        rising = int(np.argmax(zero + one)) + 1 if volts.size else 0
        if rising < LEAST_POINTS:
            raise FitError(
                f"P(switch) rises over {rising} amplitudes only: measure at {LEAST_POINTS} or more below that of the "
                "greatest share"
            )
        from scipy.optimize import isotonic_regression

        fitted = [np.asarray(isotonic_regression(share[:rising]).x, np.float64) for share in (zero, one)]
        return cls(volts[:rising], fitted[0], fitted[1], trials)

    @property
    def range(self) -> tuple[float, float]:
        """Least and greatest flip probability that the curve has, in the mean of both states."""
        mean = (self.from_zero + self.from_one) / 2
        return float(mean[0]), float(mean[-1])

    def chances(self, amplitude: float) -> tuple[float, float]:
        """Give P(switch) from 0 and from 1.

        Parameters
        ----------
        amplitude
            Amplitude [V]; beyond the ends of the curve, that of the end.

        Returns
        -------
        tuple of float
            From 0, and from 1.
        """
        zero, one = (float(np.interp(amplitude, self.amplitudes, each)) for each in (self.from_zero, self.from_one))
        return zero, one

    def amplitude_for(self, chance: float, state: int | None = None) -> Quantity:
        """Give the amplitude for a wanted probability.

        Parameters
        ----------
        chance
            Flip probability in the mean of both states, or from one of them.
        state
            0 or 1 for the probability from that state; None for the mean of both.

        Returns
        -------
        Quantity
            Amplitude [V] with its standard uncertainty, from the number of trials and the slope of the curve.

        Raises
        ------
        InputError
            If the curve does not reach the probability.
        """
        curve = {None: (self.from_zero + self.from_one) / 2, 0: self.from_zero, 1: self.from_one}[state]
        if not curve[0] <= chance <= curve[-1]:
            raise InputError(
                f"flip probability {chance:.4g}: the array has {curve[0]:.4g} to {curve[-1]:.4g} between "
                f"{self.amplitudes[0]:.4g} and {self.amplitudes[-1]:.4g} V; measure at other amplitudes"
            )
        # Where the curve is level, the middle of the level.
        left = int(np.searchsorted(curve, chance, side="left"))
        right = int(np.searchsorted(curve, chance, side="right"))
        if right > left:
            found = float(self.amplitudes[[left, right - 1]].mean())
        else:
            found = float(np.interp(chance, curve[left - 1 : left + 1], self.amplitudes[left - 1 : left + 1]))
        low, high = max(0, left - 1), min(curve.size - 1, max(right, 1))
        slope = (curve[high] - curve[low]) / (self.amplitudes[high] - self.amplitudes[low])
        error = math.sqrt(max(chance * (1 - chance), 1 / self.trials) / self.trials)
        if slope <= 0:
            return Quantity(found, float(self.amplitudes[high] - self.amplitudes[low]) / 2, "V")
        # The mean of both states has twice the trials.
        return Quantity(found, float(error / math.sqrt(2 if state is None else 1) / slope), "V")
