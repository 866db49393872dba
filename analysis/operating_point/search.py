"""Find the setting at which a pulse switches with probability one half, in few pulses."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.operating_point.operating_point import OperatingPoint
from mtjlab.analysis.operating_point.shots import Shots
from mtjlab.analysis.switching_map import GaussianProcess, Scales
from mtjlab.core import NORMAL_95, FitError, InputError, one_blas_thread

__all__ = ["OperatingPointSearch"]

_FLAT = 0.03
"""Distance of P from one half within which a stretch of settings counts as flat. The reference junction's plateau, at
partial cancellation, stays within .02 over 0.1 V."""
_FLAT_STEPS = 4
"""Steps of the scan that a flat stretch has at least."""
_FEWEST_TOLD = 5
"""Settings with P between .02 and .98 that the scales of the process are fitted to, at least; else to all."""
_DRAWS = 4
"""Curves drawn for a round."""
_ASIDE = (0.2, 0.5)
"""Share of a round's pulses that are not made at the best setting: where P is one half there as far as is known, and
where it is not and a better place is wanted."""
_GRID = 151
"""Settings looked at over the whole range; a third as many again lie within a step of them about the best."""


class OperatingPointSearch:
    """Ask-and-tell search for P(switch) = 1/2 over one actuator (amplitude, width or field).

    A scan of the range comes first. From then on a Gaussian process through all pulses says what P may be at each
    setting. Most of every round goes to the setting that has the least expected square of P - 1/2, the setting's own
    tolerance included, which is what prefers a plateau to a steep flank. A fifth of it, or half where P there is off by
    more than its error, looks aside: half to either side, for the slope, half by Thompson's rule: curves are drawn from
    the process, and each gets pulses at its own best setting, so that every place is tried as often as it may yet be
    the best.

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
        Settings of the scan, and pulses at each.
    seed
        Seed of the curves that are drawn.
    settings
        The only settings that there are, where an instrument has few; instead of the steps of the resolution.

    Raises
    ------
    ValueError
        If the range is empty or holds fewer than four steps of the resolution, or there are fewer than two settings.

    Notes
    -----
    Why not Robbins and Monro (Ann. Math. Stat. 22, 400, 1951) with averaged iterates: the average is as good in the
    limit, but the first steps need the slope, which differs by a factor of fifty between a plateau and a precessional
    flank, and it settles at whichever crossing it meets first. The process uses each pulse once and gives slope and
    interval with the point. At the estimate its error in P is that of the pulses made there, 1/(2 √pulses), below
    which no method gets. Thompson's rule: Biometrika 25, 285 (1933).

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
        points: int = 81,
        pulses: int = 60,
        seed: int = 0,
        settings: Sequence[float] = (),
    ) -> None:
        if not low < high:
            raise InputError(f"the range {low:g} to {high:g} is empty: give the lower end first")
        if len(settings) == 1:
            raise InputError(f"{settings[0]:g} is the only setting from {low:g} to {high:g}: give a wider range")
        if resolution and not settings and (high - low) / resolution < 4:
            raise InputError(
                f"the range {low:g} to {high:g} has fewer than four steps of {resolution:g}: give a wider one"
            )
        self._settings = np.sort(np.asarray(settings, float))
        self.low, self.high, self.resolution = low, high, resolution
        self.tolerance = tolerance if tolerance is not None else resolution or (high - low) / 1000
        self.shots = Shots()
        """All pulses so far."""
        self.scanned = False
        """Whether the scan is over."""
        self._step = (high - low) / (points - 1)
        self._queue = [(float(each), pulses) for each in np.unique(self._rounded(np.linspace(low, high, points)))]
        self._scales = Scales(((high - low) / 15,), 0.6)
        self._scales_of = 0
        self._best, self._reach = (low + high) / 2, (high - low) / (_GRID - 1)
        self._random = np.random.default_rng(seed)

    def ask(self) -> tuple[float, int]:
        """Return the next setting and how many pulses to make there.

        Raises
        ------
        FitError
            If the scan found P(switch) nowhere near one half; the message is a diagnosis.
        """
        if not self._queue:
            process = self._process()
            if not self.scanned:
                self._refuse_without_half(process)
                self.scanned = True
            self._queue = self._round(process)
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

    def estimate(self) -> OperatingPoint:
        """Give the operating point by the pulses made so far.

        Raises
        ------
        FitError
            If the scan is not over; the message says after how many pulses.
        """
        if not self.scanned:
            raise FitError(f"the scan is not over after {self.shots.total} pulses: make those that are asked for")
        process = self._process()
        setting = self._least_loss(process)
        mean, error = (float(each[0]) for each in process.predict([setting]))
        # Batches that scatter more than chance allows (a drift) tell less than they say.
        misfit = process.misfit(self.shots.settings, self.shots.switched, self.shots.pulses)
        widened = math.sqrt(max(1.0, misfit))
        slope, slope_error = self._seen_slope(process, setting)
        return OperatingPoint(
            setting=setting,
            interval=self._interval(process, setting, widened),
            probability=float(process.probability([setting])[0]),
            probability_error=error * widened * math.cos(2 * mean),
            probability_interval=_probabilities(mean - NORMAL_95 * error * widened, mean + NORMAL_95 * error * widened),
            slope=slope * math.cos(2 * mean),
            slope_error=slope_error * widened * math.cos(2 * mean),
            flat=self._flat(process, setting),
            pulses=self.shots.total,
            misfit=misfit,
        )

    # the plan; deviations of asin √P from that of one half are those of P, near there

    def _process(self) -> GaussianProcess:
        """Give the process through all pulses; its scales are fitted again after every half as many more."""
        known = self.shots.merged()
        if 2 * known.total > 3 * self._scales_of:
            # Where P is 0 or 1 it is flat, whatever it does near one half.
            told = np.abs(known.fractions - 0.5) < 0.48
            of = known.only(told if np.count_nonzero(told) >= _FEWEST_TOLD else np.ones_like(told))
            fitted = GaussianProcess.fit(of.settings, of.switched, of.pulses, self._scales)
            self._scales, self._scales_of = fitted.scales, known.total
        return GaussianProcess(known.settings, known.switched, known.pulses, self._scales)

    @one_blas_thread
    def _round(self, process: GaussianProcess) -> list[tuple[float, int]]:
        """Plan a fifth more pulses: estimates are renewed often while they are poor, rarely when they are good."""
        pulses = max(1000, self.shots.total // 5)
        self._best = self._least_loss(process)
        at_best, error = (float(each[0]) for each in process.predict([self._best]))
        self._reach = min(
            (self.high - self.low) / (_GRID - 1), 4 * error / max(map(abs, self._slope(process, self._best)))
        )
        settings = self._candidates()
        mean, covariance = process.joint(settings)
        covariance[np.diag_indices_from(covariance)] += 1e-8  # the round-off of neighbouring settings
        drawn = mean + self._random.standard_normal((_DRAWS, mean.size)) @ np.linalg.cholesky(covariance).T
        losses = drawn**2 + (self._over_tolerance(settings) @ drawn.T).T ** 2
        aside = _ASIDE[abs(at_best) > error]
        wanted = [(self._best, 1 - aside)]
        wanted += [(side, aside / 4) for side in self._sides(process)]
        wanted += [(float(settings[int(loss.argmin())]), aside / (2 * _DRAWS)) for loss in losses]
        shares: dict[float, int] = {}
        for setting, share in wanted:
            shares[setting] = shares.get(setting, 0) + int(share * pulses)
        return sorted(shares.items())

    def _least_loss(self, process: GaussianProcess) -> float:
        """Choose the setting with the least expected square of P - 1/2."""
        settings = self._candidates()
        mean, covariance = process.joint(settings)
        over = self._over_tolerance(settings)
        slack = np.diag(covariance) + np.asarray(over.multiply(over @ covariance).sum(axis=1)).ravel()
        loss = mean**2 + (over @ mean) ** 2 + slack
        return float(settings[int(loss.argmin())])

    def _sides(self, process: GaussianProcess) -> list[float]:
        apart = self._apart(process, self._best)
        sides = np.array([self._best - apart, self._best + apart])
        return [float(each) for each in self._rounded(np.clip(sides, self.low, self.high))]

    def _apart(self, process: GaussianProcess, setting: float) -> float:
        """Give how far from a setting P has changed enough for its slope to be seen."""
        rise = float(np.clip(10 / math.sqrt(self.shots.total), 0.03, 0.1))
        slope, error = self._slope(process, setting)
        return max(min(rise / max(abs(slope), error), process.scales.lengths[0] / 3), self.resolution)

    def _over_tolerance(self, settings: NDArray[np.float64]):  # type: ignore[no-untyped-def]
        """Give the matrix that tells by how much a curve at the settings rises within the tolerance of each."""
        from scipy.sparse import csr_array

        rows, columns, weights = [], [], []
        for side in (-1, 1):
            at = np.clip(settings + side * self.tolerance, settings[0], settings[-1])
            left = np.clip(np.searchsorted(settings, at, side="right") - 1, 0, settings.size - 2)
            part = (at - settings[left]) / (settings[left + 1] - settings[left])
            rows += [np.arange(settings.size)] * 2
            columns += [left, left + 1]
            weights += [side * (1 - part) / 2, side * part / 2]
        entries = (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns)))
        return csr_array(entries, shape=(settings.size, settings.size))

    def _grid(self) -> NDArray[np.float64]:
        """Give the settings to look at: over the range, and closely about the best."""
        about = np.linspace(self._best - self._reach, self._best + self._reach, _GRID // 3)
        return np.union1d(np.linspace(self.low, self.high, _GRID), np.clip(about, self.low, self.high))

    def _candidates(self) -> NDArray[np.float64]:
        return np.unique(self._rounded(self._grid()))

    def _rounded(self, settings: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._settings.size:
            between = (self._settings[1:] + self._settings[:-1]) / 2
            return np.asarray(self._settings[np.searchsorted(between, settings)])
        if not self.resolution:
            return settings
        return np.asarray(np.round(settings / self.resolution) * self.resolution)

    # what is known

    def _slope(self, process: GaussianProcess, setting: float) -> tuple[float, float]:
        """Give the derivative of asin √P, and its standard error."""
        step = max(self.resolution, min(process.scales.lengths[0] / 20, self._step / 4))
        mean, covariance = process.joint([setting - step, setting + step])
        ends = np.array([-1.0, 1.0]) / (2 * step)
        return float(ends @ mean), math.sqrt(max(0.0, float(ends @ covariance @ ends)))

    def _seen_slope(self, process: GaussianProcess, setting: float) -> tuple[float, float]:
        """Give the same by the pulses about the setting alone: the process flattens what is steep, expecting none."""
        known, apart = self.shots.merged(), self._apart(process, setting)
        near = known.only(np.abs(known.settings - setting) <= 1.5 * apart)
        if near.settings.size < 3:
            return self._slope(process, setting)
        angles = np.arcsin(np.sqrt(near.fractions))
        bend, covariance = np.polyfit(
            (near.settings - setting) / apart, angles, 2, w=2 * np.sqrt(near.pulses), cov="unscaled"
        )
        return float(bend[1]) / apart, math.sqrt(float(covariance[1, 1])) / apart

    def _interval(self, process: GaussianProcess, setting: float, widened: float) -> tuple[float, float]:
        """Invert the band of P about the process: the settings near it at which 1/2 lies within 95 %."""
        grid = self._grid()
        mean, error = process.predict(grid)
        first, last = _run(np.abs(mean) <= NORMAL_95 * widened * error, int(np.abs(grid - setting).argmin()))
        if first > last:
            return setting, setting
        return (
            -math.inf if first == 0 else float(grid[first]),
            math.inf if last == grid.size - 1 else float(grid[last]),
        )

    def _flat(self, process: GaussianProcess, setting: float) -> tuple[float, float] | None:
        grid = np.linspace(self.low, self.high, _GRID)
        mean, error = process.predict(grid)
        first, last = _run(np.abs(mean) <= _FLAT + error, int(np.abs(grid - setting).argmin()))
        flat = first <= last and grid[last] - grid[first] >= _FLAT_STEPS * self._step
        return (float(grid[first]), float(grid[last])) if flat else None

    def _refuse_without_half(self, process: GaussianProcess) -> None:
        mean, error = process.predict(np.linspace(self.low, self.high, _GRID))
        if (np.abs(mean) - 2 * error).min() < 0.05 or (mean[0] > 0) != (mean[-1] > 0):
            return
        p = self.shots.fractions
        what = f"P(switch) = 1/2 is not reached between {self.low:g} and {self.high:g}"
        if p.max() < 0.1:
            raise FitError(
                f"{what}: the device switches nowhere there (at most {p.max():.3f}); the pulse does not reach it, its "
                "range is too low, or the device is stuck, open or shorted: check the contact, then raise the range"
            )
        side = "below" if mean.max() < 0 else "above"
        raise FitError(
            f"{what}: it stays {side}, {p.min():.3f} to {p.max():.3f}; change the range, the width or the field"
        )


def _probabilities(low: float, high: float) -> tuple[float, float]:
    """Give the probabilities P of two deviations of asin √P from that of one half."""
    ends = (min(max(angle, -math.pi / 4), math.pi / 4) for angle in (low, high))
    first, last = ((1 + math.sin(2 * angle)) / 2 for angle in ends)
    return first, last


def _run(flags: NDArray[np.bool_], through: int) -> tuple[int, int]:
    """Return the first and last index of the run of true flags that an index lies in; last before first if none."""
    if not flags[through]:
        return through, through - 1
    off = np.flatnonzero(~flags)
    before, after = off[off < through], off[off > through]
    return int(before[-1]) + 1 if before.size else 0, int(after[0]) - 1 if after.size else flags.size - 1
