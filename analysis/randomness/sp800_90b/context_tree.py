"""Contexts, and how often which symbol followed them, as the Markov and the dictionary predictor keep them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import part

__all__ = ["GUESS", "HITS", "add_count", "find", "find_place", "grown"]

GUESS, HITS = 0, 1
"""Columns of a context: its most frequent continuation, and how often that came."""


@part
def find_place(keys: NDArray[np.int64], key: int) -> Any:
    """Return where a key, 1 or more, stands in a hash table, or where it would."""
    mask = uint64(keys.size - 1)
    place = (uint64(key) * uint64(0x9E3779B97F4A7C15)) >> uint64(20) & mask
    while keys[place] != 0 and keys[place] != key:
        place = (place + uint64(1)) & mask
    return int64(place)


@part
def find(keys: NDArray[np.int64], values: NDArray[np.int32], key: int) -> Any:
    """Return the value of a key, 0 where it has none."""
    place = find_place(keys, key)
    return int64(values[place]) if keys[place] == key else 0


@part
def grown(keys: NDArray[np.int64], values: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the table in four times the room."""
    more, moved = np.zeros(4 * keys.size, np.int64), np.zeros(4 * keys.size, np.int32)
    for i in range(keys.size):
        if keys[i] != 0:
            place = find_place(more, keys[i])
            more[place], moved[place] = keys[i], values[i]
    return more, moved


@part
def add_count(
    nodes: NDArray[np.int32], node: int, symbol: int, keys: NDArray[np.int64], values: NDArray[np.int32], new: bool
) -> bool:  # fmt: skip
    """Count that a symbol followed a context, unless it has not before and may not now; tell whether it is new.

    Notes
    -----
    The guess is the most frequent continuation, of equally frequent ones the largest symbol.
    """
    place = find_place(keys, (node << 8 | symbol) + 1)
    fresh = keys[place] == 0
    if fresh and not new:
        return False
    keys[place] = (node << 8 | symbol) + 1
    values[place] += 1
    count = values[place]
    if count > nodes[node, 1] or (count == nodes[node, 1] and symbol > nodes[node, 0]):
        nodes[node, 0], nodes[node, 1] = symbol, count
    return bool(fresh)
