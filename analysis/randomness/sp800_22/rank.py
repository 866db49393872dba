"""The binary matrix rank test."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.chi_square import chi_square
from mtjlab.analysis.randomness.sp800_22.mode import Mode
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence

__all__ = ["rank"]

WIDEST = 32


def rank(sequence: BitSequence, mode: Mode = Mode.EXACT, size: int = WIDEST) -> Outcome:
    """Test the ranks over GF(2) of square matrices of `size` × `size` successive bits, `size` 2 to 32.

    Notes
    -----
    SP 800-22 rev. 1a, 2.5; classes full rank, one less, and lower. The standard takes the probabilities of 32 × 32 for
    every size (nist mode); exact mode those of the size: the same at 32.
    """
    if not 2 <= size <= WIDEST:
        raise ValueError(f"rank: size = {size}: expected 2 to {WIDEST}")
    count = sequence.length // size**2
    if not count:
        return Outcome(test="rank", reason=f"{sequence.length:,} bits; one matrix takes {size**2:,}")
    full, less = 0, 0
    for piece in sequence.pieces(size**2):
        ranks = _ranks(np.ascontiguousarray(_rows(piece, size).T))
        full, less = full + int((ranks == size).sum()), less + int((ranks == size - 1).sum())
    seen = (full, less, count - full - less)
    law = WIDEST if mode is Mode.NIST else size
    first, second = _probability(law, law), _probability(law, law - 1)
    statistic, p = chi_square(seen, (first, second, 1 - first - second))
    return Outcome(
        test="rank", p_values=(p,), statistics={"chi_square": statistic, "matrices": count, "counts": list(seen)}
    )


def _rows(sequence: PackedSequence, size: int) -> NDArray[np.uint32]:
    """Return the rows of all matrices as numbers, shape (matrices, size)."""
    count = sequence.length // size**2
    if size == WIDEST:
        rows: NDArray[np.uint32] = sequence.padded[: count * size * 4].view(">u4").astype(np.uint32)
        return rows.reshape(count, size)
    bits = sequence.bits[: count * size**2].reshape(count, size, size)
    weights = np.uint32(1) << np.arange(size, dtype=np.uint32)
    numbers: NDArray[np.uint32] = (bits * weights).sum(axis=2, dtype=np.uint32)
    return numbers.reshape(count, size)


@lru_cache
def _probability(size: int, rank_: int) -> float:
    product = math.prod((1 - 2.0 ** (i - size)) ** 2 / (1 - 2.0 ** (i - rank_)) for i in range(rank_))
    return float(2.0 ** (rank_ * (2 * size - rank_) - size**2) * product)


@njit(cache=True, nogil=True)
def _ranks(rows: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the ranks of matrices in lanes; `rows` has shape (size, matrices) and is used up."""
    size, lanes = rows.shape
    ranks = np.zeros(lanes, np.int64)
    lowest = np.empty(lanes, np.uint32)
    for i in range(size):
        for lane in range(lanes):
            row = rows[i, lane]
            lowest[lane] = uint32(row & uint32(~row + uint32(1)))
            ranks[lane] += row != 0
        # Any set bit of row i serves as pivot: no row need be looked for, and lanes stay in step.
        for j in range(i + 1, size):
            for lane in range(lanes):
                hit = uint32(0xFFFFFFFF) if rows[j, lane] & lowest[lane] else uint32(0)
                rows[j, lane] ^= uint32(rows[i, lane] & hit)
    return ranks
