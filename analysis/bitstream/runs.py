"""Lengths of runs of equal bits against the geometric law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.analysis import Goodness
from mtjlab.analysis.bitstream.packed_pieces import bits_before, packed_pieces, words_of
from mtjlab.core import Bits, InputError

__all__ = ["RunLengths", "RunTally", "pooled_chi_square", "run_lengths"]

LONGEST = 64
"""Length from which runs are counted together."""

LEAST_EXPECTED = 5.0
"""Runs expected in a class of the chi-square (Cochran 1954); longer runs are pooled until there are so many."""


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
    tally = RunTally()
    for piece in packed_pieces([Bits.of(bits)]):
        tally.add(piece)
    return tally.result()


class RunTally:
    """Counts the runs of a stream that comes in pieces of a multiple of 64 bits."""

    def __init__(self) -> None:
        self._counts = np.zeros((2, LONGEST), np.int64)
        self._done = 0
        self._last: int | None = None
        self._begun: int | None = None  # where the run that is open began; None before the first change

    def add(self, bits: Bits) -> None:
        """Take the bits that come next."""
        if not len(bits):
            return
        last = bits[0] if self._last is None else self._last
        words = words_of(bits)
        changed = (words ^ bits_before(words, len(bits), last)).astype(">u8").view(np.uint8)
        places = np.flatnonzero(np.unpackbits(changed, count=len(bits)).view(bool))
        if places.size:
            starts = places if self._begun is None else np.concatenate(([self._begun - self._done], places))
            lengths = np.minimum(np.diff(starts), LONGEST) - 1
            # Runs take turns; the first that ends here is of the last value, or of the other if that run had no start.
            value = last if self._begun is not None else 1 - last
            for row, own in ((value, lengths[::2]), (1 - value, lengths[1::2])):
                self._counts[row] += np.bincount(own, minlength=LONGEST)
            self._begun = self._done + int(places[-1])
        self._done += len(bits)
        self._last = bits[-1]

    def result(self) -> RunLengths:
        """Give the run lengths of all bits so far.

        Raises
        ------
        InputError
            If there are fewer than three runs.
        """
        return _compared(self._counts.copy())


def _compared(counts: NDArray[np.int64]) -> RunLengths:
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
    parts = [pooled_chi_square(counts[row], expected[row]) for row in (0, 1)]
    freedom = max(0, sum(classes - 1 for _, classes in parts) - 1)
    return RunLengths(counts, expected, Goodness.of(sum(found for found, _ in parts), freedom))


def pooled_chi_square(counts: NDArray[np.int64], expected: NDArray[np.float64]) -> tuple[float, int]:
    """Give the chi-square with the tail pooled, and the number of classes.

    Parameters
    ----------
    counts, expected
        Runs of length 1, 2, …, shape (L,).

    Returns
    -------
    tuple
        Chi-square and classes.
    """
    tails = np.cumsum(expected[::-1])[::-1]  # expected at this length and longer
    own = max(1, int(np.count_nonzero(np.minimum(expected, tails - expected) >= LEAST_EXPECTED)))
    found = np.append(counts[:own], counts[own:].sum())
    law = np.append(expected[:own], expected[own:].sum())
    if law[-1] < LEAST_EXPECTED:
        return 0.0, 1
    return float(np.sum((found - law) ** 2 / law)), own + 1
