"""The windows of a stream of symbols as 64-bit words, in lexicographic order."""

from __future__ import annotations

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part

__all__ = ["sorted_windows", "window_length", "windows"]

WORD = 64
"""Bits a word."""

FIRST = 16
"""Bits by which the first pass divides the windows."""

DIGIT = 8
"""Bits by which the other passes divide them."""

LAST_DIGIT = WORD - FIRST - DIGIT
"""Where the digit after the first pass begins."""

FEW = 32
"""Windows that are sorted by insertion."""


def window_length(bits: int) -> int:
    """Return how many symbols of so many bits a window holds: 64 of one bit, 8 of eight."""
    return WORD // bits


@kernel
def windows(symbols: NDArray[np.uint8], bits: int, whole: bool) -> NDArray[np.uint64]:
    """Return the window that begins at each symbol, its first symbol in the most significant bits.

    Parameters
    ----------
    symbols
        Shape (n,), each below 2**bits.
    bits
        Bits a symbol, 1 to 8.
    whole
        Whether to leave out the windows that reach over the end, which are filled up with zeros.
    """
    length, n = 64 // bits, symbols.size
    left, width = uint64(64 - bits * length), uint64(bits)
    word = uint64(0)
    for i in range(min(length - 1, n)):
        word = (word << width) | uint64(symbols[i])
    if n < length - 1:
        word <<= uint64(bits * (length - 1 - n))
    found = np.empty(max(0, n - length + 1) if whole else n, np.uint64)
    for i in range(found.size):
        following = i + length - 1
        word = (word << width) | (uint64(symbols[following]) if following < n else uint64(0))
        found[i] = word << left
    return found


@part
def _insert(words: NDArray[np.uint64], start: int, stop: int) -> None:
    for i in range(start + 1, stop):
        word, j = words[i], i
        while j > start and words[j - 1] > word:
            words[j] = words[j - 1]
            j -= 1
        words[j] = word


@part
def _divide(
    source: NDArray[np.uint64],
    target: NDArray[np.uint64],
    start: int,
    stop: int,
    shift: int,
    counts: NDArray[np.int64],
) -> None:
    """Bring the words from start to stop into the order of eight of their bits, stable."""
    counts[:] = 0
    for i in range(start, stop):
        counts[(source[i] >> uint64(shift)) & uint64(255)] += 1
    place = start
    for digit in range(256):
        here = counts[digit]
        counts[digit] = place
        place += here
    for i in range(start, stop):
        digit = (source[i] >> uint64(shift)) & uint64(255)
        target[counts[digit]] = source[i]
        counts[digit] += 1


@part
def _largest(words: NDArray[np.uint64], start: int, stop: int, shift: int, counts: NDArray[np.int64]) -> int:
    counts[:] = 0
    most = 0
    for i in range(start, stop):
        digit = (words[i] >> uint64(shift)) & uint64(255)
        counts[digit] += 1
        most = max(most, counts[digit])
    return most


@kernel
def sorted_windows(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the words in ascending order.

    Notes
    -----
    Radix sort: one pass divides by the first 16 bits, which leaves 16 words a part for a million fair bits. A part is
    then sorted by insertion, after one more pass where it is large, or digit by digit where its words share many bits.
    """
    ends = np.zeros((1 << FIRST) + 1, np.int64)
    beside = uint64(WORD - FIRST)
    for word in words:
        ends[(word >> beside) + uint64(1)] += 1
    for i in range(1, ends.size):
        ends[i] += ends[i - 1]
    divided, out = np.empty_like(words), np.empty_like(words)
    for word in words:
        part_ = word >> beside
        divided[ends[part_]] = word
        ends[part_] += 1
    counts = np.empty(256, np.int64)
    start = 0
    for part_ in range(1 << FIRST):
        stop = ends[part_]
        few = stop - start <= FEW
        source, target = divided, out
        if not few:
            few = _largest(divided, start, stop, LAST_DIGIT, counts) <= FEW
            for shift in range(LAST_DIGIT if few else 0, WORD - FIRST, DIGIT):
                _divide(source, target, start, stop, shift, counts)
                source, target = target, source
        for i in range(start, stop):
            out[i] = source[i]
        if few:
            _insert(out, start, stop)
        start = stop
    return out
