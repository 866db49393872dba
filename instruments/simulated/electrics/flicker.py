"""1/f noise as a stream that may be cut anywhere.

Ornstein-Uhlenbeck processes of equal variance σ², whose corner frequencies lie evenly on a logarithmic axis, n to a
factor e, add up to the one-sided spectrum

    S(f) = Σ 4σ²τ/(1 + (2πfτ)²) → n·σ²/f,

as van der Ziel explained 1/f noise (Physica 16, 359 (1950)). Two to a decade leave a ripple below 0.1 %.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError, jit

__all__ = ["Flicker"]

_CORNERS = np.logspace(-6, 9, 31)  # Hz, from ten days to a nanosecond
_PER_E = 2 / math.log(10)
_FORGOTTEN = 30.0  # relaxation times after which a process has nothing left of its past: exp(-30)
_AT_ONCE = 4096  # averages whose normal variables are in memory


class Flicker:
    """Averages of a noise with the spectrum `strength`/f over windows, one after the other.

    Parameters
    ----------
    strength
        S(f)·f, the one-sided density times the frequency.
    rng
        Where the noise comes from.
    """

    def __init__(self, strength: float, rng: np.random.Generator) -> None:
        self._rates = 2 * np.pi * _CORNERS
        self._sigma = math.sqrt(strength / _PER_E)
        self._rng = rng
        self._levels = rng.standard_normal(_CORNERS.size)

    def pass_time(self, duration: float) -> None:
        """Let time pass without a look.

        Parameters
        ----------
        duration
            How long [s].
        """
        decay = np.exp(-self._rates * duration)
        fresh = self._rng.standard_normal(self._levels.size)
        self._levels = decay * self._levels + np.sqrt(-np.expm1(-2 * self._rates * duration)) * fresh

    def averages(self, count: int, interval: float, window: float) -> NDArray[np.float64]:
        """Average over windows that begin at regular intervals.

        Parameters
        ----------
        count
            Number of windows.
        interval
            Time from one beginning to the next [s].
        window
            Length of a window [s], at most the interval.

        Returns
        -------
        ndarray of float64, shape (count,)
            Averages. The next call continues an interval after the last beginning.

        Notes
        -----
        Exact for any interval and window: the average over a window and the level after it are jointly Gaussian,
        given the level before.
        """
        if not 0 < window <= interval * (1 + 1e-9):
            raise InputError(f"a window of {window} s does not fit into an interval of {interval} s")
        slow = self._rates * interval < _FORGOTTEN
        u = self._rates * window
        mean = -np.expm1(-u) / u
        series = u * (2 / 3 - u / 2 + 7 * u**2 / 30)
        spread = np.where(u < 1e-3, series, 2 * (u + np.expm1(-u)) / u**2 - mean**2)
        after = np.exp(-self._rates * interval)
        # Of a process's average and its next level, given the level before: their covariance, and what of the average
        # the step of the level tells. What it does not tell, of all processes together, is one normal variable.
        shared = mean * -np.expm1(-u) * np.exp(-self._rates * (interval - window))
        step = np.sqrt(-np.expm1(-2 * self._rates * interval))
        told = shared / step
        untold = np.where(slow, np.maximum(spread - told**2, 0), mean**2 + spread)
        averages = math.sqrt(float(untold.sum())) * self._rng.standard_normal(count)
        levels = self._levels[slow]
        for first in range(0, count, _AT_ONCE):
            part = averages[first : first + _AT_ONCE]
            fresh = self._rng.standard_normal((part.size, levels.size))
            _run(fresh, levels, mean[slow], told[slow], after[slow], step[slow], part)
        if count:
            self._levels[slow] = levels
            self._levels[~slow] = self._rng.standard_normal(int((~slow).sum()))
        return averages * self._sigma


@jit(nogil=True)
def _run(fresh, levels, mean, told, after, step, averages):  # type: ignore[no-untyped-def]
    for i in range(averages.size):
        total = 0.0
        for k in range(levels.size):
            total += mean[k] * levels[k] + told[k] * fresh[i, k]
        averages[i] += total
        for k in range(levels.size):
            levels[k] = after[k] * levels[k] + step[k] * fresh[i, k]
