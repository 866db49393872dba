"""The exact law of the non-overlapping template test on fair bits.

An aperiodic template cannot overlap itself, so that its occurrences renew the search: with a_n(k) the probability of k
occurrences in n bits, an occurrence that ends at bit n leaves the first n - m bits free, and

    a_n(k) = a_{n-1}(k) - 2^-m a_{n-m}(k) + 2^-m a_{n-m}(k - 1),        a_n(0) = 1 for n < m.

All aperiodic templates of a length have this one law.  The statistic adds eight blocks, (W - mu)^2 / sigma^2 each.
Chi-square with eight degrees of freedom is the limit, and far out in its tail it is too small: of sequences of 21,000
bits p-values below 1e-5 come twelve times too often, of a million bits 1.2 times.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from mtjlab.analysis.randomness.sp800_22.squares_law import CountLaw, SquaresLaw

__all__ = ["count_law", "template_law"]

STANDARD_DEVIATIONS = 40.0
"""From the mean to the largest count that is looked at."""


def count_law(bits: int, m: int) -> NDArray[np.float64]:
    """Return the probabilities of 0, 1, 2 ... occurrences of an aperiodic template of `m` bits in fair bits.

    Parameters
    ----------
    bits
        Length in which it is looked for.
    m
        Length of the template.

    Notes
    -----
    The recurrence above for the generating function at roots of unity, by powers of its companion matrix: rounding
    leaves 1e-12 of each probability at a million bits.

    Examples
    --------
    >>> count_law(3, 2)  # 01 in 3 bits: not in 000, 100, 110, 111
    array([0.5, 0.5])
    """
    mean = max(0.0, (bits - m + 1) / 2**m)
    most = min(bits // m, math.ceil(mean + STANDARD_DEVIATIONS * math.sqrt(mean) + 60))
    points = fft.next_fast_len(most + 1)
    z = np.exp(-2j * np.pi * np.arange(points) / points)
    step = np.zeros((points, m, m), complex)
    step[:, 0, 0] = 1.0
    step[:, 0, m - 1] += -(2.0**-m) * (1 - z)
    step[:, np.arange(1, m), np.arange(m - 1)] = 1.0
    state = np.ones((points, m, 1), complex)  # of m - 1 bits and fewer: no occurrence
    for bit in bin(max(0, bits - m + 1))[2:][::-1]:
        if bit == "1":
            state = step @ state
        step = step @ step
    law: NDArray[np.float64] = np.maximum(fft.ifft(state[:, 0, 0]).real, 0.0)[: most + 1]
    total = float(law.sum())
    law /= total
    return law


@lru_cache(maxsize=16)
def template_law(length: int, m: int = 9) -> SquaresLaw:
    """Return the law of the test's p-values for a sequence of so many bits, cut into eight blocks.

    Parameters
    ----------
    length
        Bits of the sequence.
    m
        Length of the templates.
    """
    block = length // 8
    mean, variance = (block - m + 1) / 2**m, block * (2.0**-m - (2 * m - 1) * 4.0**-m)
    return SquaresLaw([CountLaw(count_law(block, m), mean, variance)] * 8, 8)
