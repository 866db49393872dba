"""The compression estimate of SP 800-90B: after how long blocks of six bits come again."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_90b.estimate import QUANTILE, Estimate

__all__ = ["compression"]

BITS = 6
"""Bits a block."""

LEARNED = 1000
"""Blocks that are only learned."""

SPREAD = 0.5907
"""Factor for the standard deviation, of the standard: distances of blocks are not independent."""


def compression(bits: NDArray[np.uint8]) -> Estimate:
    """Estimate min-entropy from the distances of equal blocks of six bits.

    Parameters
    ----------
    bits
        0 and 1, shape (L,).

    Notes
    -----
    NIST SP 800-90B, section 6.3.4: Maurer's statistic, and the probability p of the most common block, all others being
    equally probable, at which its mean is the lower 99 % bound of what was seen.
    """
    blocks = bits.size // BITS
    if blocks < LEARNED + 2:
        return Estimate(None, f"{bits.size:,} bits; the estimator needs {BITS * (LEARNED + 2):,}")
    total, squares = _distances(bits, BITS, LEARNED)
    count = blocks - LEARNED
    mean = total / count
    deviation = SPREAD * math.sqrt(max(0.0, squares / (count - 1) - mean * mean))
    bound = mean - QUANTILE * deviation / math.sqrt(count)
    logarithms = np.log2(np.arange(blocks + 1, dtype=float).clip(1))
    return Estimate(-math.log2(_probability(bound, logarithms, 1 << BITS, LEARNED)) / BITS)


@kernel
def _distances(bits: NDArray[np.uint8], width: int, learned: int) -> tuple[float, float]:
    """Return the sums of the binary logarithms of the distances of equal blocks, and of their squares."""
    last = np.zeros(1 << width, np.int64)
    total, squares = 0.0, 0.0
    for i in range(bits.size // width):
        block = 0
        for j in range(width):
            block = (block << 1) | bits[i * width + j]
        if i >= learned:
            distance = math.log2(np.float64(i + 1 - last[block]))
            total += distance
            squares += distance * distance
        last[block] = i + 1
    return total, squares


@part
def _mean(z: float, logarithms: NDArray[np.float64], learned: int) -> float:
    """Return the share of the mean distance that a block of probability `z` brings: G(z) of the standard.

    A block that came u before, 2 or more, brings log2(u) z^2 (1 - z)^(u - 1), in so many of the blocks as have u before
    them; one that has not come yet at t brings log2(t) z (1 - z)^(t - 1).
    """
    blocks = logarithms.size - 1
    within, weighted, first = 0.0, 0.0, 0.0
    power = 1.0
    for u in range(2, blocks + 1):
        power *= 1 - z
        term = logarithms[u] * power
        if u > learned:
            first += term
            weighted += (blocks - u) * term
            if term * blocks < 1e-18 * weighted:
                break
        else:
            within += term
    return z * (z * (weighted + (blocks - learned) * within) + first) / (blocks - learned)


@kernel
def _probability(bound: float, logarithms: NDArray[np.float64], kinds: int, learned: int) -> float:
    """Return the probability of the most common block at which the mean distance is `bound`, or 1/kinds."""
    low, high = 1.0 / kinds, 1.0
    if kinds * _mean(low, logarithms, learned) <= bound:
        return low
    for _ in range(60):
        middle = (low + high) / 2
        rest = (1 - middle) / (kinds - 1)
        if _mean(middle, logarithms, learned) + (kinds - 1) * _mean(rest, logarithms, learned) > bound:
            low = middle
        else:
            high = middle
    return (low + high) / 2
