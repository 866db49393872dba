"""How far two arms are apart by themselves, without real images between them.

Two arms may be equally far from real images and still differ: biased noise can even score the better FD. So each seed
of A is also held against each seed of B, and the seeds of one arm against each other, which is what no difference
looks like. The excess

    E = mean over s, t of d(A_s, B_t) - 1/2 mean over s < t of d(A_s, A_t) - 1/2 mean over s < t of d(B_s, B_t)

is zero on average for arms that are the same, whatever the number of images adds to d. Its p-value is that of a
permutation test: how many of the ways to deal the 2 S sets of images into two arms have an excess as large. With 5
seeds there are 126 ways, so p is at least 0.008; with 2 seeds there are 3, and nothing can be shown. The interval is a
jackknife over seeds.

Székely and Rizzo, J. Stat. Plan. Inference 143, 1249 (2013), of which E is half the energy distance.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.evidence.equivalence import LEVEL
from mtjlab.analysis.evidence.image_set import ImageSet
from mtjlab.core import InputError

__all__ = ["DirectDistance", "distance_table"]

MOST_DEALS = 5000
"""Ways to deal that are counted one by one; of more, as many are drawn at random."""


@dataclass(frozen=True)
class DirectDistance:
    """How far two arms are apart, beyond what seeds of one arm are."""

    between: float
    """Mean distance of a seed of A and a seed of B."""
    within: float
    """Mean distance of two seeds of one arm."""
    error: float
    """Standard error of the excess by the jackknife; not a number with fewer than three seeds."""
    p: float
    """P-value of "both arms are the same"."""
    seeds: int
    """Seeds of each arm."""

    @property
    def excess(self) -> float:
        """How much further the arms are apart than seeds of one arm."""
        return self.between - self.within

    @property
    def upper(self) -> float:
        """One-sided 95 % limit of the excess; infinite where there is no standard error."""
        from scipy import stats

        if math.isnan(self.error):
            return math.inf
        return self.excess + float(stats.t.ppf(1 - LEVEL, self.seeds - 1)) * self.error

    @classmethod
    def of(cls, table: NDArray[np.float64], *, seed: int = 1) -> "DirectDistance":
        """Compare two arms.

        Parameters
        ----------
        table
            Distances of all sets, first those of A and then as many of B, shape (2 S, 2 S), symmetric.
        seed
            Seed of the deals, where there are too many to count.

        Returns
        -------
        DirectDistance
            Their distance, its excess and its p-value.

        Raises
        ------
        InputError
            If there are fewer than two seeds, or not as many in both arms.
        """
        size = len(table)
        if table.shape != (size, size) or size % 2 or size < 4:
            raise InputError(f"distances of shape {table.shape}: expected those of two arms of S seeds, S at least 2")
        seeds = size // 2
        first, second = np.arange(seeds), np.arange(seeds, size)
        between, within = _means(table, first, second)
        found = between - within
        deals = _excesses(table, _deals(size, seed))
        p = float(np.mean(deals >= found - 1e-12 * max(1.0, abs(found))))
        return cls(between, within, _jackknife(table, seeds), p, seeds)


def distance_table(sets: Sequence[ImageSet], distance: Callable[[ImageSet, ImageSet], float]) -> NDArray[np.float64]:
    """Hold each set of images against each other one.

    Parameters
    ----------
    sets
        The sets.
    distance
        Of two sets, symmetric.

    Returns
    -------
    NDArray
        Shape (N, N), zero on the diagonal.
    """
    table = np.zeros((len(sets), len(sets)))
    for i, j in itertools.combinations(range(len(sets)), 2):
        table[i, j] = table[j, i] = distance(sets[i], sets[j])
    return table


def _means(table: NDArray[np.float64], first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[float, float]:
    inner = [table[np.ix_(each, each)].sum() / (each.size * (each.size - 1)) for each in (first, second)]
    return float(table[np.ix_(first, second)].mean()), float(sum(inner) / 2)


def _excesses(table: NDArray[np.float64], deals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the excess of each deal, as `_means` gives that of one."""
    half = len(table) // 2
    sums = deals @ table
    across = (sums * (1 - deals)).sum(axis=1)
    inner = table.sum() - 2 * across  # of both arms together
    excesses: NDArray[np.float64] = across / half**2 - inner / (2 * half * (half - 1))
    return excesses


def _deals(size: int, seed: int) -> NDArray[np.float64]:
    """Give the sets that are dealt to A, ones in rows; the first set always is, as both arms are alike to the test."""
    half = size // 2
    number = math.comb(size - 1, half - 1)
    if number <= MOST_DEALS:
        chosen = np.array(list(itertools.combinations(range(1, size), half - 1))).reshape(number, half - 1)
    else:
        random = np.random.default_rng(seed)
        drawn = [1 + random.permutation(size - 1)[: half - 1] for _ in range(MOST_DEALS)]
        chosen = np.array([np.arange(1, half), *drawn])  # the deal that was found counts as one of them
    deals = np.zeros((len(chosen), size))
    deals[:, 0] = 1
    np.put_along_axis(deals, chosen, 1, axis=1)
    return deals


def _jackknife(table: NDArray[np.float64], seeds: int) -> float:
    if seeds < 3:
        return math.nan
    variance = 0.0
    for start in (0, seeds):
        left = []
        for out in range(start, start + seeds):
            arms = [np.delete(np.arange(a, a + seeds), out - a if a == start else []) for a in (0, seeds)]
            between, within = _means(table, *arms)
            left.append(between - within)
        variance += (seeds - 1) / seeds * float(np.sum((np.array(left) - np.mean(left)) ** 2))
    return math.sqrt(variance)
