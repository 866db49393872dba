"""How many bits bzip2 takes to say the symbols of a block, by its way of choosing and writing Huffman codes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part

__all__ = ["coded_bits"]

GROUP = 50
"""Symbols that share a code."""

LONGEST = 17
"""Bits of a code word, at most."""

ROUNDS = 4
"""Times the codes are fitted to the groups that chose them."""


@part
def _merged(first: int, second: int) -> int:
    """Return weight and depth of a node over two: the weight stands above the lowest eight bits, the depth in them."""
    return ((first & ~255) + (second & ~255)) | (1 + max(first & 255, second & 255))


@part
def _sift_up(heap: NDArray[np.int64], place: int, weights: NDArray[np.int64]) -> None:
    node = heap[place]
    while weights[node] < weights[heap[place >> 1]]:
        heap[place] = heap[place >> 1]
        place >>= 1
    heap[place] = node


@part
def _sift_down(heap: NDArray[np.int64], size: int, weights: NDArray[np.int64]) -> None:
    place, node = 1, heap[1]
    while True:
        below = place << 1
        if below > size:
            break
        if below < size and weights[heap[below + 1]] < weights[heap[below]]:
            below += 1
        if weights[node] < weights[heap[below]]:
            break
        heap[place] = heap[below]
        place = below
    heap[place] = node


@part
def _code_lengths(counts: NDArray[np.int64], lengths: NDArray[np.int64]) -> None:
    """Fill in the lengths of a Huffman code; ties are decided as bzip2's heap does."""
    kinds = counts.size
    weights, parents = np.zeros(2 * kinds + 2, np.int64), np.zeros(2 * kinds + 2, np.int64)
    heap = np.zeros(kinds + 2, np.int64)
    for i in range(kinds):
        weights[i + 1] = max(counts[i], 1) << 8
    while True:
        nodes, size = kinds, 0
        heap[0], weights[0], parents[0] = 0, 0, -2
        for i in range(1, kinds + 1):
            parents[i] = -1
            size += 1
            heap[size] = i
            _sift_up(heap, size, weights)
        while size > 1:
            nodes += 1
            merged, child = 0, 0
            for turn in range(2):
                child = heap[1]
                parents[child] = nodes
                merged = _merged(merged, weights[child]) if turn else weights[child]
                heap[1] = heap[size]
                size -= 1
                _sift_down(heap, size, weights)
            weights[nodes], parents[nodes] = merged, -1
            size += 1
            heap[size] = nodes
            _sift_up(heap, size, weights)
        deepest = 0
        for i in range(1, kinds + 1):
            depth, node = 0, i
            while parents[node] >= 0:
                node = parents[node]
                depth += 1
            lengths[i - 1] = depth
            deepest = max(deepest, depth)
        if deepest <= LONGEST:
            return
        for i in range(1, kinds + 1):
            weights[i] = (1 + (weights[i] >> 8) // 2) << 8


@part
def _first_lengths(counts: NDArray[np.int64], total: int, lengths: NDArray[np.int64]) -> None:
    """Give each code a share of the symbols to begin with: free in it, and dear in the others."""
    codes, kinds = lengths.shape
    left: Any = total
    start: Any = 0
    for code in range(codes, 0, -1):
        end: Any = start - 1
        held: Any = 0
        while held < left // code and end < kinds - 1:
            end += 1
            held += counts[end]
        if end > start and code != codes and code != 1 and (codes - code) % 2 == 1:
            held -= counts[end]
            end -= 1
        for kind in range(kinds):
            lengths[code - 1, kind] = 0 if start <= kind <= end else 15
        start = end + 1
        left -= held


@kernel
def coded_bits(symbols: NDArray[np.uint8], kinds: int) -> int:
    """Return how many bits the codes, the choice among them, and the symbols take.

    Parameters
    ----------
    symbols
        What move-to-front and run lengths have made of a block, with its end mark; shape (M,).
    kinds
        Different symbols that there may be.

    Notes
    -----
    Groups of fifty symbols choose among two to six codes, which are fitted to the groups in four rounds. Only how often
    which symbol occurs in a group matters.
    """
    total = symbols.size
    codes = 2 if total < 200 else 3 if total < 600 else 4 if total < 1200 else 5 if total < 2400 else 6
    groups = (total + GROUP - 1) // GROUP
    counts = np.zeros((groups, kinds), np.int64)
    overall = np.zeros(kinds, np.int64)
    for i in range(total):
        counts[i // GROUP, symbols[i]] += 1
        overall[symbols[i]] += 1
    lengths, chosen = np.empty((codes, kinds), np.int64), np.zeros(groups, np.int64)
    _first_lengths(overall, total, lengths)
    for _ in range(ROUNDS):
        taken = np.zeros((codes, kinds), np.int64)
        for group in range(groups):
            best, cost = 0, 1 << 40
            for code in range(codes):
                own = 0
                for kind in range(kinds):
                    own += counts[group, kind] * lengths[code, kind]
                if own < cost:
                    best, cost = code, own
            chosen[group] = best
            for kind in range(kinds):
                taken[best, kind] += counts[group, kind]
        for code in range(codes):
            _code_lengths(taken[code], lengths[code])
    bits = 3 + 15
    order = np.arange(codes)
    for group in range(groups):  # the choice: its place among those chosen last, in ones, and a zero
        place = 0
        while order[place] != chosen[group]:
            place += 1
        for i in range(place, 0, -1):
            order[i] = order[i - 1]
        order[0] = chosen[group]
        bits += place + 1
        for kind in range(kinds):
            bits += counts[group, kind] * lengths[chosen[group], kind]
    for code in range(codes):  # a length is said by its distance from the one before
        bits += 5 + kinds
        for kind in range(1, kinds):
            bits += 2 * abs(lengths[code, kind] - lengths[code, kind - 1])
    return bits
