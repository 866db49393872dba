"""Where P(1) jumps: change points with a stated rate of false alarms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.bitstream.windows import Windows
from mtjlab.analysis.randomness import wilson_interval
from mtjlab.core import InputError, Quantity

__all__ = ["ChangePoint", "Steps", "change_points"]


@dataclass(frozen=True)
class ChangePoint:
    """A window at which P(1) becomes another."""

    window: int
    """First window after the change."""

    time: float
    """Its start, in the unit of the windows."""

    p_value: float
    """Probability that steady bits of this stretch, split nowhere, give a sum so large anywhere."""


@dataclass(frozen=True)
class Steps:
    """P(1) as steps between change points."""

    changes: tuple[ChangePoint, ...]
    """Change points in order of time; none where P(1) is steady."""

    shares: tuple[Quantity, ...]
    """P(1) before the first change, between changes and after the last, with Wilson's interval."""


def change_points(windows: Windows, *, level: float = 0.01) -> Steps:
    """Find the windows at which P(1) changes.

    Parameters
    ----------
    windows
        Ones in windows, of any sizes.
    level
        Chance that steady, independent bits are given any change point at all.

    Returns
    -------
    Steps
        Change points, and P(1) of the stretches between.

    Raises
    ------
    InputError
        If `level` is not between 0 and 1, or there is no window.

    Notes
    -----
    Binary segmentation (Scott and Knott, Biometrics 30, 507 (1974)): a stretch is split where the cumulative sum of
    ones is farthest from the straight line between its ends, and both parts are looked at again. On steady bits the
    sum, over √(n p (1 - p)), is a Brownian bridge, whose largest excursion has Kolmogorov's law; the windows see it at
    some points only, so that the rate of false alarms is `level` at most. The first look decides whether there is a
    false alarm: without it there is no second. A slow drift comes out as a staircase.
    """
    if not 0 < level < 1:
        raise InputError(f"level = {level}: expected a number between 0 and 1, as 0.01")
    if not len(windows):
        raise InputError("no windows: give at least one")
    ones = np.concatenate(([0], np.cumsum(windows.ones)))
    counts = np.concatenate(([0], np.cumsum(windows.counts)))
    found: list[ChangePoint] = []
    open_stretches = [(0, len(windows))]
    while open_stretches:
        first, last = open_stretches.pop()
        split, p_value = _farthest(ones[first : last + 1], counts[first : last + 1], windows.variance_factor)
        if p_value >= level:
            continue
        found.append(ChangePoint(first + split, float(windows.times[first + split]), p_value))
        open_stretches += [(first, first + split), (first + split, last)]
    found.sort(key=lambda change: change.window)
    edges = [0, *(change.window for change in found), len(windows)]
    shares = [_share(int(ones[b] - ones[a]), int(counts[b] - counts[a])) for a, b in pairwise(edges)]
    return Steps(tuple(found), tuple(shares))


def _farthest(ones: NDArray[np.int64], counts: NDArray[np.int64], factor: float) -> tuple[int, float]:
    """Give the window before which to split a stretch, from its running sums, and the p-value of doing so."""
    from scipy.special import kolmogorov

    done, hits = counts - counts[0], ones - ones[0]
    total, share = int(done[-1]), float(hits[-1] / done[-1])
    if len(ones) < 3 or share in (0.0, 1.0):
        return 0, 1.0
    excursion = np.abs(hits - share * done)[1:-1]
    split = int(np.argmax(excursion)) + 1
    return split, float(kolmogorov(excursion[split - 1] / np.sqrt(factor * total * share * (1 - share))))


def _share(hits: int, of: int) -> Quantity:
    share = hits / of
    return Quantity(share, float(np.sqrt(share * (1 - share) / of)), "1", *wilson_interval(hits, of))
