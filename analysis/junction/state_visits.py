"""Whether a record of readings hops between two levels all the time, or went to another one now and then."""

from __future__ import annotations

import dataclasses
import math
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["StateVisits"]

Values = NDArray[np.float64]

FEWEST_HOPS = 8
"""Hops that make telegraph noise, at least: four visits of either level. Fewer give no rate, and are events."""
_STATES = 6.0
"""Distance of two levels, in standard deviations of the readings about them, from which an empty middle tells them."""
_TOLD = 3.0
"""And from which the shares of a mixture tell them: levels that are closer are not told from 1/f noise."""
_LEAST_SHARE = 0.02
"""Share of the rarer level there, at least: below it what is closer than `_STATES` are outliers."""
_CLEAR = 8.0
"""Distance of the levels in deviations of a running mean, by which hops are counted."""
_NEAR, _FAR = 0.25, 0.75
"""Parts of the way between the levels at which a level counts as left and as reached."""


@dataclasses.dataclass(frozen=True)
class StateVisits:
    """Two levels in records of readings, if there are two.

    Examples
    --------
    A record that is once in the other state, for 50 of 1,000 readings:

    >>> readings = np.random.default_rng(1).normal(50e3, 100, (4, 1000))
    >>> readings[2, 400:450] += 50e3
    >>> seen = StateVisits.of(readings)
    >>> seen.telegraph, seen.hops, np.flatnonzero(seen.disturbed).tolist()
    (False, 2, [2])
    """

    telegraph: bool
    """Whether the readings hop between two levels of their own, again and again."""
    hops: int
    """Changes of the level; those of telegraph noise are not counted (0)."""
    elsewhere: NDArray[np.bool_]
    """Readings on the rarer level, or on the way to it; none where it is telegraph noise. Shape (records, readings)."""
    distance: float
    """The rarer level less the other one, in the unit of the readings; 0 where there is one level."""

    @classmethod
    def of(cls, readings: Values) -> Self:
        """Look for two levels in records that are each contiguous, shape (records, readings), in order of time."""
        flat = readings.ravel()
        none = np.zeros(readings.shape, bool)
        levels = _states(flat) or _mixture(flat)
        if levels is None:
            return cls(False, 0, none, 0.0)
        low, high, scatter = levels
        if not scatter:
            scatter = 1e-9 * (high - low)
        smooth, length = _running_mean(readings, (high - low) / scatter)
        at = (smooth - low) / (high - low)
        hops, upper = _hops(at.ravel())
        # A running mean hides hops that are faster than it: they cross at every reading's own pace.
        raw = (flat - low) / (high - low)
        fast, _ = _hops(raw)
        false = 2 * flat.size * _tail(_FAR * (high - low) / scatter)
        if hops >= FEWEST_HOPS or fast > FEWEST_HOPS + 3 * false:
            return cls(True, 0, none, high - low)
        rarer = upper if np.count_nonzero(upper) <= flat.size / 2 else ~upper
        distance = (high - low) if rarer is upper else (low - high)
        # Its edges are means of both levels, by the running mean and by the readings' own time.
        wide = np.convolve(rarer, np.ones(2 * (length // 2) + 3), "same") > 0.5
        if length == 1 and (high - low) > _STATES * scatter:
            middle = (raw > _NEAR) & (raw < _FAR)
            wide = rarer | (middle & wide)
        return cls(False, hops, wide.reshape(readings.shape), distance)

    @property
    def disturbed(self) -> NDArray[np.bool_]:
        """Records with readings on the rarer level, shape (records,)."""
        return np.asarray(self.elsewhere.any(axis=1))

    def undisturbed(self, readings: Values) -> Values:
        """Give the records that were never elsewhere; where each was, all of them with the visits taken out as steps.

        A step is the distance of the levels; readings on their way count as the ones before them.
        """
        kept = ~self.disturbed
        if kept.all() or kept.any():
            return readings[kept]
        return np.stack([_without_step(*each) for each in zip(readings, self.elsewhere, strict=True)])


def _without_step(record: Values, elsewhere: NDArray[np.bool_]) -> Values:
    """Bring the readings of each visit to the mean of the others."""
    repaired = record.copy()
    if elsewhere.all():
        return repaired
    home = float(np.median(record[~elsewhere]))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], elsewhere, [False]]).astype(int)))
    for start, stop in edges.reshape(-1, 2):
        visit = record[start:stop]
        level = float(np.median(visit))
        settled = np.abs(visit - level) < abs(level - home) / 4
        repaired[start:stop] = np.where(settled, visit - level + home, home)
    return repaired


def _states(flat: Values) -> tuple[float, float, float] | None:
    """Give two levels with nothing between them, and the scatter about them; a single reading elsewhere is one, too."""
    middle = (float(flat.min()) + float(flat.max())) / 2
    low, high = flat[flat < middle], flat[flat >= middle]
    if not low.size or not high.size:
        return None
    below, above = float(np.median(low)), float(np.median(high))
    usual = _deviation(low if low.size >= high.size else high)
    scatter = max([usual, *(_deviation(each) for each in (low, high) if each.size > 8)])
    if above - below <= _STATES * scatter:
        return None
    between = np.count_nonzero(np.abs(flat - middle) < (above - below) / 6)
    # Two levels that a reading is long against have means of all kinds between them: that is no visit but noise.
    return (below, above, scatter) if between <= max(2 * FEWEST_HOPS, flat.size / 20) else None


def _deviation(values: Values) -> float:
    return 1.4826 * float(np.median(np.abs(values - np.median(values))))


def _mixture(flat: Values) -> tuple[float, float, float] | None:
    """Give two levels with one scatter where their mixture tells them from one level."""
    low, high = (float(q) for q in np.quantile(flat, [0.01, 0.99]))
    if low == high:
        return None
    values, weights, within = _grouped(flat)
    share = 0.5
    scatter = float(flat.std()) / 2
    for _ in range(200):
        before = share
        odds = np.log(share / (1 - share)) + ((values - low) ** 2 - (values - high) ** 2) / (2 * scatter**2)
        upper = weights / (1 + np.exp(-np.clip(odds, -700, 700)))
        lower = weights - upper
        share = float(np.clip(upper.sum(), 1e-6, 1 - 1e-6))
        low, high = float(lower @ values / lower.sum()), float(upper @ values / upper.sum())
        variance = upper @ (values - high) ** 2 + lower @ (values - low) ** 2 + within
        scatter = float(np.sqrt(variance))
        if scatter == 0:
            break
        if abs(share - before) < 1e-6:
            break
    told = high - low > _TOLD * scatter and min(share, 1 - share) > _LEAST_SHARE
    return (low, high, scatter) if told else None


def _grouped(readings: Values) -> tuple[Values, Values, float]:
    """Give means and shares of groups of neighbours among the sorted readings, and the variance within groups.

    A thousand of them tell the levels as well as all readings, in a hundredth of the time of a long record.
    """
    ordered = np.sort(readings)
    first = np.linspace(0, ordered.size, min(ordered.size, 1000), endpoint=False).astype(np.intp)
    sizes = np.diff(first, append=ordered.size)
    means = np.add.reduceat(ordered, first) / sizes
    within = float(((ordered - np.repeat(means, sizes)) ** 2).mean())
    return means, sizes / ordered.size, within


def _running_mean(readings: Values, contrast: float) -> tuple[Values, int]:
    """Average over neighbours in each record until the levels stand out; give the mean and its length, odd."""
    length = 2 * math.ceil(max(0.0, (_CLEAR / contrast) ** 2 - 1) / 2) + 1
    if length == 1:
        return readings, 1
    padded = np.pad(readings, ((0, 0), (length // 2, length // 2)), mode="edge")
    sums = np.cumsum(np.pad(padded, ((0, 0), (1, 0))), axis=1)
    return (sums[:, length:] - sums[:, :-length]) / length, length


def _hops(at: Values) -> tuple[int, NDArray[np.bool_]]:
    """Count changes between levels 0 and 1, each reached at three quarters of the way; give which one holds, too."""
    reached = np.where(at >= _FAR, 1, np.where(at <= _NEAR, 0, -1))
    known = np.flatnonzero(reached >= 0)
    if not known.size:
        return 0, np.zeros(at.size, bool)
    last = known[np.clip(np.searchsorted(known, np.arange(at.size), side="right") - 1, 0, known.size - 1)]
    state = reached[last].astype(bool)
    return int(np.count_nonzero(state[1:] != state[:-1])), state


def _tail(deviations: float) -> float:
    """Give the probability that a normal number is larger."""
    return math.erfc(deviations / math.sqrt(2)) / 2
