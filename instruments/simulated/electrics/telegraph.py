"""Signals that jump between two levels at random, averaged over windows, and the trap in the barrier that is one.

The time in each level is exponential. Where a window holds many jumps, the share of it that is spent in the upper level
is Gaussian: a signal of mean p and memory τ = 1/(rising + falling) has the variance 2·p(1 - p)·τ/T over a time T
(Machlup, J. Appl. Phys. 25, 341 (1954), eq. 8, for T much longer than τ).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mtjlab.core import jit
from mtjlab.instruments.simulated.device.device_parameters import ElectricalNoise

__all__ = ["Telegraph", "shares_of_upper_level"]

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


_MANY = 64.0  # jumps in a window, beyond which their sum is Gaussian
_FORGOTTEN = 40.0  # memories after which nothing is left of the past: exp(-40)


def shares_of_upper_level(
    rng: np.random.Generator, upper: bool, rising: float, falling: float, gap: float, window: float, count: int
) -> tuple[NDArray[np.float64], bool]:
    """Give the share of each window in which the signal is at its upper level.

    Parameters
    ----------
    rng
        Where the jumps come from.
    upper
        Whether it is at the upper level now.
    rising, falling
        Rates of leaving the lower level, and the upper one [1/s].
    gap
        Time before each window [s].
    window
        Length of a window [s], above 0.
    count
        Number of windows.

    Returns
    -------
    shares : ndarray of float64, shape (count,)
        Shares, 0 to 1; exactly one of these where it does not jump.
    upper : bool
        Whether it is at the upper level at the end of the last window.

    Examples
    --------
    A signal that never jumps:

    >>> shares_of_upper_level(np.random.default_rng(1), True, 0.0, 0.0, 0.0, 1e-3, 3)
    (array([1., 1., 1.]), True)
    """
    shares = np.empty(count)
    total = rising + falling
    if total == 0.0:
        shares.fill(float(upper))
        return shares, upper
    mean = rising / total
    spread = -1.0  # the window's jumps are few and are followed one by one
    if 2 * mean * falling * window > _MANY:
        spread = math.sqrt(2 * mean * (1 - mean) / (total * window))
    end = _run(rng, upper, rising, falling, mean, spread, total * gap > _FORGOTTEN, gap, window, shares)
    return shares, bool(end)


@njit
def _follow(rng, upper, rising, falling, duration):  # type: ignore[no-untyped-def]
    """Follow every jump and give the time at the upper level, and the level at the end."""
    time, inside = 0.0, 0.0
    while True:
        rate = falling if upper else rising
        until = time + rng.standard_exponential() / rate if rate > 0.0 else duration
        if until >= duration:
            # The exponential has no memory: what is left of this dwell is drawn again in the next stretch.
            return inside + (duration - time if upper else 0.0), upper
        if upper:
            inside += until - time
        upper = not upper
        time = until


@jit(nogil=True)
def _run(rng, upper, rising, falling, mean, spread, forgets, gap, window, shares):  # type: ignore[no-untyped-def]
    for i in range(shares.size):
        if forgets:
            upper = rng.random() < mean
        elif gap > 0.0:
            _, upper = _follow(rng, upper, rising, falling, gap)
        if spread >= 0.0:
            shares[i] = min(max(mean + spread * rng.standard_normal(), 0.0), 1.0)
            upper = rng.random() < mean
        else:
            inside, upper = _follow(rng, upper, rising, falling, window)
            # A window without a jump is exactly one level, whatever its length divides to.
            shares[i] = min(inside / window, 1.0)
    return upper
