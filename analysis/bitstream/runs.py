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

WORD = 64
"""Bits of a word."""

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
        """Take the bits that come next.

        Parameters
        ----------
        bits
            Bits, in order.
        """
        if not len(bits):
            return
        last = bits[0] if self._last is None else self._last
        words = words_of(bits)
        changes = words ^ bits_before(words, len(bits), last)
        there = np.flatnonzero(changes)
        if there.size:
            first, final = int(there[0]), int(there[-1])
            if self._begun is not None:
                place = WORD * first + WORD - int(changes[first]).bit_length()
                self._counts[last, min(self._done + place - self._begun, LONGEST) - 1] += 1
            lowest = int(changes[final]) & -int(changes[final])
            self._counts += _between(changes, words, final, lowest)
            self._begun = self._done + WORD * final + WORD - lowest.bit_length()
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


def _between(changes: NDArray[np.uint64], words: NDArray[np.uint64], final: int, lowest: int) -> NDArray[np.int64]:
    """Count the runs that begin and end in a piece by value and length, all in words of 64 bits.

    Parameters
    ----------
    changes
        A one where a run begins.
    words
        The bits.
    final, lowest
        Word and bit of the last change: the run after it has no end here.

    Returns
    -------
    array
        Shape (2, 64).
    """
    steady = ~changes
    following = np.append(steady[1:], np.uint64(0))
    alive = changes.copy()  # runs, at their first bit, that are at least as long as the step in the loop
    alive[final] ^= np.uint64(lowest)
    reached = np.zeros((2, LONGEST + 1), np.int64)
    for length in range(LONGEST):
        total = int(np.bitwise_count(alive).sum(dtype=np.int64))
        if not total:
            break
        reached[1, length] = ones = int(np.bitwise_count(alive & words).sum(dtype=np.int64))
        reached[0, length] = total - ones
        step = length + 1
        if step < WORD:
            alive &= (steady << np.uint64(step)) | (following >> np.uint64(WORD - step))
    found: NDArray[np.int64] = reached[:, :-1] - reached[:, 1:]
    return found


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
