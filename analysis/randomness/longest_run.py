"""Whether the bits stick for a while: the longest run of equal bits."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["LONGEST_RUN", "longest_run"]

PIECE = 1 << 20
"""Bits that are looked at, at once."""


def longest_run(bits: ArrayLike) -> TestResult:
    """Test whether the longest run of equal bits is one that independent bits may show.

    A device that sticks for some tens of pulses in a million changes no share and no count that another test looks at.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1.

    Returns
    -------
    TestResult
        Statistics `length` (of the longest run), `place` (of its first bit) and `expected` (how many runs of at least
        that length are expected). Not applicable where all bits are equal.

    Raises
    ------
    ValueError
        If there is no bit.

    Notes
    -----
    With a share p of ones, q = 1 - p, n bits hold (n - k) q pᵏ + pᵏ runs of k ones or more in the mean, and so of
    zeros with p and q in turn; long ones come nearly as a Poisson process, so p = 1 - exp(-expected) (Arratia,
    Goldstein and Gordon, Stat. Sci. 5, 403 (1990)). Lengths are whole numbers: fair bits fail somewhat less
    often than the level says.
    """
    checked = enough_bits(bits, 1, "the test of the longest run")
    n, share = checked.size, np.count_nonzero(checked) / checked.size
    if share in (0, 1):
        return TestResult(name="longest run", reason="all bits are equal: the frequency test speaks of that")
    length, place = _longest(checked)
    expected = sum(((n - length) * (1 - each) + 1) * each**length for each in (share, 1 - share))
    value = int(checked[place])
    return TestResult(
        name="longest run",
        p_value=-math.expm1(-expected),
        found=f"{length} times {value} in a row, from bit {place:,}",
        statistics={"length": length, "place": place, "expected": expected},
    )


def _longest(checked: NDArray[np.uint8]) -> tuple[int, int]:
    """Return length and first place of the longest run, the first of several."""
    began, longest = 0, (0, 0)
    for first in range(1, checked.size, PIECE):
        end = min(first + PIECE, checked.size)
        starts = np.flatnonzero(checked[first:end] != checked[first - 1 : end - 1]) + first
        if not starts.size:
            continue
        lengths = np.diff(starts, prepend=began)
        at = int(np.argmax(lengths))
        longest = max(longest, (int(lengths[at]), -(began if at == 0 else int(starts[at - 1]))))
        began = int(starts[-1])
    longest = max(longest, (checked.size - began, -began))
    return longest[0], -longest[1]


LONGEST_RUN = RandomnessTest(name="longest run", run=lambda tested: longest_run(tested.bits), least_bits=2, place=27)
"""The test of the longest run as a part of an assessment."""
