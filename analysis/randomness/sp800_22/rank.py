"""The binary matrix rank test."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numba import uint32, uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.chi_square import chi_square
from mtjlab.analysis.randomness.sp800_22.kernel import kernel, part
from mtjlab.analysis.randomness.sp800_22.outcome import Mode, Outcome
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest
from mtjlab.analysis.randomness.sp800_22.word_bits import window
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.randomness.sp800_22.null_law import NullLaw

__all__ = ["RANK", "rank", "rank_probabilities"]

WIDEST = 32

TOGETHER = 64
"""Matrices in step: their rows fill a quarter of the fastest memory."""


def rank(sequence: BitSequence, mode: Mode = Mode.EXACT, size: int = WIDEST) -> Outcome:
    """Test the ranks over GF(2) of square matrices of `size` × `size` successive bits, `size` 2 to 32.

    Notes
    -----
    SP 800-22 rev. 1a, 2.5; classes full rank, one less, and lower. The standard takes the probabilities of 32 × 32 for
    every size (nist mode); exact mode those of the size: the same at 32.
    """
    if not 2 <= size <= WIDEST:
        raise InputError(f"rank: size = {size}: expected 2 to {WIDEST}")
    count = sequence.length // size**2
    if not count:
        return Outcome(test="rank", reason=f"{sequence.length:,} bits; one matrix takes {size**2:,}")
    ranks = np.zeros(size + 1, np.int64)
    for piece in sequence.pieces(size**2):
        _count_ranks(piece.words, size, piece.length // size**2, ranks)
    full, less = int(ranks[size]), int(ranks[size - 1])
    seen = (full, less, count - full - less)
    statistic, p = chi_square(seen, rank_probabilities(WIDEST if mode is Mode.NIST else size))
    return Outcome(
        test="rank", p_values=(p,), statistics={"chi_square": statistic, "matrices": count, "counts": list(seen)}
    )


def rank_probabilities(size: int = WIDEST) -> tuple[float, float, float]:
    """Return the probabilities of full rank, of one less, and of lower ones."""
    full, less = _probability(size, size), _probability(size, size - 1)
    return full, less, 1 - full - less


@lru_cache
def _probability(size: int, rank_: int) -> float:
    product = math.prod((1 - 2.0 ** (i - size)) ** 2 / (1 - 2.0 ** (i - rank_)) for i in range(rank_))
    return float(2.0 ** (rank_ * (2 * size - rank_) - size**2) * product)


@kernel
def _count_ranks(words: NDArray[np.uint64], size: int, count: int, seen: NDArray[np.int64]) -> None:
    """Add the matrices to `seen` by their rank, which is from 0 to `size`."""
    rows = np.empty((WIDEST, TOGETHER), np.uint32)
    ranks, lowest = np.empty(TOGETHER, np.uint32), np.empty(TOGETHER, np.uint32)
    for first in range(0, count, TOGETHER):
        lanes = min(TOGETHER, count - first)
        for lane in range(lanes):
            at = (first + lane) * size * size
            for i in range(size):
                rows[i, lane] = uint32(window(words, uint64(at + i * size)) >> uint64(64 - size))
        _reduce(rows, size, ranks, lowest)
        for lane in range(lanes):
            seen[ranks[lane]] += 1


@part
def _reduce(rows: NDArray[np.uint32], size: int, ranks: NDArray[np.uint32], lowest: NDArray[np.uint32]) -> None:
    """Find the ranks of the matrices in all lanes; `rows` is used up."""
    ranks[:] = 0
    for i in range(size):
        for lane in range(TOGETHER):
            row = rows[i, lane]
            lowest[lane] = uint32(row & uint32(~row + uint32(1)))
            ranks[lane] += uint32(row != 0)
        # Any set bit of row i serves as pivot: no row need be looked for, and lanes stay in step.
        for j in range(i + 1, size):
            for lane in range(TOGETHER):
                hit = uint32(0xFFFFFFFF) if rows[j, lane] & lowest[lane] else uint32(0)
                rows[j, lane] ^= uint32(rows[i, lane] & hit)


def _laws(bits: int) -> tuple[NullLaw, ...]:
    from mtjlab.analysis.randomness.sp800_22.squares_law import SquaresLaw  # scipy.stats is slow to import

    return (SquaresLaw.of_classes(bits // WIDEST**2, rank_probabilities()),)


RANK = SuiteTest(
    name="rank", number=6, run=rank, least_bits=38 * WIDEST**2, chi_square=True, law=_laws, kernels="blocks"
)
