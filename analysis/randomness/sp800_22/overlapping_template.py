"""The overlapping template matching test."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.chi_square import chi_square
from mtjlab.analysis.randomness.sp800_22.kernel import kernel
from mtjlab.analysis.randomness.sp800_22.outcome import Mode, Outcome
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest
from mtjlab.analysis.randomness.sp800_22.word_bits import first_bits, marked_runs, ones_of, window
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.randomness.sp800_22.null_law import NullLaw

__all__ = ["OVERLAPPING_TEMPLATE", "overlapping_template", "overlapping_probabilities"]

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
        raise InputError(f"overlapping_template: m = {m}: expected 2 to 64")
    count = sequence.length // BLOCK
    if not count:
        return Outcome(test="overlapping_template", reason=f"{sequence.length:,} bits; one block takes {BLOCK:,}")
    seen = np.zeros(MOST + 1, np.int64)
    for piece in sequence.pieces(BLOCK):
        _count_hits(piece.words, BLOCK, piece.length // BLOCK, m, seen)
    expected = _limit_probabilities(m) if mode is Mode.NIST else overlapping_probabilities(m)
    statistic, p = chi_square(seen, expected)
    return Outcome(
        test="overlapping_template",
        p_values=(p,),
        statistics={"chi_square": statistic, "counts": seen.tolist()},
    )


@kernel
def _count_hits(words: NDArray[np.uint64], block: int, count: int, m: int, seen: NDArray[np.int64]) -> None:
    """Add the blocks to `seen` by their matches: none, one, ..., so many as `seen` is long, or more."""
    windows = block - m + 1
    for first in range(0, count * block, block):
        hits = 0
        for offset in range(0, windows, 64):
            at = uint64(first + offset)
            marked = marked_runs(window(words, at), window(words, at + uint64(64)), m)
            hits += ones_of(first_bits(marked, windows - offset))
        seen[min(hits, seen.size - 1)] += 1


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


def _laws(bits: int) -> tuple[NullLaw, ...]:
    from mtjlab.analysis.randomness.sp800_22.squares_law import SquaresLaw  # scipy.stats is slow to import

    return (SquaresLaw.of_classes(bits // BLOCK, overlapping_probabilities(9)),)


OVERLAPPING_TEMPLATE = SuiteTest(
    name="overlapping_template",
    number=9,
    run=overlapping_template,
    least_bits=BLOCK * 72,  # five blocks expected in the rarest class
    chi_square=True,
    law=_laws,
    kernels="templates",
)
