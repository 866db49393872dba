"""The random walk of the bits: its extremes, its cycles, its visits near zero, in one pass."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["walk", "Walk"]

NEAR = 9
"""States -9 to 9 have their visits counted."""


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


def walk(words: NDArray[np.uint64], ones: NDArray[np.uint8], n: int) -> Walk:
    """Follow the walk of the first `n` bits of `words`, whose ones are counted in `ones`."""
    return Walk(*_walk(words, ones, n))


@njit(cache=True, nogil=True)
def _walk(
    words: NDArray[np.uint64], ones: NDArray[np.uint8], n: int
) -> tuple[int, int, int, int, NDArray[np.int64], NDArray[np.int64]]:
    state, highest, lowest, cycles = 0, 0, 0, 0
    classes = np.zeros((9, 6), np.int64)
    visits = np.zeros(19, np.int64)
    in_cycle = np.zeros(9, np.int64)
    for index in range((n + 63) // 64):
        steps = min(64, n - 64 * index)
        # Far from zero and from both extremes, 64 steps change nothing but the state.
        if steps == 64 and abs(state) > 73 and state + 64 <= highest and state - 64 >= lowest:
            state += 2 * int(ones[index]) - 64
            continue
        word = words[index]
        for _ in range(steps):
            state += 1 if word >> np.uint64(63) else -1
            word <<= np.uint64(1)
            highest = max(highest, state)
            lowest = min(lowest, state)
            if -9 <= state <= 9:
                visits[state + 9] += 1
                if state == 0:
                    cycles += 1
                    for x in range(9):
                        classes[x, min(in_cycle[x], 5)] += 1
                        in_cycle[x] = 0
                elif -4 <= state <= 4:
                    in_cycle[state + 4] += 1
    if state != 0:
        cycles += 1
        for x in range(9):
            classes[x, min(in_cycle[x], 5)] += 1
    return state, highest, lowest, cycles, classes, visits
