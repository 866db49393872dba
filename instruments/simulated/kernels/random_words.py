"""Random words calculated from a key and a number, so that a word does not depend on how many come before it.

Steele, Lea & Flood's SplitMix64 (OOPSLA 2014): word i of a key is a bijective mixture of key + (i + 1)·golden ratio.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uint64

__all__ = ["fill", "mixed", "next_word", "unit", "fill_normals"]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_UNIT = 2.0**-53


@njit(inline="always")
def mixed(z):  # type: ignore[no-untyped-def]
    """Mix the bits of a word."""
    z = uint64((z ^ (z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9))
    z = uint64((z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB))
    return uint64(z ^ (z >> uint64(31)))


@njit(inline="always")
def next_word(state):  # type: ignore[no-untyped-def]
    """Continue by one: the new state, and its word."""
    state = uint64(state + GOLDEN)
    return state, mixed(state)


@njit(inline="always")
def unit(word):  # type: ignore[no-untyped-def]
    """Make of a word a number of [0, 1) with 53 bits."""
    return float(word >> uint64(11)) * _UNIT


def fill(key, first, out, count):  # type: ignore[no-untyped-def]
    """Fill an array of words with those of a key from number `first` on."""
    state = uint64(key + uint64(first) * GOLDEN)
    for i in range(count):
        state, out[i] = next_word(state)


def fill_normals(words, out, count):  # type: ignore[no-untyped-def]
    """Make two normals of each word: words (count,), out (2, count)."""
    # Twelve 16-bit uniforms have variance one (to 2e-10) and reach six standard deviations; sums are exact.
    for i in range(count):
        state = uint64(words[i])
        for row in range(2):
            total = 0
            for _ in range(3):
                state, word = next_word(state)
                for shift in (0, 16, 32, 48):
                    total += int((word >> uint64(shift)) & uint64(0xFFFF))
            out[row * count + i] = (total - 6 * 65535) / 65536.0
