"""How often tuples of each length recur: the counts behind the t-tuple and the longest-repeat estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_22.word_bits import leading_zeros
from mtjlab.analysis.randomness.sp800_90b.sorted_windows import sorted_windows, window_length, windows
from mtjlab.analysis.randomness.sp800_90b.suffix_order import common_prefixes, suffix_order

__all__ = ["RepeatedTuples", "repeated_tuples"]


@dataclass(frozen=True)
class RepeatedTuples:
    """Counts of the tuples of each length, up to the longest that occurs twice."""

    most: NDArray[np.int64]
    """How often the most common tuple of t symbols occurs, at index t, from 1; shape (v + 1,)."""

    pairs: NDArray[np.int64]
    """Pairs of equal tuples of t symbols, the sum of C(count, 2), at index t; shape (v + 1,)."""

    @property
    def longest(self) -> int:
        """Length v of the longest tuple that occurs at least twice."""
        return self.most.size - 1


def repeated_tuples(symbols: NDArray[np.uint8], bits: int) -> RepeatedTuples:
    """Count tuples of every length.

    Parameters
    ----------
    symbols
        Shape (n,), each below 2**bits.
    bits
        Bits a symbol.

    Notes
    -----
    Two windows of 64 bits that stand next to each other in lexicographic order tell by their first different bit how
    long a tuple they share: sorting the windows is enough where no tuple as long as a window recurs. Where one does,
    the order of all suffixes and their longest common prefixes are needed: `suffix_order`.
    """
    length = window_length(bits)
    if symbols.size > 2 * length:
        ordered = sorted_windows(windows(symbols, bits, True))
        found, most, pairs = count_windows(ordered, bits)
        if found:
            _add_end(symbols, ordered, bits, most, pairs)
            return _cut(most, pairs)
    order = suffix_order(symbols, bits)
    return _cut(*count_prefixes(common_prefixes(symbols, order)))


def _cut(most: NDArray[np.int64], pairs: NDArray[np.int64]) -> RepeatedTuples:
    """Leave out the lengths of which no tuple recurs."""
    longest = int(np.flatnonzero(pairs).max(initial=0))
    return RepeatedTuples(most[: longest + 1], pairs[: longest + 1])


@part
def _close(
    depth: int, lengths: NDArray[np.int64], starts: NDArray[np.int64], common: int, at: int, most: NDArray[np.int64],
    steps: NDArray[np.int64],
) -> tuple[int, int]:  # fmt: skip
    """Close the intervals whose tuples end here; return how many stay open, and where the last closed one began."""
    start = at
    while depth > 0 and lengths[depth - 1] > common:
        depth -= 1
        start = starts[depth]
        count = at - start + 1
        length = lengths[depth]
        shorter = max(common, lengths[depth - 1]) if depth > 0 else common
        most[length] = max(most[length], count)
        steps[length] += count * (count - 1) // 2
        steps[shorter] -= count * (count - 1) // 2
    return depth, start


@part
def _sums(most: NDArray[np.int64], steps: NDArray[np.int64]) -> None:
    """Turn what begins at each length into what holds at it: a tuple that recurs makes its beginnings recur."""
    for length in range(most.size - 2, 0, -1):
        most[length] = max(most[length], most[length + 1])
        steps[length] += steps[length + 1]
    steps[0] = 0


@kernel
def count_windows(ordered: NDArray[np.uint64], bits: int) -> tuple[bool, NDArray[np.int64], NDArray[np.int64]]:
    """Count the tuples shorter than a window among sorted windows; False where two windows are equal."""
    longest = 64 // bits
    most, steps = np.ones(longest + 1, np.int64), np.zeros(longest + 1, np.int64)
    lengths, starts = np.empty(longest + 1, np.int64), np.empty(longest + 1, np.int64)
    depth = 0
    for i in range(1, ordered.size + 1):
        common = 0
        if i < ordered.size:
            common = leading_zeros(ordered[i] ^ ordered[i - 1]) // bits
            if ordered[i] == ordered[i - 1]:
                return False, most, steps
        start = i - 1
        if depth > 0 and lengths[depth - 1] > common:
            depth, start = _close(depth, lengths, starts, common, i - 1, most, steps)
        if common > 0 and (depth == 0 or lengths[depth - 1] < common):
            lengths[depth], starts[depth] = common, start
            depth += 1
    _sums(most, steps)
    return True, most, steps


@kernel
def count_prefixes(prefixes: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the tuples by the longest common prefixes of neighbours in the order of the suffixes, shape (n - 1,)."""
    longest = 0
    for common in prefixes:
        longest = max(longest, common)
    most, steps = np.ones(longest + 2, np.int64), np.zeros(longest + 2, np.int64)
    lengths, starts = np.empty(longest + 2, np.int64), np.empty(longest + 2, np.int64)
    depth = 0
    for i in range(prefixes.size + 1):
        common = np.int64(prefixes[i]) if i < prefixes.size else 0
        start = i
        if depth > 0 and lengths[depth - 1] > common:
            depth, start = _close(depth, lengths, starts, common, i, most, steps)
        if common > 0 and (depth == 0 or lengths[depth - 1] < common):
            lengths[depth], starts[depth] = common, start
            depth += 1
    _sums(most, steps)
    return most, steps


@part
def _below(ordered: NDArray[np.uint64], word: np.uint64) -> int:
    """Return how many of the sorted windows are below `word`."""
    low, high = 0, ordered.size
    while low < high:
        middle = (low + high) // 2
        if ordered[middle] < word:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _add_end(
    symbols: NDArray[np.uint8],
    ordered: NDArray[np.uint64],
    bits: int,
    most: NDArray[np.int64],
    pairs: NDArray[np.int64],
) -> None:
    """Add the tuples at the end of the stream, where no whole window begins."""
    n, window = symbols.size, 64 // bits
    for start in range(n - window + 1, n):
        word = uint64(0)
        for length in range(1, n - start + 1):
            free = uint64(64 - bits * length)
            word |= uint64(symbols[start + length - 1]) << free
            step = uint64(1) << free
            above = _below(ordered, word + step) if word + step > word else ordered.size
            count = above - _below(ordered, word)
            for other in range(n - window + 1, start):  # tuples added before
                equal = 0
                while equal < length and symbols[other + equal] == symbols[start + equal]:
                    equal += 1
                count += equal == length
            if count == 0:
                break
            pairs[length] += count
            most[length] = max(most[length], count + 1)
