"""The LZ78Y predictor of SP 800-90B on bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part

__all__ = ["guess_bits_by_dictionary"]

DEPTH = 16
MOST_CONTEXTS = 65_536


@part
def _one_bit_decides(counts: NDArray[np.int64]) -> bool:
    """Tell whether the last bit alone decides each guess from now on.

    The guess is that of the context with the largest count, and no context has a larger one than its own last bit. Once
    both contexts of two bits that end in it have been followed by either bit, it stays strictly larger.
    """
    for last in range(2):
        for following in range(2):
            most = counts[2 * (2 + last) + following]
            for first in range(2):
                longer = counts[2 * (4 + 2 * first + last) + following]
                if longer == 0 or longer >= most:
                    return False
    return True


@kernel
def guess_bits_by_dictionary(bits: NDArray[np.uint8]) -> tuple[int, int]:
    """Guess each bit by the most frequent continuation of the last 1 to 16; return right guesses, and most in a row.

    Notes
    -----
    NIST SP 800-90B, section 6.3.10: of equal counts the longest context decides, and in it a one.
    """
    counts = np.zeros(4 << DEPTH, np.int64)  # of context and bit: the context with a one before it is the place
    n, contexts = bits.size, 0
    pattern: Any = uint64(0)
    correct: Any = 0
    run: Any = 0
    longest: Any = 0
    for i in range(DEPTH):
        pattern = (pattern << uint64(1)) | uint64(bits[i])
    i = DEPTH
    while i < n:
        if i % 256 == 0 and _one_bit_decides(counts):
            break
        bit = uint64(bits[i])
        most: Any = 0
        guess: Any = uint64(2)
        for depth in range(DEPTH, 0, -1):
            place = uint64(2) * ((uint64(1) << uint64(depth)) | (pattern & uint64((1 << depth) - 1)))
            zeros, ones = counts[place], counts[place + uint64(1)]
            if zeros + ones > 0:
                if max(zeros, ones) > most:
                    most, guess = max(zeros, ones), uint64(ones >= zeros)
                counts[place + bit] += 1
            elif contexts < MOST_CONTEXTS:
                counts[place + bit] = 1
                contexts += 1
        right = np.int64(guess == bit)
        correct += right
        run = (run + 1) * right
        longest = max(longest, run)
        pattern = (pattern << uint64(1)) | uint64(bits[i])
        i += 1
    if i < n:
        balances = np.array([counts[5] - counts[4], counts[7] - counts[6]])
        last = np.int64(bits[i - 1])
        for at in range(i, n):
            bit_ = np.int64(bits[at])
            right = np.int64((balances[last] >= 0) == (bit_ == 1))
            balances[last] += 2 * bit_ - 1
            correct += right
            run = (run + 1) * right
            longest = max(longest, run)
            last = bit_
    return correct, longest
