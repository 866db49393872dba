"""Whether the bits stick for a while: the longest run of equal bits."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis.randomness.randomness_test import RandomnessTest, enough_bits, tallied
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["LONGEST_RUN", "LongestRunTally", "longest_run"]


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
    return tallied(LongestRunTally(), enough_bits(bits, 1, "the test of the longest run")).result()


class LongestRunTally:
    """Keeps the longest run, and where the last one began."""

    def __init__(self) -> None:
        self._bits = self._ones = 0
        self._last: int | None = None
        self._began = 0
        self._longest = _Run(0, 0, 0)

    def add(self, bits: NDArray[np.uint8]) -> None:
        """Take the bits that come next."""
        if not bits.size:
            return
        starts = np.flatnonzero(np.diff(bits, prepend=bits[0] if self._last is None else self._last)) + self._bits
        if starts.size:
            lengths = np.diff(starts, prepend=self._began)
            at = int(np.argmax(lengths))
            # Runs take turns: the one that ends at the first start has the value of the bit before it.
            before = int(bits[0]) if starts[0] > self._bits else self._last
            value = (before or 0) ^ (at % 2)
            self._keep(_Run(int(lengths[at]), self._began if at == 0 else int(starts[at - 1]), value))
            self._began = int(starts[-1])
        self._last = int(bits[-1])
        self._bits += bits.size
        self._ones += int(np.count_nonzero(bits))

    def result(self) -> TestResult:
        """Give the test of all bits so far."""
        n, share = self._bits, self._ones / self._bits
        if share in (0, 1):
            return TestResult(name="longest run", reason="all bits are equal: the frequency test speaks of that")
        length, place, value = max(self._longest, _Run(n - self._began, self._began, self._last or 0), key=_length)
        expected = sum(((n - length) * (1 - each) + 1) * each**length for each in (share, 1 - share))
        return TestResult(
            name="longest run",
            p_value=-math.expm1(-expected),
            found=f"{length} times {value} in a row, from bit {place:,}",
            statistics={"length": length, "place": place, "expected": expected},
        )

    def _keep(self, run: _Run) -> None:
        self._longest = max(self._longest, run, key=_length)  # of equal ones the first


class _Run(NamedTuple):
    length: int
    place: int
    value: int


def _length(run: _Run) -> int:
    return run.length


LONGEST_RUN = RandomnessTest(
    name="longest run",
    run=lambda tested: longest_run(tested.bits),
    tally=lambda _: LongestRunTally(),
    least_bits=2,
    place=27,
)
"""The test of the longest run as a part of an assessment."""
