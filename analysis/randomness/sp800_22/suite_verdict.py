"""The verdict on many sequences."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scipy.special import bdtrc, gammaincc

from mtjlab.analysis.randomness.holm import HolmDecision, holm
from mtjlab.analysis.randomness.sp800_22.sequence_result import SequenceResult

__all__ = ["judge", "Judge", "SuiteVerdict", "Proportion", "LEVEL"]

LEVEL = 0.001
"""Family-wise level: the probability that good bits fail, at most."""

ALPHA = 0.01
"""Level of a single test of a single sequence."""

LEAST_FOR_UNIFORMITY = 55
"""Sequences from which the standard takes the uniformity of the p-values (4.2.2)."""

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
    """P-value of their uniformity (4.2.2); None below 55 sequences."""

    binomial: float
    """Probability of so many rejections or more, each of probability 0.01."""

    smallest: float
    """Probability that the smallest of so many p-values is as small as here."""

    too_good: float
    """Probability of p-values as near 1 as here; reported, not deciding."""


@dataclass(frozen=True, kw_only=True)
class SuiteVerdict:
    """What decides, and what is shown beside it."""

    decision: HolmDecision
    """Holm's procedure over the p-values that decide."""

    too_good: HolmDecision
    """The same over those of p-values too near 1: reported, not deciding."""

    proportions: tuple[Proportion, ...]
    """One a test and label."""

    not_applicable: tuple[str, ...]
    """Tests that apply to none of the sequences."""

    @property
    def judged(self) -> bool:
        """Whether any test applied at all."""
        return bool(self.proportions)

    @property
    def passed(self) -> bool:
        """Whether something was judged and nothing rejected."""
        return self.judged and not self.decision.rejected

    @property
    def words(self) -> str:
        """The verdict in a sentence or two."""
        if not self.judged:
            return "No test applies to these bits: no verdict. Give more bits."
        held = f"level {self.decision.level:g}, Holm over {len(self.decision.adjusted)} p-values"
        if self.passed:
            said = f"The bits pass ({held})."
        else:
            failed = sorted(self.decision.rejected, key=self.decision.adjusted.__getitem__)
            more = f" and {len(failed) - 5} more" if len(failed) > 5 else ""
            said = f"The bits FAIL ({held}): {', '.join(failed[:5])}{more}."
        if self.too_good.rejected:
            fair = sorted(self.too_good.rejected)
            more = " ..." if len(fair) > 5 else ""
            said += f" Too fair to be chance, p-values too near 1: {', '.join(fair[:5])}{more}."
        return said

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict ready for JSON."""
        return {
            "passed": self.passed,
            "words": self.words,
            "level": self.decision.level,
            "rejected": {name: self.decision.adjusted[name] for name in sorted(self.decision.rejected)},
            "too_good": {name: self.too_good.adjusted[name] for name in sorted(self.too_good.rejected)},
            "not_applicable": list(self.not_applicable),
            "proportions": [
                {
                    "name": each.name,
                    "sequences": each.sequences,
                    "rejected": each.rejected,
                    "band": list(each.band),
                    "within_band": each.within_band,
                    "bins": list(each.bins),
                    "uniformity": each.uniformity,
                    "binomial": each.binomial,
                    "smallest": each.smallest,
                    "too_good": each.too_good,
                }
                for each in self.proportions
            ],
        }


class Tally:
    """What the verdict needs of the p-values of one test and label, in memory that does not grow with their number."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._count = 0
        self._rejected = 0
        self._near_one = 0
        self._bins = [0] * 10
        self._least, self._greatest = 1.0, 0.0

    def add(self, p: float) -> None:
        """Count one p-value."""
        self._count += 1
        self._rejected += p < ALPHA
        self._near_one += p > 1 - ALPHA
        self._bins[min(int(p * 10), 9)] += 1
        self._least, self._greatest = min(self._least, p), max(self._greatest, p)

    def proportion(self) -> Proportion:
        """Say how they came out."""
        count, rejected = self._count, self._rejected
        half = 3 * math.sqrt(ALPHA * (1 - ALPHA) / count)
        band = (max(0.0, 1 - ALPHA - half), min(1.0, 1 - ALPHA + half))
        statistic = sum((each - count / 10) ** 2 for each in self._bins) / (count / 10)
        return Proportion(
            name=self.name,
            sequences=count,
            rejected=rejected,
            band=band,
            within_band=band[0] <= 1 - rejected / count <= band[1],
            bins=tuple(self._bins),
            uniformity=float(gammaincc(4.5, statistic / 2)) if count >= LEAST_FOR_UNIFORMITY else None,
            binomial=_at_least(rejected, count),
            smallest=-math.expm1(count * math.log1p(-self._least)) if self._least < 1 else 1.0,
            too_good=self._too_good(),
        )

    def _too_good(self) -> float:
        if self._count >= LEAST_FOR_UNIFORMITY:
            return _at_least(self._near_one, self._count)
        if self.name.split()[0] not in CHI_SQUARE_TESTS:
            return 1.0
        return -math.expm1(self._count * math.log(self._greatest)) if self._greatest > 0 else 1.0


class Judge:
    """Takes the results of sequences one by one, keeps their tallies only, and gives the verdict on them all.

    Notes
    -----
    The family: for each test and label the exact binomial of the rejections at 0.01 and, from 55 sequences, the
    uniformity over ten bins. Below 55, where ten bins are too many and a binomial of one sequence says nothing below
    0.01, the smallest p-value takes its place, as 1 - (1 - p)^s (Šidák). Holm's procedure holds the level whatever the
    dependence of the tests.
    """

    def __init__(self) -> None:
        self._tallies: dict[str, Tally] = {}
        self._tests: dict[str, bool] = {}

    def add(self, result: SequenceResult) -> None:
        """Take the result of one sequence."""
        for outcome in result.outcomes:
            self._tests[outcome.test] = self._tests.get(outcome.test, False) or outcome.applicable
        for name, p in result.p_values.items():
            self._tallies.setdefault(name, Tally(name)).add(p)

    def verdict(self, level: float = LEVEL) -> SuiteVerdict:
        """Judge all that was taken, by one family of p-values.

        Raises
        ------
        ValueError
            If nothing was taken, or `level` is not between 0 and 1.
        """
        if not self._tests:
            raise ValueError("no sequence to judge: give at least one")
        proportions = tuple(tally.proportion() for tally in self._tallies.values())
        family: dict[str, float] = {}
        for each in proportions:
            if each.sequences > 1:
                family[f"{each.name}: proportion"] = each.binomial
            if each.uniformity is None:
                family[f"{each.name}: smallest p"] = each.smallest
            else:
                family[f"{each.name}: uniformity"] = each.uniformity
        fair = {each.name: each.too_good for each in proportions}
        return SuiteVerdict(
            decision=holm(family, level),
            too_good=holm(fair, level),
            proportions=proportions,
            not_applicable=tuple(test for test, applied in self._tests.items() if not applied),
        )


def judge(results: Iterable[SequenceResult], level: float = LEVEL) -> SuiteVerdict:
    """Judge many sequences by one family of p-values; see `Judge`.

    Parameters
    ----------
    results
        What the suite says of each, at least one.
    level
        Family-wise level.

    Raises
    ------
    ValueError
        If there is no sequence, or `level` is not between 0 and 1.
    """
    collected = Judge()
    for result in results:
        collected.add(result)
    return collected.verdict(level)


def _at_least(events: int, count: int) -> float:
    return 1.0 if events == 0 else float(bdtrc(events - 1, count, ALPHA))
