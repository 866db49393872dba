"""How the p-values of one test and label came out over many sequences."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc, chndtr, gammaincc

from mtjlab.analysis.randomness.sp800_22.allowance import allowance

__all__ = ["Proportion", "Tally"]

ALPHA = 0.01
"""Level of a single test of a single sequence."""

LEAST_FOR_UNIFORMITY = 55
"""Sequences from which the standard takes the uniformity of the p-values (4.2.2)."""

TOGETHER = 256
"""P-values counted at a time: one by one they would keep the interpreter from the workers."""

CHI_SQUARE_TESTS = (
    "block_frequency", "longest_run", "rank", "non_overlapping_template", "overlapping_template",
    "approximate_entropy", "random_excursions", "serial", "linear_complexity",
)  # fmt: skip
"""Tests whose p-values have no lump at 1, where a two-sided count meets its mean."""


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
    """The same with what p-values of fair bits depart from uniform ones at this length; None below 55 sequences."""

    binomial: float
    """Probability of so many rejections or more, each of probability 0.01 or what fair bits have at this length."""

    smallest: float
    """Probability that the smallest of so many p-values is as small as here."""

    too_good: float
    """Probability of p-values as near 1 as here; reported, not deciding."""


class Tally:
    """What the verdict needs of the p-values of one test and label, in memory that does not grow with their number."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._count = 0
        self._rejected = 0
        self._near_one = 0
        self._bins = np.zeros(10, np.int64)
        self._least, self._greatest = 1.0, 0.0
        self._shortest = 0
        self._waiting: list[float] = []

    def add(self, p: float, bits: int) -> None:
        """Count one p-value of a sequence of so many bits."""
        self._waiting.append(p)
        if bits != self._shortest:
            self._shortest = min(bits, self._shortest or bits)
        if len(self._waiting) == TOGETHER:
            self._count_waiting()

    def _count_waiting(self) -> None:
        if not self._waiting:
            return
        p = np.array(self._waiting)
        self._waiting.clear()
        self._count += p.size
        self._rejected += int((p < ALPHA).sum())
        self._near_one += int((p > 1 - ALPHA).sum())
        self._bins += np.bincount(np.minimum((10 * p).astype(int), 9), minlength=10)
        self._least, self._greatest = min(self._least, float(p.min())), max(self._greatest, float(p.max()))

    def proportion(self) -> Proportion:
        """Say how they came out."""
        self._count_waiting()
        count, rejected = self._count, self._rejected
        allowed = allowance(self.name.split()[0], self._shortest)
        half = 3 * math.sqrt(ALPHA * (1 - ALPHA) / count)
        band = (max(0.0, 1 - ALPHA - half), min(1.0, 1 - ALPHA + half))
        statistic = float(((self._bins - count / 10) ** 2).sum()) / (count / 10)
        judged = count >= LEAST_FOR_UNIFORMITY
        return Proportion(
            name=self.name,
            sequences=count,
            rejected=rejected,
            band=band,
            within_band=band[0] <= 1 - rejected / count <= band[1],
            bins=tuple(self._bins.tolist()),
            uniformity=_chi_square_above(statistic, 0.0) if judged else None,
            allowed_uniformity=_chi_square_above(statistic, count * allowed.departure) if judged else None,
            binomial=_at_least(rejected, count, allowed.rate),
            smallest=-math.expm1(count * math.log1p(-self._least)) if self._least < 1 else 1.0,
            too_good=self._too_good(),
        )

    def _too_good(self) -> float:
        if self._count >= LEAST_FOR_UNIFORMITY:
            return _at_least(self._near_one, self._count, ALPHA)
        if self.name.split()[0] not in CHI_SQUARE_TESTS:
            return 1.0
        return -math.expm1(self._count * math.log(self._greatest)) if self._greatest > 0 else 1.0


def _at_least(events: int, count: int, probability: float) -> float:
    return 1.0 if events == 0 else float(bdtrc(events - 1, count, probability))


def _chi_square_above(statistic: float, excess: float) -> float:
    """Return the probability of more than `statistic` for ten bins whose probabilities make it larger by `excess`."""
    return max(0.0, 1 - float(chndtr(statistic, 9, excess))) if excess else float(gammaincc(4.5, statistic / 2))
