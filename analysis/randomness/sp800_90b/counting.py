"""Estimators of SP 800-90B that count: most common value, collision and Markov."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.kernel import kernel
from mtjlab.analysis.randomness.sp800_90b.estimate import QUANTILE, Estimate, upper_bound
from mtjlab.data import byte_counts

__all__ = ["collision", "markov", "most_common_value"]

CHAIN = 128
"""Bits of the sequences of which the Markov estimate looks for the most probable one."""


def most_common_value(symbols: NDArray[np.uint8]) -> Estimate:
    """Estimate min-entropy from the share of the most common symbol.

    Parameters
    ----------
    symbols
        Shape (L,), two at least.

    Notes
    -----
    NIST SP 800-90B, section 6.3.1: -log2 of the upper 99 % bound of the share.
    """
    return Estimate.of_probability(upper_bound(int(byte_counts(symbols).max()) / symbols.size, symbols.size))


@kernel
def _collisions(bits: NDArray[np.uint8]) -> tuple[int, int]:
    """Return how many collisions there are, and how many of them took two bits: the others took three."""
    i: Any = 0
    short: Any = 0
    count, n = 0, bits.size
    while i < n - 1:
        differ = np.int64(bits[i] ^ bits[i + 1])
        if i + 2 + differ > n:
            break
        count += 1
        short += 1 - differ
        i += 2 + differ
    return count, short


def collision(bits: NDArray[np.uint8]) -> Estimate:
    """Estimate min-entropy from how many bits it takes until one repeats.

    Parameters
    ----------
    bits
        0 and 1, shape (L,).

    Notes
    -----
    NIST SP 800-90B, section 6.3.2. For bits the mean number is 2 + 2 p (1 - p), so p = 1/2 + sqrt(5/4 - X/2) with X the
    lower 99 % bound of the mean.
    """
    count, short = _collisions(bits)
    if count < 2:
        return Estimate(None, "fewer than two collisions")
    total, squares = 3 * count - short, 9 * count - 5 * short
    mean = total / count
    deviation = math.sqrt(max(0.0, squares - total * mean) / (count - 1))
    bound = max(2.0, mean - QUANTILE * deviation / math.sqrt(count))
    return Estimate.of_probability(0.5 + math.sqrt(max(0.0, 1.25 - bound / 2)))


def markov(bits: NDArray[np.uint8]) -> Estimate:
    """Estimate min-entropy from the most probable sequence of 128 bits of a Markov chain of first order.

    Parameters
    ----------
    bits
        0 and 1, shape (L,), two at least.

    Notes
    -----
    NIST SP 800-90B, section 6.3.3. Six sequences can be the most probable: a constant one, an alternating one, and a
    constant one after one bit of the other kind.
    """
    ones = int(np.count_nonzero(bits))
    first, last = int(bits[0]), int(bits[-1])
    both = int(np.count_nonzero(bits[:-1] & bits[1:]))
    one_zero, zero_one = ones - last - both, ones - first - both
    zeros_before, ones_before = bits.size - 1 - (ones - last), ones - last
    log = [_log2(bits.size - ones, bits.size), _log2(ones, bits.size)]
    step = [
        [_log2(zeros_before - zero_one, zeros_before), _log2(zero_one, zeros_before)],
        [_log2(one_zero, ones_before), _log2(both, ones_before)],
    ]
    most = -math.inf
    for one in (0, 1):
        other = 1 - one
        most = max(
            most,
            log[one] + (CHAIN - 1) * step[one][one],
            log[one] + (CHAIN // 2) * step[one][other] + (CHAIN // 2 - 1) * step[other][one],
            log[one] + step[one][other] + (CHAIN - 2) * step[other][other],
        )
    return Estimate(min(1.0, abs(most) / CHAIN))


def _log2(count: int, of: int) -> float:
    """Return the binary logarithm of a share: minus infinity for none."""
    return math.log2(count / of) if count else -math.inf
