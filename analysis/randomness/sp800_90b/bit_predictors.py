"""The predictors of SP 800-90B on bits: 64 guesses of each predictor are one word."""

from __future__ import annotations

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_90b.prediction import follow_winner

__all__ = ["guess_bits_by_lag", "guess_bits_by_markov", "guess_bits_by_windows"]

LAGS = 128
DEPTH = 16
MOST_ENTRIES = 100_000
"""Pairs of context and bit that a Markov model takes in; only that of the longest contexts can have more."""


@kernel
def guess_bits_by_windows(bits: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Guess each bit from the most common one of the last 63, 255, 1023 and 4095; return the state of the scoreboard.

    Notes
    -----
    NIST SP 800-90B, section 6.3.7. The windows are odd, so none has as many zeros as ones.
    """
    sizes = np.array([63, 255, 1023, 4095])
    ones = np.zeros(4, np.int64)
    right, scores, rivals = np.zeros(4, np.uint64), np.zeros(4, np.int64), np.empty(4, np.int64)
    state = np.zeros(4, np.int64)
    n = bits.size
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        for j in range(4):
            size, count, word = sizes[j], ones[j], uint64(0)
            for i in range(start, stop):
                if i >= size:
                    word |= uint64((2 * count > size) == (bits[i] != 0)) << uint64(i - start)
                    count -= np.int64(bits[i - size])
                count += np.int64(bits[i])
            ones[j], right[j] = count, word
        follow_winner(right, stop - start, scores, rivals, state)
    return state


@part
def _word(bits: NDArray[np.uint8], start: int) -> np.uint64:
    """Return up to 64 bits from `start` on, the first one least significant."""
    word = uint64(0)
    for i in range(start, min(start + 64, bits.size)):
        word |= uint64(bits[i]) << uint64(i - start)
    return word


@kernel
def guess_bits_by_lag(bits: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Guess each bit to be the one 1 to 128 places before; return the state of the scoreboard.

    Notes
    -----
    NIST SP 800-90B, section 6.3.8.
    """
    right, scores, rivals = np.zeros(LAGS, np.uint64), np.zeros(LAGS, np.int64), np.empty(LAGS, np.int64)
    state = np.zeros(4, np.int64)
    n = bits.size
    before, last = uint64(0), uint64(0)
    for start in range(0, n, 64):
        word, count = _word(bits, start), min(64, n - start)
        whole = ~uint64(0) >> uint64(64 - count)
        for lag in range(1, 64):
            right[lag - 1] = ~(word ^ ((word << uint64(lag)) | (last >> uint64(64 - lag)))) & whole
        right[63] = ~(word ^ last) & whole
        for lag in range(1, 64):
            right[lag + 63] = ~(word ^ ((last << uint64(lag)) | (before >> uint64(64 - lag)))) & whole
        right[127] = ~(word ^ before) & whole
        if start < LAGS:  # there is no bit before the first
            for lag in range(max(1, start), LAGS + 1):
                missing = lag - start
                right[lag - 1] &= (~uint64(0) << uint64(missing)) if missing < 64 else uint64(0)
        follow_winner(right, count, scores, rivals, state)
        before, last = last, word
    return state


@part
def _short_contexts(
    bits: NDArray[np.uint8], patterns: NDArray[np.uint32], start: int, stop: int, depth: int, balance: NDArray[np.int32]
) -> np.uint64:  # fmt: skip
    """Guess and learn a block of bits from the `depth` bits before each.

    `balance` holds, for each context, zero if it has not been seen, and else 1 + 2 (ones - zeros): never zero, and
    positive where a one is the guess, as it is in a tie.
    """
    word = uint64(0)
    mask, base = uint64((1 << depth) - 1), uint64(1 << depth)
    for i in range(max(start, depth), stop):
        place = base + (uint64(patterns[i - start]) & mask)
        seen, bit = balance[place], bits[i] != 0
        word |= uint64((seen != 0) & ((seen > 0) == bit)) << uint64(i - start)
        balance[place] = seen + (seen == 0) + (2 if bit else -2)
    return word


@part
def _long_contexts(
    bits: NDArray[np.uint8],
    patterns: NDArray[np.uint32],
    start: int,
    stop: int,
    counts: NDArray[np.int32],
    entries: int,
) -> tuple[np.uint64, int]:
    """Guess and learn a block of bits from the 16 bits before each, of which not all pairs find a place."""
    word = uint64(0)
    for i in range(max(start, DEPTH), stop):
        place = uint64(2) * (uint64(patterns[i - start]) & uint64((1 << DEPTH) - 1))
        zeros, ones, bit = counts[place], counts[place + uint64(1)], uint64(bits[i])
        word |= uint64((zeros + ones > 0) & ((ones >= zeros) == (bit != 0))) << uint64(i - start)
        if counts[place + bit] > 0:
            counts[place + bit] += 1
        elif entries < MOST_ENTRIES:
            counts[place + bit] = 1
            entries += 1
    return word, entries


@kernel
def guess_bits_by_markov(bits: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Guess each bit by what followed the last 1 to 16 bits most often; return the state of the scoreboard.

    Notes
    -----
    NIST SP 800-90B, section 6.3.9.
    """
    right, scores, rivals = np.zeros(DEPTH, np.uint64), np.zeros(DEPTH, np.int64), np.empty(DEPTH, np.int64)
    state = np.zeros(4, np.int64)
    balance, counts = np.zeros(1 << DEPTH, np.int32), np.zeros(2 << DEPTH, np.int32)
    patterns, pattern, entries = np.empty(64, np.uint32), uint64(0), 0
    n = bits.size
    for start in range(0, n, 64):
        stop = min(start + 64, n)
        for i in range(start, stop):
            patterns[i - start] = np.uint32(pattern & uint64(0xFFFF))
            pattern = (pattern << uint64(1)) | uint64(bits[i])
        for depth in range(1, DEPTH):
            right[depth - 1] = _short_contexts(bits, patterns, start, stop, depth, balance)
        right[DEPTH - 1], entries = _long_contexts(bits, patterns, start, stop, counts, entries)
        follow_winner(right, stop - start, scores, rivals, state)
    return state
