"""Random telegraph noise: one trap that is charged or not."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.sections.electrical_noise import ElectricalNoise

__all__ = ["Telegraph"]

_MANY = 64.0  # dwell times in a window, beyond which their sum is Gaussian


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
        return self._noise.telegraph_dwell * math.exp(-over / self._noise.telegraph_slope)

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
        if window > _MANY * dwell:
            # The level forgets itself in half a dwell time, so that a window holds window/dwell independent looks.
            shares = 0.5 + 0.5 * math.sqrt(dwell / window) * self._rng.standard_normal(count)
            self._charged = bool(self._rng.random() < 0.5)
            return np.asarray(np.clip(shares, 0.0, 1.0))
        shares = np.empty(count)
        self._charged = bool(_run(self._rng, self._charged, dwell, interval, window, shares))
        return shares


@njit(cache=True, nogil=True)
def _run(rng, charged, dwell, interval, window, shares):  # type: ignore[no-untyped-def]
    for i in range(shares.size):
        time, inside = 0.0, 0.0
        while True:
            until = time + dwell * rng.standard_exponential()
            if until >= interval:
                break
            if charged:
                inside += max(0.0, min(until, window) - time)
            charged = not charged
            time = until
        if charged:
            inside += max(0.0, window - time)
        shares[i] = inside / window
        # The exponential has no memory: what is left of this dwell is drawn anew in the next interval.
    return charged
