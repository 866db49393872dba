"""The overlapping template matching test."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.chi_square import chi_square
from mtjlab.analysis.randomness.sp800_22.mode import Mode
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence

__all__ = ["overlapping_template", "overlapping_probabilities"]

BLOCK = 1032
MOST = 5


def overlapping_template(sequence: BitSequence, mode: Mode = Mode.EXACT, m: int = 9) -> Outcome:
    """Test how often `m` ones in a row, overlaps counted, occur in blocks of 1,032 bits.

    Notes
    -----
    SP 800-22 rev. 1a, 2.8. STS 2.1.2 overwrites its corrected class probabilities with those of the limit law
    (Pr(u) of 3.8); exact mode takes the exact ones, as Hamano and Kaneko proposed (IEICE Trans. Fundamentals E90-A,
    1788, 2007), here from a Markov chain over the bits.
    """
    if not 2 <= m <= 64:
        raise ValueError(f"overlapping_template: m = {m}: expected 2 to 64")
    count = sequence.length // BLOCK
    if not count:
        return Outcome(test="overlapping_template", reason=f"{sequence.length:,} bits; one block takes {BLOCK:,}")
    seen = np.zeros(MOST + 1, np.int64)
    for piece in sequence.pieces(BLOCK):
        seen += np.bincount(np.minimum(_hits(piece, m), MOST), minlength=MOST + 1)
    expected = _limit_probabilities(m) if mode is Mode.NIST else overlapping_probabilities(m)
    statistic, p = chi_square(seen, expected)
    return Outcome(
        test="overlapping_template",
        p_values=(p,),
        statistics={"chi_square": statistic, "counts": seen.tolist()},
    )


def _hits(piece: PackedSequence, m: int) -> NDArray[np.int64]:
    """Count the matches in each whole block."""
    count = piece.length // BLOCK
    matches = _matches(piece.words, m).astype(">u8").view(np.uint8)[: count * BLOCK // 8].reshape(count, -1)
    windows = BLOCK - m + 1
    if windows % 8 == 0:
        marked = np.bitwise_count(matches[:, : windows // 8])
    else:
        marked = np.unpackbits(matches, axis=1)[:, :windows]
    hits: NDArray[np.int64] = marked.sum(axis=1, dtype=np.int64)
    return hits


def _matches(words: NDArray[np.uint64], m: int) -> NDArray[np.uint64]:
    """Mark the bits at which `m` ones in a row begin, doubling the length that is known to be ones."""
    marked, known = words, 1
    while known < m:
        step = min(known, m - known)
        ahead = marked << np.uint64(step)
        ahead[:-1] |= marked[1:] >> np.uint64(64 - step)
        marked = marked & ahead
        known += step
    return marked


@lru_cache
def overlapping_probabilities(m: int) -> tuple[float, ...]:
    """Return the exact probabilities of 0 to 4 and of 5 or more matches in a block of 1,032 fair bits."""
    law = np.zeros((MOST + 1, m))  # by matches so far and by ones just before, m - 1 standing for more
    law[0, 0] = 1
    for _ in range(BLOCK):
        after = np.zeros_like(law)
        after[:, 0] = law.sum(axis=1) / 2
        after[:, 1:] = law[:, :-1] / 2
        after[1:, -1] += law[:-1, -1] / 2
        after[-1, -1] += law[-1, -1] / 2
        law = after
    return tuple(law.sum(axis=1).tolist())


@lru_cache
def _limit_probabilities(m: int) -> tuple[float, ...]:
    eta = (BLOCK - m + 1) / 2**m / 2
    few = [math.exp(-eta)] + [
        sum(
            math.exp(-eta - u * math.log(2) + k * math.log(eta) - math.lgamma(k + 1)) * math.comb(u - 1, k - 1)
            for k in range(1, u + 1)
        )
        for u in range(1, MOST)
    ]
    return (*few, 1 - sum(few))
