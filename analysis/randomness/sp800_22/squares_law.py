"""The law of a sum of squared counts on fair bits, where chi-square is only its limit.

Pearson's statistic of N blocks in K classes is, to first order, a sum of K - 1 independent squares: of the count of the
rarest class, (n - N p)^2 / N p (1 - p) with n binomial, of that of the next rarest among the blocks that are left, and
so on.  Where few blocks are expected in a class, its count is far from normal, and p-values of 1e-5 come ten times
as often as they should.  The law of each square is known exactly; that of the sum is their convolution.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft
from scipy.stats import binom, chi2

__all__ = ["CountLaw", "SquaresLaw"]

GRID = 1 << 14
"""Places at which the law of the sum is known."""

LEAST_PROBABILITY = 1e-18
"""The largest statistic told apart is that of this probability, by chi-square."""


class CountLaw(NamedTuple):
    """How a count is distributed, and what it is standardised with."""

    probabilities: NDArray[np.float64]
    """Of 0, 1, 2 ..."""
    mean: float
    variance: float


class SquaresLaw:
    """Probabilities of the p-values that a chi-square test gives of fair bits.

    Parameters
    ----------
    counts
        The counts whose standardised squares are added.
    freedom
        Degrees of freedom of the chi-square that the test takes for the law.
    """

    def __init__(self, counts: Iterable[CountLaw], freedom: int) -> None:
        self._freedom = freedom
        self._step = float(chi2.isf(LEAST_PROBABILITY, freedom)) / GRID
        density = np.zeros(GRID)
        density[0] = 1.0
        for count in counts:
            density = _sum(density, self._square(count))
        self._above = np.cumsum(density[::-1])[::-1]

    @classmethod
    def of_classes(cls, blocks: int, probabilities: Sequence[float]) -> Self:
        """Return the law of Pearson's statistic of so many blocks in classes of these probabilities."""
        left, share, counts = float(blocks), 1.0, []
        for probability in sorted(probabilities)[:-1]:
            p, trials = probability / share, max(1, round(left))
            counts.append(CountLaw(binom.pmf(np.arange(trials + 1), trials, p), trials * p, trials * p * (1 - p)))
            left, share = left - left * p, share - probability
        return cls(counts, len(probabilities) - 1)

    @classmethod
    def of_ones(cls, blocks: int, length: int) -> Self:
        """Return the law of the sum over blocks of the squared number of ones, standardised."""
        law = CountLaw(binom.pmf(np.arange(length + 1), length, 0.5), length / 2, length / 4)
        return cls([law] * blocks, blocks)

    def probability(self, p_values: ArrayLike) -> NDArray[np.float64]:
        """Return how probable p-values as small as these, or smaller, are on fair bits.

        Parameters
        ----------
        p_values
            As the test gives them, of any shape.
        """
        statistics = chi2.isf(np.asarray(p_values, float), self._freedom)
        # Places are rounded to the nearest, half up or down as it comes; a statistic itself lies on one.
        places = np.clip(np.rint(statistics / self._step - 0.5), 0, GRID - 1).astype(np.int64)
        found: NDArray[np.float64] = np.minimum(1.0, self._above[places])
        return found

    def below(self, p_values: ArrayLike) -> NDArray[np.float64]:
        """Return how probable p-values smaller than these are: without a lump that lies on them."""
        statistics = chi2.isf(np.asarray(p_values, float), self._freedom)
        places = np.clip(np.floor(statistics / self._step) + 2, 0, GRID - 1).astype(np.int64)
        found: NDArray[np.float64] = np.minimum(1.0, self._above[places])
        return found

    def _square(self, count: CountLaw) -> NDArray[np.float64]:
        squares = (np.arange(count.probabilities.size) - count.mean) ** 2 / count.variance
        places = np.minimum(squares / self._step, GRID - 1)
        # A square between two places is shared so that its mean stays: rounding then adds up to nothing.
        below = np.floor(places).astype(np.int64)
        part = places - below
        density: NDArray[np.float64] = np.bincount(below, count.probabilities * (1 - part), GRID).astype(np.float64)
        density += np.bincount(np.minimum(below + 1, GRID - 1), count.probabilities * part, GRID)
        return density


def _sum(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the law of the sum of two; what is beyond the grid counts at its end."""
    whole = fft.irfft(fft.rfft(one, 2 * GRID) * fft.rfft(other, 2 * GRID), 2 * GRID)
    density: NDArray[np.float64] = np.maximum(whole[:GRID], 0.0)
    density[-1] += max(0.0, math.fsum(whole[GRID:]))
    return density
