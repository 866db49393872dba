"""Find the setting at which a pulse switches with probability one half, in few pulses."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.operating_point.local_fit import LocalFit
from mtjlab.analysis.operating_point.shots import Shots

__all__ = ["OperatingPoint", "OperatingPointSearch"]

_Z95 = 1.959963985
_FLAT = 0.03
"""Distance of P from one half, beyond the statistics, within which a stretch of settings counts as flat. The reference
junction's plateau, at partial cancellation, stays within .02 over 0.1 V."""
_SHARES = (0.1, 0.8, 0.1)
"""Of a round's pulses, below, at and above the present estimate: those at its side give the slope, and a parabola
through three places has at its middle the error of the middle's pulses alone."""


@dataclasses.dataclass(frozen=True)
class OperatingPoint:
    """Where P(switch) is one half, as far as the pulses tell."""

    setting: float
    """The setting, in the actuator's unit."""
    interval: tuple[float, float]
    """Its 95 % interval, in the actuator's unit; infinite on a side where the slope is not told from zero."""
    probability: float
    """P(switch) there, by the fit: 1/2 unless the curve does not reach it."""
    probability_error: float
    """Standard error of that."""
    slope: float
    """Derivative of P(switch) by the setting there, one over the actuator's unit."""
    slope_error: float
    """Standard error of the slope."""
    flat: tuple[float, float] | None
    """The stretch around it, as far as it was looked at, in which P stays near one half; None where it is
    narrower than two steps of the scan."""
    pulses: int
    """Pulses spent."""


class OperatingPointSearch:
    """Ask-and-tell search for P(switch) = 1/2 over one actuator (amplitude, width or field).

    A coarse scan finds the stretches where P is near or crosses one half; a finer one over the widest of them finds
    the plateau in it, or the flattest crossing. Then most pulses go to the present estimate and a few to both sides.
    A parabola in the log odds, fitted by Bayes' rule to all pulses in the window, gives the next estimate: of the
    settings that the instrument can take, the one with the least expected square of P - 1/2, the setting's own
    tolerance included, which is what prefers a plateau to a steep flank.

    Parameters
    ----------
    low, high
        Range of the setting, in the actuator's unit.
    resolution
        Smallest step of the setting that the instrument takes; every setting asked for is a multiple of it.
    tolerance
        How well a setting holds (jitter, drift between calibrations), in the actuator's unit; the resolution, or a
        thousandth of the range where there is none, unless given.
    points, pulses
        Settings of the coarse scan, and pulses at each; the finer scan has half again as many pulses at each of as
        many settings.

    Raises
    ------
    ValueError
        If the range is empty or holds fewer than four steps of the resolution.

    Notes
    -----
    Why not Robbins and Monro (Ann. Math. Stat. 22, 400, 1951) with averaged iterates: the average is as good in the
    limit, but the first steps need the slope, which differs by a factor of fifty between a plateau and a precessional
    flank, and the scan's pulses are lost to it. The fit uses each pulse once and gives slope and interval with the
    point. At the estimate its error in P is that of the pulses made there, 1/(2 √pulses), below which no method gets.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> search = OperatingPointSearch(0.5, 1.5)
    >>> while search.shots.total < 20_000:
    ...     volts, pulses = search.ask()
    ...     search.tell(volts, pulses, rng.binomial(pulses, 1 / (1 + np.exp(-20 * (volts - 1.1)))))
    >>> round(search.estimate().setting, 2)
    1.1
    """

    def __init__(
        self,
        low: float,
        high: float,
        *,
        resolution: float = 0.0,
        tolerance: float | None = None,
        points: int = 41,
        pulses: int = 60,
    ) -> None:
        if not low < high:
            raise ValueError(f"the range {low:g} to {high:g} is empty: give the lower end first")
        if resolution and (high - low) / resolution < 4:
            raise ValueError(
                f"the range {low:g} to {high:g} has fewer than four steps of {resolution:g}: give a wider one"
            )
        self.low, self.high, self.resolution = low, high, resolution
        self.tolerance = tolerance if tolerance is not None else resolution or (high - low) / 1000
        self.shots = Shots()
        """All pulses so far."""
        self._points, self._pulses = points, pulses
        self._queue = self._scan(low, high, pulses)
        self._step = (high - low) / (points - 1)
        self._stage = 0
        self._window = ((low + high) / 2, (high - low) / 2)
        self._flat: tuple[float, float] | None = None
        self._bounds = (low, high)
        self._first_round = (0.0, 1)

    def ask(self) -> tuple[float, int]:
        """Return the next setting and how many pulses to make there.

        Raises
        ------
        ValueError
            If the scan found P(switch) nowhere near one half; the message is a diagnosis.
        """
        while not self._queue:
            self._plan()
        return self._queue[0]

    def tell(self, setting: float, pulses: int, switched: int) -> None:
        """Take the outcome of what was asked for last.

        Parameters
        ----------
        setting
            The setting, as the instrument took it.
        pulses, switched
            Pulses made (more or fewer than asked for, as the blocks fall), and how many switched.
        """
        self.shots.add(setting, pulses, switched)
        if self._queue:
            self._queue.pop(0)

    @property
    def scanned(self) -> bool:
        """Whether both scans are over."""
        return self._stage == 2

    def estimate(self) -> OperatingPoint:
        """Give the operating point by the pulses made so far.

        Raises
        ------
        ValueError
            If the scans are not over, or P(switch) is nowhere near one half; the message is a diagnosis.
        """
        if not self.scanned:
            raise ValueError(f"the scans are not over after {self.shots.total} pulses: make those that are asked for")
        fit = LocalFit.of(self.shots, *self._window)
        setting = self._best(fit)
        # A parabola that does not describe the batches has a larger error than it says.
        error = float(fit.error(setting)) * math.sqrt(max(1.0, fit.misfit))
        return OperatingPoint(
            setting=setting,
            interval=_root_interval(fit, setting, error),
            probability=float(fit.probability(setting)),
            probability_error=error,
            slope=float(fit.slope(setting)),
            slope_error=fit.slope_error(setting),
            flat=self._flat,
            pulses=self.shots.total,
        )

    # the plan

    def _scan(self, low: float, high: float, pulses: int) -> list[tuple[float, int]]:
        settings = np.unique(self._rounded(np.linspace(low, high, self._points)))
        return [(float(setting), pulses) for setting in settings]

    def _plan(self) -> None:
        if self._stage == 0:
            low, high = self._stretch(self.low, self.high, slack=0.1)
            low, high = max(self.low, low - self._step), min(self.high, high + self._step)
            self._window = ((low + high) / 2, (high - low) / 2)
            self._queue = self._scan(low, high, self._pulses * 3 // 2)
            self._step = (high - low) / (self._points - 1)
            self._stage = 1
        elif self._stage == 1:
            low, high = self._stretch(*self._ends(), slack=_FLAT)
            self._flat = (low, high) if self._is_flat(low, high) else None
            # On a plateau stay inside: beyond its ends, where the flanks begin, P is one half here and there by chance.
            share = 0.35 if self._flat else 0.5
            half = max(share * (high - low), 1.5 * self._step, 2 * self.resolution)
            self._first_round = (half, self.shots.total)
            if self._flat:
                self._bounds = ((low + high) / 2 - half, (low + high) / 2 + half)
            self._window = ((low + high) / 2, half)
            self._stage = 2
        else:
            self._next_round()

    def _next_round(self) -> None:
        fit = LocalFit.of(self.shots, *self._window)
        best = self._best(fit)
        if abs(float(fit.probability(best)) - 0.5) > 3 * float(fit.error(best)):
            self._bounds = (self.low, self.high)  # not one half anywhere on the plateau: leave it
            best = self._best(fit)
        half = self._next_half_width(fit, best)
        self._window = (best, half)
        # A fifth more each round: estimates are renewed often while they are poor, rarely when they are good.
        pulses = max(1000, self.shots.total // 5)
        sides = self._rounded(np.clip([best - half, best, best + half], self.low, self.high))
        self._queue = [(float(setting), int(share * pulses)) for setting, share in zip(sides, _SHARES, strict=True)]

    def _next_half_width(self, fit: LocalFit, best: float) -> float:
        """Narrow the window until P changes in it by no more than the statistics need to see the slope."""
        half = self._window[1]
        if abs(float(fit.probability(best)) - 0.5) > 2 * float(fit.error(best)):
            return min(1.5 * half, (self.high - self.low) / 4)  # one half lies outside
        rise = max(abs(float(fit.probability(best + side * half)) - 0.5) for side in (-1, 1))
        wanted = float(np.clip(10 / math.sqrt(self.shots.total), 0.03, 0.1))
        factor = float(np.clip(wanted / max(rise, 1e-9), 0.5, 1.0))
        if fit.misfit > 1 + 4 * math.sqrt(2 / max(1, self.shots.within(*self._window).settings.size - 3)):
            factor = min(factor, 0.7)
        # The parabola's bias must fall with the statistical error: the fourth root of pulses keeps the slope in sight.
        first, pulses = self._first_round
        half = min(half * factor, first * (pulses / self.shots.total) ** 0.25)
        return float(max(half, 2 * self.resolution, 1e-9 * (self.high - self.low)))

    def _best(self, fit: LocalFit) -> float:
        """Choose the setting with the least expected square of P - 1/2."""
        low = max(self._bounds[0], fit.centre - fit.half_width)
        high = min(self._bounds[1], fit.centre + fit.half_width)
        settings = np.unique(self._rounded(np.linspace(low, high, 2001)))
        # Where the window is no wider than the tolerance there is no flatter place to go to, only noise of the slope.
        tolerance = min(self.tolerance, fit.half_width / 10)
        loss = (
            (fit.probability(settings) - 0.5) ** 2 + fit.error(settings) ** 2 + (fit.slope(settings) * tolerance) ** 2
        )
        return float(settings[loss.argmin()])

    # the scans

    def _is_flat(self, low: float, high: float) -> bool:
        """Whether P differs little more between the ends of a stretch than it may from one half."""
        if high - low < 4 * self._step:
            return False
        fit = LocalFit.of(self.shots, (low + high) / 2, (high - low) / 2)
        rise = abs(float(fit.probability(low + 0.75 * (high - low)) - fit.probability(low + 0.25 * (high - low))))
        return rise < 2 * _FLAT

    def _ends(self) -> tuple[float, float]:
        centre, half = self._window
        return centre - half, centre + half

    def _stretch(self, low: float, high: float, slack: float) -> tuple[float, float]:
        """Find the widest stretch where P is near one half, or else the flattest crossing, between two settings."""
        near = self.shots.within((low + high) / 2, (high - low) / 2)
        order = np.argsort(near.settings, kind="stable")
        settings, p, pulses = near.settings[order], near.fractions[order], near.pulses[order]
        if self._stage == 1:
            # Over three neighbours, or one outlier in twenty would cut a plateau in two.
            p, pulses = _over_neighbours(p * pulses) / _over_neighbours(pulses), _over_neighbours(pulses)
        error = 0.5 / np.sqrt(pulses)
        runs = [run for run in _runs(np.abs(p - 0.5) <= slack + 2 * error) if run[1] > run[0]]
        if runs:
            first, last = max(runs, key=lambda run: settings[run[1]] - settings[run[0]])
            return float(settings[first]), float(settings[last])
        crossings = np.flatnonzero((p[:-1] - 0.5) * (p[1:] - 0.5) <= 0)
        if not crossings.size:
            raise ValueError(self._diagnosis(p))
        flattest = int(crossings[np.abs(p[crossings + 1] - p[crossings]).argmin()])
        return float(settings[flattest]), float(settings[flattest + 1])

    def _diagnosis(self, p: NDArray[np.float64]) -> str:
        what = f"P(switch) = 1/2 is not reached between {self.low:g} and {self.high:g}"
        if p.max() < 0.1:
            return (
                f"{what}: the device switches nowhere there (at most {p.max():.3f}); the pulse does not reach it, its "
                "range is too low, or the device is stuck, open or shorted: check the contact, then raise the range"
            )
        side = "below" if p.max() < 0.5 else "above"
        return f"{what}: it stays {side}, {p.min():.3f} to {p.max():.3f}; change the range, the width or the field"

    def _rounded(self, settings: NDArray[np.float64]) -> NDArray[np.float64]:
        if not self.resolution:
            return settings
        return np.asarray(np.round(settings / self.resolution) * self.resolution)


def _over_neighbours(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum each value with its two neighbours, as far as there are any."""
    return np.convolve(values, np.ones(3), mode="same")


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the first and last index of each run of true flags."""
    padded = np.concatenate([[False], flags, [False]])
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return [(int(first), int(end) - 1) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def _root_interval(fit: LocalFit, setting: float, error: float) -> tuple[float, float]:
    """Invert the band of P about the fit: the settings near it at which 1/2 lies within 95 %."""
    grid = np.linspace(fit.centre - fit.half_width, fit.centre + fit.half_width, 2001)
    inflation = error / max(float(fit.error(setting)), 1e-300)
    inside = np.abs(fit.probability(grid) - 0.5) <= _Z95 * fit.error(grid) * inflation
    for first, last in _runs(inside):
        if grid[first] <= setting + 1e-12 and setting - 1e-12 <= grid[last]:
            return (
                -math.inf if first == 0 else float(grid[first]),
                math.inf if last == grid.size - 1 else float(grid[last]),
            )
    return setting, setting
