"""The verdict on many sequences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mtjlab.analysis.randomness.holm_procedure import HolmDecision, holm
from mtjlab.analysis.randomness.sp800_22.outcome import SequenceResult
from mtjlab.analysis.randomness.sp800_22.tally import Proportion, Tally
from mtjlab.core import InputError

__all__ = ["judge", "Judge", "SuiteVerdict", "LEVEL"]

LEVEL = 0.001
"""Family-wise level: the probability that good bits fail, at most."""


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
                    "allowed_uniformity": each.allowed_uniformity,
                    "binomial": each.binomial,
                    "smallest": each.smallest,
                    "too_good": each.too_good,
                }
                for each in self.proportions
            ],
        }


class Judge:
    """Takes the results of sequences one by one, keeps their tallies only, and gives the verdict on them all.

    Notes
    -----
    The family: for each test and label the exact binomial of the rejections at 0.01 and, from 55 sequences, the
    uniformity over ten bins; both allow for what the p-values of fair bits differ from uniform ones by at that length,
    which many short sequences would show. Below 55, where ten bins are too many and a binomial of one sequence says
    nothing below 0.01, the smallest p-value takes its place, as 1 - (1 - p)^s (Šidák). Holm's procedure holds the level
    whatever the dependence of the tests.
    """

    def __init__(self) -> None:
        self._tallies: dict[str, Tally] = {}
        self._tests: dict[str, bool] = {}

    def add(self, result: SequenceResult) -> None:
        """Take the result of one sequence.

        Parameters
        ----------
        result
            What the suite says of the sequence.
        """
        for outcome in result.outcomes:
            self._tests[outcome.test] = self._tests.get(outcome.test, False) or outcome.applicable
            if not outcome.applicable:
                continue
            if outcome.test not in self._tallies:
                self._tallies[outcome.test] = Tally(outcome.test, outcome.labels)
            self._tallies[outcome.test].add(outcome.p_values, result.bits)

    def verdict(self, level: float = LEVEL) -> SuiteVerdict:
        """Judge all that was taken, by one family of p-values.

        Parameters
        ----------
        level
            Family-wise level: the probability that good bits fail, at most.

        Returns
        -------
        SuiteVerdict
            What decides, and what is shown beside it.

        Raises
        ------
        ValueError
            If nothing was taken, or `level` is not between 0 and 1.
        """
        if not self._tests:
            raise InputError("no sequence to judge: give at least one")
        proportions = tuple(each for tally in self._tallies.values() for each in tally.proportions())
        family: dict[str, float] = {}
        for each in proportions:
            if each.sequences > 1:
                family[f"{each.name}: proportion"] = each.binomial
            if each.allowed_uniformity is None:
                family[f"{each.name}: smallest p"] = each.smallest
            else:
                family[f"{each.name}: uniformity"] = each.allowed_uniformity
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
