"""How the p-values of one test and label came out over many sequences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtrc, chndtr, gammaincc

from mtjlab.analysis.randomness.sp800_22.null_law import FINE, NullLaw, departure, null_laws
from mtjlab.analysis.randomness.sp800_22.suite_test import facts_of

__all__ = ["Proportion", "Tally"]

ALPHA = 0.01
"""Level of a single test of a single sequence."""

LEAST_FOR_UNIFORMITY = 55
"""Sequences from which the standard takes the uniformity of the p-values (4.2.2)."""

TOGETHER = 256
"""Sequences counted at a time: one by one they would keep the interpreter from the workers."""


@dataclass(frozen=True, kw_only=True)
class Proportion:
    """How the p-values of one test, template, direction or state came out over the sequences."""

    name: str
    """Test and label."""

    sequences: int
    """Sequences to which the test applies."""

    rejected: int
    """Of them, those with a p-value below 0.01."""

    band: tuple[float, float]
    """The standard's band of the proportion that passes (4.2.1); shown, not deciding."""

    within_band: bool
    """Whether the proportion that passes lies in the band."""

    bins: tuple[int, ...]
    """P-values in ten equal bins from 0 to 1."""

    uniformity: float | None
    """P-value of their uniformity (4.2.2); shown, not deciding; None below 55 sequences."""

    allowed_uniformity: float | None
    """The same with what p-values of fair bits depart from uniform ones at this length; None below 55 sequences, and
    where the p-values are too coarse for ten bins."""

    binomial: float
    """Probability of so many rejections or more, each of probability 0.01 or what fair bits have at this length."""

    smallest: float
    """Probability that the smallest of so many p-values is as small as here."""

    too_good: float
    """Probability of p-values as near 1 as here; reported, not deciding."""


class Tally:
    """What the verdict needs of the p-values of one test, label by label, in memory that does not grow with them."""

    def __init__(self, test: str, labels: tuple[str, ...]) -> None:
        self._test = facts_of(test)
        self._names = [f"{test} {label}".rstrip() for label in labels]
        self._count = 0
        self._rejected, self._near_one = np.zeros((2, len(labels)), np.int64)
        self._bins = np.zeros((len(labels), 10), np.int64)
        self._least, self._greatest = np.ones(len(labels)), np.zeros(len(labels))
        self._shortest = 0
        self._waiting: list[tuple[float, ...]] = []

    def add(self, p_values: tuple[float, ...], bits: int) -> None:
        """Count the p-values of a sequence of so many bits."""
        self._waiting.append(p_values)
        self._shortest = min(bits, self._shortest or bits)
        if len(self._waiting) == TOGETHER:
            self._count_waiting()

    def _count_waiting(self) -> None:
        if not self._waiting:
            return
        p = np.array(self._waiting)
        self._waiting.clear()
        self._count += len(p)
        self._rejected += (p < ALPHA).sum(axis=0)
        self._near_one += (p > 1 - ALPHA).sum(axis=0)
        which = np.minimum((10 * p).astype(int), 9) + 10 * np.arange(len(self._names))
        self._bins += np.bincount(which.ravel(), minlength=self._bins.size).reshape(self._bins.shape)
        self._least, self._greatest = np.minimum(self._least, p.min(axis=0)), np.maximum(self._greatest, p.max(axis=0))

    def proportions(self) -> list[Proportion]:
        """Say how they came out, label by label."""
        self._count_waiting()
        count = self._count
        laws = null_laws(self._test.name, self._shortest)
        half = 3 * math.sqrt(ALPHA * (1 - ALPHA) / count)
        low, high = max(0.0, 1 - ALPHA - half), min(1.0, 1 - ALPHA + half)
        passed = 1 - self._rejected / count
        statistics = ((self._bins - count / 10) ** 2).sum(axis=1) / (count / 10)
        nothing = [None] * len(self._names)
        judged = count >= LEAST_FOR_UNIFORMITY
        with np.errstate(divide="ignore"):  # a p-value of 1, and of 0
            smallest = -np.expm1(count * np.log1p(-_by(laws, self._least)))
        rates = _by(laws, np.full(len(self._names), ALPHA))
        columns: dict[str, list[Any]] = {
            "name": self._names,
            "rejected": self._rejected.tolist(),
            "within_band": ((low <= passed) & (passed <= high)).tolist(),
            "bins": [tuple(bins) for bins in self._bins.tolist()],
            "uniformity": _chi_square_above(statistics, 0.0) if judged else nothing,
            "allowed_uniformity": self._allowed_uniformity(statistics, laws) if judged and self._is_fine else nothing,
            "binomial": _at_least(self._rejected, count, rates),
            "smallest": smallest.tolist(),
            "too_good": self._too_good(laws),
        }
        rows = zip(*columns.values(), strict=True)
        return [Proportion(sequences=count, band=(low, high), **dict(zip(columns, row, strict=True))) for row in rows]

    @property
    def _is_fine(self) -> bool:
        """Whether the steps of the test's count are too fine for ten bins to show."""
        return not self._test.half_step or self._shortest >= FINE

    def _allowed_uniformity(self, statistics: NDArray[np.float64], laws: tuple[NullLaw, ...]) -> list[float]:
        excess = [self._count * departure(self._test, law, self._shortest) for law in laws]
        return _chi_square_above(statistics, np.broadcast_to(excess, statistics.shape))

    def _too_good(self, laws: tuple[NullLaw, ...]) -> list[float]:
        if not self._test.chi_square:
            return [1.0] * len(self._names)
        if self._count >= LEAST_FOR_UNIFORMITY:
            return _at_least(self._near_one, self._count, 1 - _by(laws, np.full(len(self._names), 1 - ALPHA)))
        with np.errstate(divide="ignore"):
            said: list[float] = (-np.expm1(self._count * np.log(_by(laws, self._greatest, below=True)))).tolist()
        return said


def _by(laws: tuple[NullLaw, ...], p_values: NDArray[np.float64], *, below: bool = False) -> NDArray[np.float64]:
    """Return the probabilities of p-values as small as these, or smaller than these, label by label."""
    told = [law.below if below else law.probability for law in laws]
    if len(told) == 1:
        return told[0](p_values)
    return np.array([tell(p) for tell, p in zip(told, p_values, strict=True)], float)


def _at_least(events: NDArray[np.int64], count: int, probability: NDArray[np.float64]) -> list[float]:
    found: list[float] = np.where(events == 0, 1.0, bdtrc(np.maximum(events, 1) - 1.0, count, probability)).tolist()
    return found


def _chi_square_above(statistics: NDArray[np.float64], excess: ArrayLike) -> list[float]:
    """Return the probability of more than each for ten bins whose probabilities make it larger by `excess`."""
    known = gammaincc(4.5, statistics / 2)
    allowed = np.where(np.asarray(excess) > 0, np.maximum(0.0, 1 - chndtr(statistics, 9, excess)), known)
    found: list[float] = allowed.tolist()
    return found
