"""A pulse as it arrives at the junction, and the heat it leaves there, in the course of time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Moments", "PulseCourse"]

Values = NDArray[np.float64]

TAIL = 6.0
"""Time constants of the line after which nothing of the pulse is left."""


class Moments(NamedTuple):
    """Voltage and heat at some times."""

    share: Values
    """Of the way from the rest to the top, the voltage."""
    warmth: Values
    """Temperature rise over that of a lasting top."""


class PulseCourse:
    """A trapezoid behind a line of one time constant, heating with another one.

    Parameters
    ----------
    edge
        Length of rise and fall at the generator [s].
    lag
        Time constant of the line, resistance times capacitance [s].
    warming_time
        Time constant of the heating [s].

    Notes
    -----
    Solutions of τ·du/dt + u = V/V_top for the voltage, and of τ·dr/dt + r = (V/V_top)² for the heat of the
    trapezoid, in which the lag is left out. The top is taken to be reached before the fall begins.

    Examples
    --------
    >>> course = PulseCourse(edge=1e-9, lag=25e-12, warming_time=1e-9)
    >>> course.on_top([0.0, 50e-12, 1e-9]).share.round(3).tolist()
    [0.975, 0.997, 1.0]
    >>> course.on_top([0.0, 1e-9, 20e-9]).warmth.round(3).tolist()
    [0.264, 0.729, 1.0]
    """

    def __init__(self, edge: float, lag: float, warming_time: float) -> None:
        self._edge, self._lag = edge, lag
        # Shorter edges do not warm, and would leave no digits.
        self._warming_time = min(warming_time, 100 * edge)
        self.fall_time = edge + TAIL * lag
        """From the begin of the fall until nothing is left [s]."""

    def rising(self, time: ArrayLike) -> Moments:
        """Give both at times since the rise began, up to its end [s]."""
        t = np.asarray(time, float)
        return Moments(self._ramp(t), self._risen(t))

    def on_top(self, time: ArrayLike) -> Moments:
        """Give both at times since the rise ended [s]."""
        t = np.asarray(time, float)
        missing = (1 - self._ramp(self._edge)) * self._kept(t)
        return Moments(1 - missing, 1 - (1 - self._risen(self._edge)) * np.exp(-t / self._warming_time))

    def falling(self, time: ArrayLike, top: float) -> Moments:
        """Give both at times since the fall began [s], after a top of some length [s]."""
        t = np.asarray(time, float)
        within = np.minimum(t, self._edge)
        share = (1 - self._ramp(within)) * self._kept(t - within)
        edge, y = self._edge / self._warming_time, 1 - within / self._edge
        lasting = y**2 + 2 * y / edge + 2 / edge**2
        left = self.on_top(top).warmth - (1 + 2 / edge + 2 / edge**2)
        return Moments(share, lasting + left * np.exp(-within / self._warming_time))

    def _ramp(self, time: ArrayLike) -> Values:
        """Answer of the line to a ramp of the slope of the edge."""
        t = np.asarray(time, float)
        behind = self._lag * (1 - self._kept(t))
        return np.asarray((t - behind) / self._edge)

    def _kept(self, time: Values) -> Values:
        """Give the share of a difference that is left after a time."""
        return np.exp(-time / self._lag) if self._lag else (time <= 0).astype(float)

    def _risen(self, time: ArrayLike) -> Values:
        t = np.asarray(time, float)
        x, edge = t / self._edge, self._edge / self._warming_time
        return np.asarray(x**2 - 2 * x / edge - 2 * np.expm1(-edge * x) / edge**2)
