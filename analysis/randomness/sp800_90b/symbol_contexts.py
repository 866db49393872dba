"""The Markov and the dictionary predictor of SP 800-90B on symbols of several bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_90b.context_tree import add_count, find, find_place, grown
from mtjlab.analysis.randomness.sp800_90b.prediction import follow_winner

__all__ = ["guess_symbols_by_dictionary", "guess_symbols_by_markov"]

DEPTH = 16
MOST_ENTRIES = 100_000
MOST_CONTEXTS = 65_536
ROOM = 1 << 16


@part
def _fill(entries: NDArray[np.int64], depth: int) -> None:
    """Take in a context whose beginning found no room: it is never looked up, but uses its place up."""
    while depth < DEPTH and entries[depth] < MOST_ENTRIES:
        entries[depth] += 1
        depth += 1


@kernel
def guess_symbols_by_markov(symbols: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Guess each symbol by what followed the last 1 to 16 most often; return the state of the scoreboard.

    Notes
    -----
    NIST SP 800-90B, section 6.3.9. A context is a node of a tree that grows back in time: its child is the context with
    one symbol more before it. Each length takes in 100,000 pairs of context and symbol.
    """
    right, scores, rivals = np.zeros(DEPTH, np.uint64), np.zeros(DEPTH, np.int64), np.empty(DEPTH, np.int64)
    state, entries = np.zeros(4, np.int64), np.zeros(DEPTH, np.int64)
    nodes, used = np.zeros((DEPTH * min(MOST_ENTRIES, symbols.size) + 2, 2), np.int32), 1
    child_keys, children = np.zeros(ROOM, np.int64), np.zeros(ROOM, np.int32)
    pair_keys, pairs, pair_count = np.zeros(ROOM, np.int64), np.zeros(ROOM, np.int32), 0
    n = symbols.size
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        right[:] = uint64(0)
        for i in range(max(1, start), stop):
            symbol = np.int64(symbols[i])
            node: Any = 0
            for depth in range(min(DEPTH, i)):
                key = (node << 8 | np.int64(symbols[i - depth - 1])) + 1
                place = find_place(child_keys, key)
                if child_keys[place] == 0:
                    if entries[depth] >= MOST_ENTRIES:
                        _fill(entries, depth + 1)
                        break
                    child_keys[place], children[place] = key, used
                    node, used = used, used + 1
                else:
                    node = np.int64(children[place])
                if nodes[node, 1] > 0 and nodes[node, 0] == symbol:
                    right[depth] |= uint64(1) << uint64(i - start)
                if add_count(nodes, node, symbol, pair_keys, pairs, entries[depth] < MOST_ENTRIES):
                    entries[depth] += 1
                    pair_count += 1
            if 2 * used > child_keys.size - 2 * DEPTH:
                child_keys, children = grown(child_keys, children)
            if 2 * pair_count > pair_keys.size - 2 * DEPTH:
                pair_keys, pairs = grown(pair_keys, pairs)
        follow_winner(right, stop - start, scores, rivals, state)
    return state


@kernel
def guess_symbols_by_dictionary(symbols: NDArray[np.uint8]) -> tuple[int, int]:
    """Guess each symbol by the most frequent continuation of the last 1 to 16; return right guesses, and most in a row.

    Notes
    -----
    NIST SP 800-90B, section 6.3.10: of equal counts the longest context decides. The dictionary takes in 65,536
    contexts, of each place the longest first: at the place where it gets full, shorter ones can find no room, and stay
    in the tree as nodes that have no continuation.
    """
    nodes, used = np.zeros((MOST_CONTEXTS + DEPTH + 2, 2), np.int32), 1
    child_keys, children = np.zeros(4 * ROOM, np.int64), np.zeros(4 * ROOM, np.int32)
    pair_keys, pairs, pair_count = np.zeros(ROOM, np.int64), np.zeros(ROOM, np.int32), 0
    path = np.zeros(DEPTH, np.int64)
    contexts = 0
    correct: Any = 0
    run: Any = 0
    longest: Any = 0
    for i in range(DEPTH, symbols.size):
        symbol, node, depth = np.int64(symbols[i]), 0, 0
        while depth < DEPTH:
            key = (node << 8 | np.int64(symbols[i - depth - 1])) + 1
            node = find(child_keys, children, key)
            if node == 0:
                break
            path[depth] = node
            depth += 1
        known = depth
        most: Any = 0
        guess: Any = -1
        for j in range(depth - 1, -1, -1):
            if nodes[path[j], 1] > most:
                most, guess = nodes[path[j], 1], np.int64(nodes[path[j], 0])
        if contexts < MOST_CONTEXTS:
            while depth < DEPTH:
                key = ((path[depth - 1] if depth > 0 else 0) << 8 | np.int64(symbols[i - depth - 1])) + 1
                place = find_place(child_keys, key)
                child_keys[place], children[place] = key, used
                path[depth] = used
                used, depth = used + 1, depth + 1
        for j in range(depth - 1, -1, -1):
            if nodes[path[j], 1] > 0 or (j >= known and contexts < MOST_CONTEXTS):
                contexts += j >= known
                pair_count += add_count(nodes, path[j], symbol, pair_keys, pairs, True)
        if 2 * pair_count > pair_keys.size - 2 * DEPTH:
            pair_keys, pairs = grown(pair_keys, pairs)
        right = np.int64(guess == symbol)
        correct += right
        run = (run + 1) * right
        longest = max(longest, run)
    return correct, longest
