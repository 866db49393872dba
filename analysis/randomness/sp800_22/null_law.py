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

from mtjlab.analysis.randomness.sp800_22.linear_complexity import complexity_probabilities
from mtjlab.analysis.randomness.sp800_22.longest_run import longest_run_law
from mtjlab.analysis.randomness.sp800_22.overlapping_template import overlapping_probabilities
from mtjlab.analysis.randomness.sp800_22.random_excursions import STATES, excursion_probabilities
from mtjlab.analysis.randomness.sp800_22.rank import rank_probabilities
from mtjlab.analysis.randomness.sp800_22.squares_law import SquaresLaw
from mtjlab.analysis.randomness.sp800_22.template_law import template_law

__all__ = ["COUNTS", "FINE", "NullLaw", "departure", "null_laws"]

COUNTS = {"frequency": 1.0, "cumulative_sums": 1.0, "runs": 1.0, "dft": 4.47}
"""Tests of one count whose values are a step apart: half a step in standard deviations, times the root of the bits."""

FINE = 100_000
"""Bits from which the steps of these counts are too fine for ten bins to show them."""

LEAST_CYCLES = 500
"""Cycles with which random excursions apply; with more, their law is nearer to its limit."""

DEPARTURES = {"frequency": 1.5e-3, "dft": 4e-3, "approximate_entropy": 1.6e-2, "random_excursions_variant": 6e-3}
"""How far ten bins are from equal at 100,000 bits, of tests whose law is not known better; it falls as 1/n."""


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


class _Shifted:
    """A normal test whose statistic is larger by `shift` standard deviations than the law has it."""

    def __init__(self, shift: float, *, sides: int) -> None:
        self._shift, self._sides = shift, sides

    def probability(self, p_values: ArrayLike) -> NDArray[np.float64]:
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
    Chi-square tests over classes: `SquaresLaw`. Templates: exact (`template_law`). Counts: a statistic on a lattice is
    as probable as a continuous one half a step nearer. Approximate entropy: its statistic is larger by a sixth of its
    standard deviation at 100,000 bits, in proportion to 1/n. Others are uniform, or have shorter tails.
    """
    if test in COUNTS:
        return (_Shifted(COUNTS[test] / bits**0.5, sides=2),)
    if test == "approximate_entropy":
        return (_Shifted(0.17 * 1e5 / bits, sides=1),)
    if test == "non_overlapping_template":
        return (template_law(bits),)
    if test == "random_excursions":
        return tuple(SquaresLaw.of_classes(LEAST_CYCLES, excursion_probabilities(state)) for state in STATES)
    if test == "longest_run":
        return (SquaresLaw.of_classes(*longest_run_law(bits)),)
    if test == "rank":
        return (SquaresLaw.of_classes(bits // 1024, rank_probabilities()),)
    if test == "overlapping_template":
        return (SquaresLaw.of_classes(bits // 1032, overlapping_probabilities(9)),)
    if test == "linear_complexity":
        return (SquaresLaw.of_classes(bits // 500, complexity_probabilities(500)),)
    return (_UNIFORM,)


def departure(test: str, law: NullLaw, bits: int) -> float:
    """Return 10 sum (probability of bin - 1/10)^2 over ten equal bins: by so much a sequence chi-square grows."""
    edges = np.append(0.0, law.probability(np.linspace(0.1, 1.0, 10)))
    edges[-1] = 1.0
    known = float(10 * ((np.diff(edges) - 0.1) ** 2).sum()) if isinstance(law, SquaresLaw) else 0.0
    return max(known, DEPARTURES.get(test, 0.0) * 1e5 / bits)
