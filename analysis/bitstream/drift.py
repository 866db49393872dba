"""Allan deviation of P(1): how far the mean of so many bits is from that of as many that follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.bitstream.windows import Windows
from mtjlab.core import InputError

__all__ = ["AllanDeviation", "allan_deviation"]

LEAST_WINDOWS = 4
"""Windows of which a deviation is taken: fewer tell nothing."""


@dataclass(frozen=True, eq=False)
class AllanDeviation:
    """Allan deviation of P(1) for windows of 1, 2, 4, … of the windows given."""

    bits: NDArray[np.float64]
    """Bits of a window n, shape (K,)."""

    deviation: NDArray[np.float64]
    """Allan deviation of P(1)."""

    low: NDArray[np.float64]
    """Lower end of its 95 % interval, for white noise."""

    high: NDArray[np.float64]
    """Upper end, likewise."""

    white: NDArray[np.float64]
    """What independent bits give: √(p (1 - p) / n)."""

    p_values: NDArray[np.float64]
    """Probability that independent bits give a deviation at least so large; small where P drifts or flickers."""


def allan_deviation(windows: Windows) -> AllanDeviation:
    """Give the Allan deviation of P(1) over window lengths.

    Parameters
    ----------
    windows
        At least four windows of one size.

    Returns
    -------
    AllanDeviation
        One row an octave, as long as four windows are left.

    Raises
    ------
    InputError
        If there are too few windows, they differ in size, or all bits are equal.

    Notes
    -----
    σ² = ⟨(P_(k+1) - P_k)²⟩ / 2 over neighbouring windows that do not overlap; Allan, Proc. IEEE 54, 221 (1966). For
    white noise it has 2 K² / (3 K - 1) degrees of freedom, with K the number of differences: two that share a window
    are correlated by -1/2. From that follow interval and p-value.
    """
    if len(windows) < LEAST_WINDOWS:
        raise InputError(
            f"{len(windows)} windows: the Allan deviation needs {LEAST_WINDOWS} or more, make them smaller"
        )
    if np.any(windows.counts != windows.counts[0]):
        raise InputError("windows differ in size: the Allan deviation needs windows of one number of bits")
    if not windows.variance:
        raise InputError("all bits are equal: there is no deviation to compare")
    from scipy.special import chdtrc, chdtri

    size, ones = int(windows.counts[0]), windows.ones
    rows = []
    while ones.size >= LEAST_WINDOWS:
        differences = np.diff(ones) / size
        variance = float(np.mean(differences**2)) / 2
        number = differences.size
        freedom = 2 * number**2 / (3 * number - 1)
        white = windows.variance / size
        ends = [variance * freedom / chdtri(freedom, tail) for tail in (0.025, 0.975)]
        rows.append((size, variance, *ends, white, chdtrc(freedom, freedom * variance / white)))
        ones = ones[: ones.size // 2 * 2].reshape(-1, 2).sum(axis=1)
        size *= 2
    bits, variances, low, high, expected, p_values = np.array(rows, dtype=np.float64).T
    return AllanDeviation(bits, np.sqrt(variances), np.sqrt(low), np.sqrt(high), np.sqrt(expected), p_values)
