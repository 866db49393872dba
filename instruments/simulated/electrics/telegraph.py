"""Random telegraph noise: one trap that is charged or not."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.sections.electrical_noise import ElectricalNoise
from mtjlab.instruments.simulated.electrics.two_levels import shares_of_upper_level

__all__ = ["Telegraph"]

SHORTEST = 1e-13
"""Shortest dwell time [s]: about the period of the lattice's vibrations, which end it."""


class Telegraph:
    """Averages of a two-level signal over windows, one after the other.

    Parameters
    ----------
    noise
        Critical bias, dwell time and its slope.
    rng
        Where the noise comes from.
    """

    def __init__(self, noise: ElectricalNoise, rng: np.random.Generator) -> None:
        self._noise = noise
        self._rng = rng
        self._charged = False

    def dwell(self, voltage: float) -> float:
        """Give the mean time in each of the two charge states.

        Parameters
        ----------
        voltage
            Bias [V], of either sign.

        Returns
        -------
        float
            Time [s]; infinite below the critical bias.
        """
        over = abs(voltage) - self._noise.telegraph_bias
        if over < 0:
            return math.inf
        return max(self._noise.telegraph_dwell * math.exp(-over / self._noise.telegraph_slope), SHORTEST)

    def averages(self, count: int, interval: float, window: float, voltage: float) -> NDArray[np.float64]:
        """Give the share of each window in which the trap is charged.

        Parameters
        ----------
        count
            Number of windows.
        interval
            Time from the beginning of one window to that of the next [s].
        window
            Length of a window [s].
        voltage
            Bias [V]; below the critical one the trap is empty.

        Returns
        -------
        ndarray of float64, shape (count,)
            Shares, 0 to 1.
        """
        dwell = self.dwell(voltage)
        if math.isinf(dwell):
            self._charged = False
            return np.zeros(count)
        rate = 1 / dwell
        gap = max(interval - window, 0.0)
        shares, self._charged = shares_of_upper_level(self._rng, self._charged, rate, rate, gap, window, count)
        return shares
