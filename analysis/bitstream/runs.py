"""Lengths of runs of equal bits against the geometric law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.core import Bits, InputError

__all__ = ["RunLengths", "run_lengths"]

LONGEST = 64
"""Length from which runs are counted together."""

LEAST_EXPECTED = 5.0
"""Runs expected in a class of the chi-square (Cochran 1954); longer runs are pooled until there are so many."""

CHUNK = 1 << 23
"""Bits looked at at once: memory stays flat."""


@dataclass(frozen=True, eq=False)
class RunLengths:
    """Numbers of runs by length; the first and the last run, which the ends cut, are left out."""

    counts: NDArray[np.int64]
    """Row: runs of zeros, of ones. Column k - 1: runs of length k, the last column 64 and longer; shape (2, 64)."""

    expected: NDArray[np.float64]
    """The same for independent bits with this share of ones: as many runs, geometric in length."""

    goodness: Goodness
    """Chi-square over both rows, the tail pooled. A small p-value says that bits are not independent."""


def run_lengths(bits: ArrayLike | Bits) -> RunLengths:
    """Count runs by length and compare with the geometric law.

    Parameters
    ----------
    bits
        0 and 1, shape (N,), or `Bits`.

    Returns
    -------
    RunLengths
        Counts, what is expected, and the chi-square.

    Raises
    ------
    InputError
        If there are fewer than three runs: constant bits have nothing to compare.

    Notes
    -----
    P(length k) = (1 - q) q^(k - 1), with q = p for runs of ones and 1 - p for runs of zeros. p is fitted to the runs
    (likelihood), which takes one degree of freedom: classes less one in each row, less one.
    """
    counts = _counted(Bits.of(bits))
    if counts.sum() < 1:
        raise InputError("fewer than three runs: the bits are constant or nearly so, give bits that change")
    zeros, ones = counts
    length = np.arange(1, LONGEST + 1)
    # A run of k ones is k - 1 steps that kept the one and one step that left it.
    to_one = int(ones @ (length - 1)) + int(zeros.sum())
    to_zero = int(zeros @ (length - 1)) + int(ones.sum())
    share = to_one / (to_one + to_zero)
    expected = np.empty((2, LONGEST))
    for row, stay in enumerate((1 - share, share)):
        law = (1 - stay) * stay ** (length - 1)
        law[-1] = stay ** (LONGEST - 1)
        expected[row] = counts[row].sum() * law
    parts = [_chi_square(counts[row], expected[row]) for row in (0, 1)]
    freedom = max(0, sum(classes - 1 for _, classes in parts) - 1)
    return RunLengths(counts, expected, Goodness.of(sum(found for found, _ in parts), freedom))


def _counted(bits: Bits) -> NDArray[np.int64]:
    counts = np.zeros((2, LONGEST), np.int64)
    begun: int | None = None  # where the run that is open began; None before the first change
    for first in range(0, len(bits) - 1, CHUNK):
        chunk = bits[first : first + CHUNK + 1].unpacked()
        ends = np.flatnonzero(chunk[1:] != chunk[:-1])
        if not ends.size:
            continue
        starts = np.concatenate(([-1 if begun is None else begun], first + ends + 1))
        lengths, values = np.diff(starts), chunk[ends]
        if begun is None:
            lengths, values = lengths[1:], values[1:]
        classes = np.minimum(lengths, LONGEST) - 1 + LONGEST * values.astype(np.int64)
        counts += np.bincount(classes, minlength=2 * LONGEST).reshape(2, LONGEST)
        begun = int(starts[-1])
    return counts


def _chi_square(counts: NDArray[np.int64], expected: NDArray[np.float64]) -> tuple[float, int]:
    """Give the chi-square with the tail pooled, and the number of classes."""
    tails = np.cumsum(expected[::-1])[::-1]  # expected at this length and longer
    own = max(1, int(np.count_nonzero(np.minimum(expected, tails - expected) >= LEAST_EXPECTED)))
    found = np.append(counts[:own], counts[own:].sum())
    law = np.append(expected[:own], expected[own:].sum())
    if law[-1] < LEAST_EXPECTED:
        return 0.0, 1
    return float(np.sum((found - law) ** 2 / law)), own + 1
