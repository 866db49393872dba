"""The non-overlapping template matching test."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numba import uint32
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.randomness.sp800_22.null_law import NullLaw

__all__ = ["NON_OVERLAPPING_TEMPLATE", "aperiodic_templates", "non_overlapping_template"]

BLOCKS = 8
STRIDE = 4
"""Templates are counted in patterns longer by three bits, at every fourth bit: a quarter of the increments."""


def non_overlapping_template(sequence: BitSequence, m: int = 9) -> Outcome:
    """Test how often each aperiodic template of `m` bits, 2 to 13, occurs in eight blocks.

    Notes
    -----
    SP 800-22 rev. 1a, 2.7. An aperiodic template cannot overlap itself, so that all its occurrences are
    non-overlapping ones: a histogram of `m`-grams has the counts of all templates.
    """
    if not 2 <= m <= 13:
        raise InputError(f"non_overlapping_template: m = {m}: expected 2 to 13")
    block = sequence.length // BLOCKS
    if block < m + STRIDE:
        return Outcome(test="non_overlapping_template", reason=f"{sequence.length} bits; one block takes {m + STRIDE}")
    counts = np.zeros((BLOCKS, 1 << m), np.int64)
    long, at = np.empty(1 << (m + STRIDE - 1), np.int32), 0
    for bits, first, length in sequence.stretches(0, BLOCKS * block, overlap=m - 1):
        _count_grams(bits.padded, first, length, at, block, m, counts, long)
        at += length - m + 1
    counts = counts[:, _places(m)]
    mean = (block - m + 1) / 2**m
    variance = block * (2.0**-m - (2 * m - 1) * 4.0**-m)
    statistics = ((counts - mean) ** 2 / variance).sum(axis=0)
    return Outcome(
        test="non_overlapping_template",
        p_values=tuple(_p_values(statistics).tolist()),
        labels=_labels(m),
        statistics={"mean": mean, "variance": variance, "largest_chi_square": float(statistics.max())},
    )


def _p_values(statistics: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probabilities of so large chi-squares of BLOCKS degrees of freedom: for an even number, a sum.

    SciPy's incomplete gamma function, for any number, takes 0.3 ms for 148 of them, holding the interpreter's lock.
    """
    half = statistics / 2
    total = np.ones_like(half)
    for term in range(BLOCKS // 2 - 1, 0, -1):
        total = 1 + half / term * total
    p: NDArray[np.float64] = np.exp(-half) * total
    return p


@lru_cache
def aperiodic_templates(m: int) -> tuple[int, ...]:
    """Return the templates of `m` bits of which no beginning equals an end, in ascending order.

    >>> [f"{template:03b}" for template in aperiodic_templates(3)]
    ['001', '011', '100', '110']
    """
    return tuple(
        template
        for template in range(1 << m)
        if all(template >> shift != template & ((1 << (m - shift)) - 1) for shift in range(1, m))
    )


@lru_cache
def _places(m: int) -> NDArray[np.intp]:
    return np.array(aperiodic_templates(m))


@lru_cache
def _labels(m: int) -> tuple[str, ...]:
    return tuple(f"{template:0{m}b}" for template in aperiodic_templates(m))


@kernel
def _count_grams(
    packed: NDArray[np.uint8],
    first: int,
    length: int,
    at: int,
    block: int,
    m: int,
    grams: NDArray[np.int64],
    long: NDArray[np.int32],
) -> None:
    """Count in each block the `m`-grams of a stretch of `length` bits, which is bit `at` of the sequence and on.

    Bit `first` of `packed` is the first of the stretch; `long` has room for the longer patterns.
    """
    end = at + length - m + 1
    for b in range(grams.shape[0]):
        begin, left = max(at, b * block), min(end, (b + 1) * block - m + 1)
        if left <= begin:
            continue
        place, starts = first + begin - at, left - begin
        groups = starts // STRIDE
        _count_long(packed, place, groups, m + STRIDE - 1, long)
        _fold(long, grams[b])
        for position in range(place + groups * STRIDE, place + starts):
            grams[b, _bits(packed, position, m)] += 1


@part
def _count_long(packed: NDArray[np.uint8], first: int, groups: int, span: int, long: NDArray[np.int32]) -> None:
    """Count patterns of `span` bits, at most 16, at every fourth bit from `first`."""
    for i in range(long.size):
        long[i] = 0
    at, skip = first >> 3, first & 7
    mask = uint32((1 << span) - 1)
    early, late = uint32(32 - span - skip), uint32(28 - span - skip)
    window = (uint32(packed[at]) << uint32(16)) | (uint32(packed[at + 1]) << uint32(8)) | uint32(packed[at + 2])
    for i in range(at + 3, at + 3 + groups // 2):
        window = uint32((window << uint32(8)) | uint32(packed[i]))
        long[(window >> early) & mask] += 1
        long[(window >> late) & mask] += 1
    if groups % 2:
        long[_bits(packed, first + STRIDE * (groups - 1), span)] += 1


@part
def _fold(long: NDArray[np.int32], grams: NDArray[np.int64]) -> None:
    """Add to `grams` the four patterns that each longer one holds; `long` is used up."""
    size = long.size
    while True:
        for first in range(0, size, grams.size):
            for i in range(grams.size):
                grams[i] += long[first + i]
        if size == grams.size:
            return
        size //= 2
        for i in range(size):  # leave out the last bit
            long[i] = long[2 * i] + long[2 * i + 1]


@part
def _bits(packed: NDArray[np.uint8], position: int, count: int) -> int:
    """Return the `count` bits, at most 17, that begin at `position`."""
    i = position >> 3
    word = (uint32(packed[i]) << uint32(16)) | (uint32(packed[i + 1]) << uint32(8)) | uint32(packed[i + 2])
    return int((word >> uint32(24 - count - (position & 7))) & uint32((1 << count) - 1))


def _laws(bits: int) -> tuple[NullLaw, ...]:
    from mtjlab.analysis.randomness.sp800_22.template_law import template_law  # scipy.stats is slow to import

    return (template_law(bits),)


NON_OVERLAPPING_TEMPLATE = SuiteTest(
    name="non_overlapping_template",
    number=8,
    run=lambda sequence, mode: non_overlapping_template(sequence),
    least_bits=BLOCKS * (5 * 512 + 8),  # five of each template expected in a block
    chi_square=True,
    law=_laws,
    kernels="templates",
)
