"""How the p-values of each test are distributed on fair bits, as far as that differs from uniform ones.

A verdict on hundreds of p-values looks at their far tail, where limit laws are wrong first: a family-wise level of
0.1 % over 188 p-values asks for 5e-6.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from mtjlab.analysis.randomness.sp800_22.squares_law import SquaresLaw
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest, facts_of

__all__ = ["FINE", "NullLaw", "Shifted", "departure", "null_laws"]

FINE = 100_000
"""Bits from which the steps of counts are too fine for ten bins to show them."""


class NullLaw(Protocol):
    """The law of a p-value on fair bits."""

    def probability(self, p_values: ArrayLike) -> NDArray[np.float64]:
        """Return how probable p-values as small as these, or smaller, are."""

    def below(self, p_values: ArrayLike) -> NDArray[np.float64]:
        """Return how probable p-values smaller than these are."""


class _Uniform:
    def probability(self, p_values: ArrayLike) -> NDArray[np.float64]:
        return np.asarray(p_values, float)

    below = probability


class Shifted:
    """The law of a normal test whose statistic is larger by `shift` standard deviations than it takes for granted.

    Parameters
    ----------
    shift
        In standard deviations.
    sides
        1 or 2: whether small statistics are as unlikely as large ones.
    """

    def __init__(self, shift: float, *, sides: int) -> None:
        self._shift, self._sides = shift, sides

    def probability(self, p_values: ArrayLike) -> NDArray[np.float64]:
        """Return how probable p-values as small as these, or smaller, are."""
        sizes = norm.isf(np.asarray(p_values, float) / self._sides) - self._shift
        found: NDArray[np.float64] = self._sides * norm.sf(sizes if self._sides == 1 else np.maximum(0.0, sizes))
        return found

    below = probability


_UNIFORM = _Uniform()


@lru_cache(maxsize=64)
def null_laws(test: str, bits: int) -> tuple[NullLaw, ...]:
    """Return the law of each p-value of a test on sequences of so many bits.

    Parameters
    ----------
    test
        Name of the test.
    bits
        Length of a sequence.

    Returns
    -------
    tuple
        One law for all labels, or one a label in their order.

    Notes
    -----
    Each test brings its own law (`SuiteTest.law`). Chi-square tests over classes: `SquaresLaw`. Templates: exact
    (`template_law`). Counts: a statistic on a lattice is as probable as a continuous one half a step nearer. Others are
    uniform, or have shorter tails.
    """
    facts = facts_of(test)
    if facts.law is not None:
        return facts.law(bits)
    return (Shifted(facts.half_step / bits**0.5, sides=2),) if facts.half_step else (_UNIFORM,)


def departure(test: SuiteTest, law: NullLaw, bits: int) -> float:
    """Return 10 sum (probability of bin - 1/10)^2 over ten equal bins: by so much a sequence chi-square grows."""
    edges = np.append(0.0, law.probability(np.linspace(0.1, 1.0, 10)))
    edges[-1] = 1.0
    known = float(10 * ((np.diff(edges) - 0.1) ** 2).sum()) if isinstance(law, SquaresLaw) else 0.0
    return max(known, test.departure * 1e5 / bits)
