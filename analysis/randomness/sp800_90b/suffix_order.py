"""The order of all suffixes of a stream of symbols, and the longest common prefixes of neighbours in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel
from mtjlab.analysis.randomness.sp800_90b.sorted_windows import window_length, windows

__all__ = ["common_prefixes", "suffix_order"]


def suffix_order(symbols: NDArray[np.uint8], bits: int) -> NDArray[np.int64]:
    """Return where the suffixes begin, in lexicographic order: the suffix array.

    Parameters
    ----------
    symbols
        Shape (n,), each below 2**bits.
    bits
        Bits a symbol, 1 to 8.

    Returns
    -------
    ndarray of int64
        Shape (n,). A suffix stands before those that it is a beginning of.

    Notes
    -----
    Prefix doubling of Manber and Myers, SIAM J. Comput. 22, 935 (1993), that begins with a window of 64 bits and looks
    only at suffixes that are not told apart yet: each round doubles the number of symbols by which they are compared,
    so a stream that repeats itself takes log2(n) rounds, not n.
    """
    n, width = symbols.size, window_length(bits)
    words = windows(symbols, bits, False)
    order = np.argsort(words, kind="stable")
    ranks = np.empty(n, np.int64)
    starts = _starts(words[order])
    ranks[order] = starts
    # Suffixes of one rank stand together, and the rank is the place of the first. Windows that reach over the end were
    # filled up with zeros: of suffixes that end within what was compared, the shorter stands first, before longer ones.
    unsettled = order[_together(starts)]
    compared = width
    while unsettled.size:
        following = unsettled + compared
        second = np.where(following < n, ranks[np.minimum(following, n - 1)] + compared + 1, n - unsettled)
        by_both = np.lexsort((second, ranks[unsettled]))
        unsettled, second = unsettled[by_both], second[by_both]
        first = ranks[unsettled]
        place = np.arange(unsettled.size)
        begins_first = np.flatnonzero(np.diff(first, prepend=-1))
        begins_both = np.flatnonzero((np.diff(first, prepend=-1) != 0) | (np.diff(second, prepend=-1) != 0))
        in_first = begins_first[np.searchsorted(begins_first, place, "right") - 1]
        in_both = begins_both[np.searchsorted(begins_both, place, "right") - 1]
        settled = first + in_both - in_first
        ranks[unsettled] = settled
        unsettled = unsettled[_together(settled)]
        compared *= 2
    found = np.empty(n, np.int64)
    found[ranks] = np.arange(n)
    return found


def _starts(ordered: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return, for each of the sorted words, the index of the first one equal to it."""
    new = np.empty(ordered.size, bool)
    new[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return np.maximum.accumulate(np.where(new, np.arange(ordered.size), 0))


def _together(sorted_ranks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which of the sorted ranks stand next to an equal one."""
    together = np.zeros(sorted_ranks.size, bool)
    equal = sorted_ranks[1:] == sorted_ranks[:-1]
    together[1:] |= equal
    together[:-1] |= equal
    return together


@kernel
def common_prefixes(symbols: NDArray[np.uint8], order: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return how many symbols each suffix shares with the one before it in `order`; shape (n - 1,).

    Notes
    -----
    Kärkkäinen, Manzini and Puglisi, CPM 2009: in the order of the text the shared length falls by one at most.
    """
    n = symbols.size
    before, shared = np.full(n, -1, np.int32), np.zeros(n, np.int32)
    for i in range(1, n):
        before[order[i]] = order[i - 1]
    length = 0
    for i in range(n):
        other = before[i]
        if other < 0:
            length = 0
            continue
        while i + length < n and other + length < n and symbols[i + length] == symbols[other + length]:
            length += 1
        shared[i] = length
        length = max(0, length - 1)
    found = np.empty(max(0, n - 1), np.int32)
    for i in range(1, n):
        found[i - 1] = shared[order[i]]
    return found
