"""The random walk of the bits: its extremes, its cycles, its visits near zero, in one pass."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_22.word_bits import ones_of

__all__ = ["Walk", "Walker"]

FAR = 9 + 8
"""From states farther than this no byte reaches those from -9 to 9, whose visits are wanted."""

REACH = FAR + 8
"""Visits are counted up to here, so that the walk near zero need not ask at each step where it is."""


class Walk(NamedTuple):
    """What the tests want of a walk."""

    end: int
    """Where it ends."""

    highest: int
    """Highest state, 0 at least."""

    lowest: int
    """Lowest state, 0 at most."""

    cycles: int
    """Stretches from zero to zero, a last unfinished one included."""

    cycle_classes: NDArray[np.int64]
    """Cycles by state (-4 to 4, row 4 unused) and number of visits in them (0 to 4, 5 or more), shape (9, 6)."""

    visits: NDArray[np.int64]
    """Visits of the states -9 to 9, shape (19,)."""


class Walker:
    """Follows the walk piece after piece."""

    def __init__(self) -> None:
        self._at = np.zeros(4, np.int64)  # state, highest, lowest, cycles
        self._classes = np.zeros((9, 6), np.int64)
        self._visits = np.zeros((2, 2 * REACH + 1), np.int64)  # so far, and up to the last zero

    def follow(self, packed: NDArray[np.uint8], words: NDArray[np.uint64], n: int) -> None:
        """Take the next `n` bits, by bytes and by words; only the last piece may end inside a byte."""
        _follow(packed, words, n, self._at, self._classes, self._visits, *_byte_walks())

    def result(self) -> Walk:
        """Say what was seen; a cycle that is not finished counts as one."""
        state, highest, lowest, cycles = self._at.tolist()
        classes = self._classes.copy()
        if state:
            cycles += 1
            seen = np.minimum(5, self._visits[0] - self._visits[1])[REACH - 4 : REACH + 5]
            classes[np.arange(9), seen] += 1
        return Walk(state, highest, lowest, cycles, classes, self._visits[0, REACH - 9 : REACH + 10].copy())


@lru_cache
def _byte_walks() -> tuple[NDArray[np.int8], NDArray[np.int8], NDArray[np.int8]]:
    """Return for each byte where its walk ends, its highest and its lowest state."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1).astype(np.int8)
    states = np.cumsum(2 * bits - 1, axis=1, dtype=np.int8)
    return states[:, -1].copy(), states.max(axis=1), states.min(axis=1)


@kernel
def _follow(
    packed: NDArray[np.uint8],
    words: NDArray[np.uint64],
    n: int,
    at: NDArray[np.int64],
    classes: NDArray[np.int64],
    visits: NDArray[np.int64],
    ends: NDArray[np.int8],
    tops: NDArray[np.int8],
    bottoms: NDArray[np.int8],
) -> None:
    state, highest, lowest, cycles = at[0], at[1], at[2], at[3]
    for word in range((n + 63) // 64):
        # Most words are far from the states near zero and from the extremes: only where they lead matters.
        if 64 * word + 64 <= n and abs(state) > 9 + 64 and state + 64 <= highest and state - 64 >= lowest:
            state += 2 * ones_of(words[word]) - 64
            continue
        for index in range(8 * word, min(8 * word + 8, (n + 7) // 8)):
            steps = min(8, n - 8 * index)
            byte = packed[index]
            if steps == 8 and abs(state) > FAR:  # no state whose visits matter is within reach
                highest = max(highest, state + tops[byte])
                lowest = min(lowest, state + bottoms[byte])
                state += ends[byte]
                continue
            for step in range(steps):
                state += 2 * np.int64((byte >> (7 - step)) & 1) - 1
                highest = max(highest, state)
                lowest = min(lowest, state)
                visits[0, min(max(state + REACH, 0), 2 * REACH)] += 1
                if state == 0:
                    cycles += 1
                    _close_cycle(classes, visits)
    at[0], at[1], at[2], at[3] = state, highest, lowest, cycles


@part
def _close_cycle(classes: NDArray[np.int64], visits: NDArray[np.int64]) -> None:
    """Enter the visits since the last zero in their classes."""
    for x in range(9):
        state = x + REACH - 4
        classes[x, min(5, visits[0, state] - visits[1, state])] += 1
        visits[1, state] = visits[0, state]
