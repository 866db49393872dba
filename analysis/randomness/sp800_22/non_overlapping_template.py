"""The non-overlapping template matching test."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray
from scipy.special import gammaincc

from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.templates import aperiodic_templates

__all__ = ["non_overlapping_template"]

BLOCKS = 8
STRIDE = 4
"""Templates are counted in patterns longer by three bits, at every fourth bit: a quarter of the increments."""


def non_overlapping_template(sequence: PackedSequence, m: int = 9) -> Outcome:
    """Test how often each aperiodic template of `m` bits, 2 to 13, occurs in eight blocks.

    Notes
    -----
    SP 800-22 rev. 1a, 2.7. An aperiodic template cannot overlap itself, so that all its occurrences are
    non-overlapping ones: a histogram of `m`-grams has the counts of all templates.
    """
    if not 2 <= m <= 13:
        raise ValueError(f"non_overlapping_template: m = {m}: expected 2 to 13")
    block = sequence.length // BLOCKS
    if block < m + STRIDE:
        return Outcome(test="non_overlapping_template", reason=f"{sequence.length} bits; one block takes {m + STRIDE}")
    templates = aperiodic_templates(m)
    counts = _gram_counts(sequence.padded, block, m)[:, list(templates)]
    mean = (block - m + 1) / 2**m
    variance = block * (2.0**-m - (2 * m - 1) * 4.0**-m)
    statistics = ((counts - mean) ** 2 / variance).sum(axis=0)
    return Outcome(
        test="non_overlapping_template",
        p_values=tuple(gammaincc(BLOCKS / 2, statistics / 2).tolist()),
        labels=_labels(m),
        statistics={"mean": mean, "variance": variance, "largest_chi_square": float(statistics.max())},
    )


@lru_cache
def _labels(m: int) -> tuple[str, ...]:
    return tuple(f"{template:0{m}b}" for template in aperiodic_templates(m))


@njit(cache=True, nogil=True)
def _gram_counts(packed: NDArray[np.uint8], block: int, m: int) -> NDArray[np.int64]:
    result = np.zeros((BLOCKS, 1 << m), np.int64)
    span = m + STRIDE - 1
    long_mask, mask = uint32((1 << span) - 1), uint32((1 << m) - 1)
    long = np.zeros(1 << span, np.int32)
    windows = block - m + 1
    for b in range(BLOCKS):
        long[:] = 0
        for group in range(windows // STRIDE):
            long[_bits(packed, b * block + STRIDE * group, span) & long_mask] += 1
        for shift in range(STRIDE):
            for value in range(1 << span):
                result[b, uint32(value >> shift) & mask] += long[value]
        for position in range(windows // STRIDE * STRIDE, windows):
            result[b, _bits(packed, b * block + position, m) & mask] += 1
    return result


@njit(cache=True, nogil=True, inline="always")
def _bits(packed: NDArray[np.uint8], position: int, count: int) -> int:
    """Return the `count` bits, at most 25, that begin at `position`, with higher ones before them."""
    i = position >> 3
    word = (
        (uint32(packed[i]) << uint32(24))
        | (uint32(packed[i + 1]) << uint32(16))
        | (uint32(packed[i + 2]) << uint32(8))
        | uint32(packed[i + 3])
    )
    window: int = uint32(uint32(word) >> uint32(32 - count - (position & 7)))
    return window
