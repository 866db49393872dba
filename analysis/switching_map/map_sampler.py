"""Where to pulse next to learn where P(switch) is one half."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.switching_map.gaussian_process import Scales
from mtjlab.analysis.switching_map.smooth_map import SmoothMap
from mtjlab.core import FitError, InputError

__all__ = ["MapSampler"]

CANDIDATES = 64
"""Candidates along each setting, at most."""
BATCH = 8
"""Points chosen at a time."""
FITTED_EVERY = 5
"""Batches between two fits of the scales."""

_SURE = 3.0
"""Standard errors that one half is off everywhere, where it is said to be."""


class MapSampler:
    """Ask for settings, tell what happened there.

    It begins with a coarse regular grid; then it spends its shots along the contour of P = 1/2, by the straddle rule of
    `SmoothMap`.

    Parameters
    ----------
    amplitudes, widths
        Range of the amplitude [V] and of the width [s].
    shots
        Pulses at each point.
    coarse
        Points of the first grid along each setting.
    steps
        Of the amplitude [V] and the width [s] that the generator can make; 0 where it makes all. What is asked for is
        rounded to them, within the ranges.
    made
        The only amplitudes [V] that the generator makes, where these are few; instead of the step of the amplitude.

    Raises
    ------
    ValueError
        If a range is empty, or there are too few points or shots.

    Examples
    --------
    >>> sampler = MapSampler((1.0, 1.4), (0.2e-9, 3e-9), shots=100)
    >>> sampler.ask()
    (1.0, 2e-10)
    """

    def __init__(
        self,
        amplitudes: tuple[float, float],
        widths: tuple[float, float],
        *,
        shots: int,
        coarse: int = 9,
        steps: tuple[float, float] = (0.0, 0.0),
        made: Sequence[float] = (),
    ) -> None:
        for name, (low, high) in (("amplitudes", amplitudes), ("widths", widths)):
            if not low < high:
                raise InputError(f"{name} from {low:g} to {high:g}: the first must be below the second")
        if shots < 1 or coarse < 3:
            raise InputError(f"shots = {shots}, coarse = {coarse}: give at least 1 shot and 3 points")
        self._ranges = (amplitudes, widths)
        self._shots = shots
        self._steps = steps
        self._made = np.sort(np.asarray(made, float))
        self._waiting = [(float(v), float(w)) for v, w in self._settings(coarse)]
        self._candidates = self._settings(CANDIDATES)
        self.settings: list[tuple[float, float]] = []
        """Amplitude [V] and width [s] of each point so far."""
        self.switched: list[int] = []
        """Pulses that switched at each."""
        self.shots: list[int] = []
        """Pulses at each."""
        self._scales = Scales(((amplitudes[1] - amplitudes[0]) / 6, (widths[1] - widths[0]) / 6), 0.6)
        self._batches = 0

    def ask(self) -> tuple[float, float]:
        """Give the amplitude [V] and width [s] to pulse with next."""
        if not self._waiting:
            smooth = self.map(refit=self._batches % FITTED_EVERY == 0)
            self._batches += 1
            chosen = smooth.straddling(self._candidates, BATCH, self._shots)
            self._waiting = [(float(v), float(w)) for v, w in self._candidates[chosen]]
        return self._waiting[0]

    def tell(self, amplitude: float, width: float, shots: int, switched: int) -> None:
        """Take the outcome of `shots` pulses.

        Parameters
        ----------
        amplitude
            Pulse amplitude [V].
        width
            Pulse width [s].
        shots
            Pulses that were sent, at least one.
        switched
            How many of them switched.

        Raises
        ------
        ValueError
            If more switched than were sent.
        """
        if not 0 <= switched <= shots or shots < 1:
            raise InputError(f"{switched} of {shots} pulses cannot have switched")
        if self._waiting and self._waiting[0] == (amplitude, width):
            self._waiting.pop(0)
        self.settings.append((amplitude, width))
        self.switched.append(switched)
        self.shots.append(shots)

    @property
    def pulses(self) -> int:
        """Pulses so far."""
        return sum(self.shots)

    def map(self, *, refit: bool = True) -> SmoothMap:
        """Smooth what is known so far.

        Parameters
        ----------
        refit
            Whether the scales of the map are fitted again; else those of the last fit hold.

        Returns
        -------
        SmoothMap
            The smoothed map.

        Raises
        ------
        FitError
            If nothing switched anywhere, or everything everywhere: there is no contour.
        """
        if not self.settings:
            raise FitError("nothing was measured yet")
        shares = np.array(self.switched) / np.array(self.shots)
        if shares.max() < 0.02 or shares.min() > 0.98:
            (v0, v1), (w0, w1) = self._ranges
            raise FitError(
                f"P(switch) is {shares.min():.3g} to {shares.max():.3g} from {v0:g} to {v1:g} V and from {w0:g} to "
                f"{w1:g} s: there is no switching to map; check the contact and the polarity, then widen the amplitudes"
            )
        known = (self.settings, self.switched, self.shots)
        if refit:
            smooth = SmoothMap.fit(*known, self._scales)
            self._scales = smooth.scales
            return smooth
        return SmoothMap(*known, self._scales)

    def grid(self, points: int = 120) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Give amplitudes (points,), widths (points,) and the smoothed P(switch) (points, points) for a picture.

        Parameters
        ----------
        points
            Points along each axis.
        """
        amplitudes, widths, every = self._mesh(points)
        return amplitudes, widths, self.map(refit=False).probability(every).reshape(points, points)

    def side_of_half(self, points: int = 60) -> int:
        """Tell whether P(switch) is below (-1) or above (1) one half all over the map, to three errors; else 0.

        Parameters
        ----------
        points
            Points along each axis at which the map is looked at.
        """
        angle, error = self.map(refit=False).predict(self._mesh(points)[2])
        below, above = (angle < -_SURE * error).all(), (angle > _SURE * error).all()
        return int(above) - int(below)

    def extremes(self) -> tuple[float, float]:
        """Give the smallest and the largest smoothed P(switch)."""
        p = self.grid()[2]
        return float(p.min()), float(p.max())

    def _settings(self, points: int) -> NDArray[np.float64]:
        """Give a grid of settings that the generator can make, shape (points², 2)."""
        grids = []
        for (low, high), step in zip(self._ranges, self._steps, strict=True):
            values = np.linspace(low, high, points)
            grids.append(np.clip(np.round(values / step) * step, low, high) if step > 0 else values)
        if self._made.size:
            grids[0] = self._made
        return np.stack(np.meshgrid(*grids, indexing="ij"), axis=-1).reshape(-1, 2)

    def _mesh(self, points: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Give amplitudes (points,), widths (points,) and all pairs of them (points², 2)."""
        amplitudes, widths = (np.linspace(*each, points) for each in self._ranges)
        every = np.stack(np.meshgrid(amplitudes, widths, indexing="ij"), axis=-1).reshape(-1, 2)
        return amplitudes, widths, every
