"""The linear complexity test."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.randomness.sp800_22.berlekamp_massey import linear_complexities
from mtjlab.analysis.randomness.sp800_22.bit_sequence import BitSequence
from mtjlab.analysis.randomness.sp800_22.chi_square import chi_square
from mtjlab.analysis.randomness.sp800_22.outcome import Mode, Outcome
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest
from mtjlab.core import InputError

if TYPE_CHECKING:
    from mtjlab.analysis.randomness.sp800_22.null_law import NullLaw

__all__ = ["LINEAR_COMPLEXITY", "linear_complexity", "complexity_probabilities"]

AS_IN_STS = (0.01047, 0.03125, 0.125, 0.5, 0.25, 0.0625, 0.020833)
"""Class probabilities of STS 2.1.2; the first should be 0.010417."""


def linear_complexity(sequence: BitSequence, mode: Mode = Mode.EXACT, block: int = 500) -> Outcome:
    """Test the lengths of the shortest feedback registers that give blocks of `block` bits.

    Parameters
    ----------
    sequence
        The bits.
    mode
        Which class probabilities: exact ones, or those of STS.
    block
        Bits a block, 10 to 5,000.

    Returns
    -------
    Outcome
        One p-value; statistics `chi_square`, `blocks`, `counts` of the seven classes.

    Raises
    ------
    InputError
        If `block` is out of range.

    Notes
    -----
    SP 800-22 rev. 1a, 2.10. Exact mode takes the class probabilities from the exact law of the complexity of
    `block` fair bits: of all sequences of M bits, 2^min(2M - 2L, 2L - 1) have complexity L > 0, and one has 0.
    """
    if not 10 <= block <= 5000:
        raise InputError(f"linear_complexity: block = {block}: expected 10 to 5,000")
    count = sequence.length // block
    if not count:
        return Outcome(test="linear_complexity", reason=f"{sequence.length:,} bits; one block takes {block:,}")
    found = np.zeros(block + 1, np.int64)
    for piece in sequence.pieces(block):
        found += np.bincount(linear_complexities(piece.words, block, piece.length // block), minlength=block + 1)
    seen = np.bincount(_classes(block), found, minlength=7)
    expected = AS_IN_STS if mode is Mode.NIST else complexity_probabilities(block)
    if mode is Mode.NIST:  # the probabilities of STS do not add up to one, nor are they made to
        means = count * np.array(expected)
        statistic, p = _chi_square_as_it_is(seen, means)
    else:
        statistic, p = chi_square(seen, expected)
    return Outcome(
        test="linear_complexity",
        p_values=(p,),
        statistics={"chi_square": statistic, "blocks": count, "counts": seen.astype(int).tolist()},
    )


def _chi_square_as_it_is(seen: NDArray[np.int64], means: NDArray[np.float64]) -> tuple[float, float]:
    from scipy.special import gammaincc

    statistic = float(((seen - means) ** 2 / means).sum())
    return statistic, float(gammaincc(3, statistic / 2))


@lru_cache
def _classes(block: int) -> NDArray[np.int64]:
    """Return the class of each complexity from 0 to `block`."""
    sign = 1 if block % 2 == 0 else -1
    mean = block / 2 + (9 - sign) / 36 - 0.5**block * (block / 3 + 2 / 9)
    deviations = sign * (np.arange(block + 1) - mean) + 2 / 9
    return np.searchsorted(np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]), deviations, side="left")


@lru_cache
def complexity_probabilities(block: int) -> tuple[float, ...]:
    """Return the exact probabilities of the seven classes for `block` fair bits."""
    counts = [1] + [1 << min(2 * block - 2 * value, 2 * value - 1) for value in range(1, block + 1)]
    law = [Fraction(0)] * 7
    for value, which in enumerate(_classes(block).tolist()):
        law[which] += Fraction(counts[value], 1 << block)
    return tuple(map(float, law))


def _laws(bits: int) -> tuple[NullLaw, ...]:
    from mtjlab.analysis.randomness.sp800_22.squares_law import SquaresLaw  # scipy.stats is slow to import

    return (SquaresLaw.of_classes(bits // 500, complexity_probabilities(500)),)


LINEAR_COMPLEXITY = SuiteTest(
    name="linear_complexity",
    number=15,
    run=linear_complexity,
    least_bits=200 * 500,
    chi_square=True,
    law=_laws,
    kernels="walks",
)
