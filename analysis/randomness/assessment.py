"""How random a stream of bits is, in one verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.assessment_row import AssessmentRow
from mtjlab.analysis.randomness.autocorrelation import Autocorrelation, autocorrelation
from mtjlab.analysis.randomness.enough_bits import enough_bits
from mtjlab.analysis.randomness.frequency import frequency
from mtjlab.analysis.randomness.holm import HolmDecision, holm
from mtjlab.analysis.randomness.min_entropy import min_entropy
from mtjlab.analysis.randomness.proportion import proportion
from mtjlab.analysis.randomness.runs import runs
from mtjlab.analysis.randomness.test_result import TestResult

__all__ = ["assess", "Assessment"]

LEAST_BITS = 1000
"""Below this the p-values, which take counts as normal, are not to be trusted far out in the tail."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Tests of one stream of bits, and the verdict on them all."""

    bits: int
    """Number of bits tested."""

    frequency: TestResult
    """Are there as many ones as zeros?"""

    runs: TestResult
    """Do the bits change as often as they should?"""

    autocorrelation: Autocorrelation
    """Does a bit know the 64 before it?"""

    proportion: TestResult
    """P(1) with its 95 % interval."""

    min_entropy: TestResult
    """Min-entropy by the most common value."""

    decision: HolmDecision
    """Holm's procedure over all p-values, each lag of the autocorrelation being one."""

    @property
    def level(self) -> float:
        """Probability that perfectly random bits fail, at most."""
        return self.decision.level

    @property
    def passed(self) -> bool:
        """Whether no p-value of the family is rejected; what does not apply has no part in it."""
        return not self.decision.rejected

    @property
    def judged(self) -> tuple[TestResult, ...]:
        """Tests that have a part in the verdict where they apply."""
        return (self.frequency, self.runs, self.autocorrelation)

    @property
    def tests(self) -> dict[str, bool | None]:
        """Whether each test passed; None where it does not apply."""
        return {
            test.name: None if test.reason else self.decision.rejected.isdisjoint(test.family) for test in self.judged
        }

    @property
    def rows(self) -> tuple[AssessmentRow, ...]:
        """The table: three tests, then two estimates."""
        return tuple(
            AssessmentRow(
                test.name,
                test.reason or said,
                test.p_value,
                min((self.decision.adjusted[name] for name in test.family), default=None),
                test.verdict(self.decision.rejected),
            )
            for test, said in zip((*self.judged, self.proportion, self.min_entropy), self._said(), strict=True)
        )

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain numbers, texts, lists and dicts, ready for JSON."""
        return {
            "bits": self.bits,
            "level": self.level,
            "passed": self.passed,
            "tests": self.tests,
            "results": [
                {
                    "name": test.name,
                    "verdict": row.verdict.value,
                    "p_value": row.p_value,
                    "adjusted_p_value": row.adjusted,
                    "statistics": dict(test.statistics),
                    "interval": None if test.interval is None else list(test.interval),
                    "reason": test.reason,
                }
                for test, row in zip((*self.judged, self.proportion, self.min_entropy), self.rows, strict=True)
            ],
            "autocorrelation": {
                "coefficients": list(self.autocorrelation.coefficients),
                "p_values": list(self.autocorrelation.p_values),
                "band": [list(ends) for ends in self.autocorrelation.band],
            },
        }

    def _said(self) -> tuple[str, ...]:
        """Say what each row's test found; unused where a reason stands instead."""
        counted, changed = self.frequency.statistics, self.runs.statistics
        oddest, guessed = self.autocorrelation.statistics, self.min_entropy.statistics
        low, high = self.proportion.interval or (0.0, 1.0)
        return (
            f"{counted['ones']:,} ones, {counted['excess']:+,} against zeros",
            f"{changed['runs']:,} runs, {changed['expected']:,.0f} expected",
            f"largest at lag {oddest['lag']}: {oddest['coefficient']:+.2g}" if oddest else "",
            f"{self.proportion.statistics['proportion']:.6f}, 95 % from {low:.6f} to {high:.6f}",
            f"{guessed['min_entropy']:.6f} bits a symbol (99 % bound)",
        )


def assess(
    bits: ArrayLike, level: float = 0.01, *, symbols: ArrayLike | None = None, bits_per_symbol: int = 1
) -> Assessment:
    """Test a stream of bits and give one verdict.

    Parameters
    ----------
    bits
        One-dimensional array of 0 and 1, at least 1,000.
    level
        Family-wise level: the probability that perfectly random bits fail, at most.
    symbols
        The symbols that the bits were read as, for the min-entropy; by default the bits.
    bits_per_symbol
        Bits a symbol, 1 to 8.

    Returns
    -------
    Assessment
        The verdict, and all it rests on.

    Raises
    ------
    ValueError
        If there are fewer than 1,000 bits, `level` is not between 0 and 1, or a symbol is out of range.

    Notes
    -----
    Frequency and runs by NIST SP 800-22, autocorrelation at lags 1 to 64, all under Holm's procedure. Passing says that
    these tests see nothing at this number of bits, not that the bits are random.
    """
    checked = enough_bits(bits, LEAST_BITS, "an assessment")
    judged = frequency(checked), runs(checked), autocorrelation(checked)
    family = {name: p_value for test in judged for name, p_value in test.family.items()}
    return Assessment(
        bits=checked.size,
        frequency=judged[0],
        runs=judged[1],
        autocorrelation=judged[2],
        proportion=proportion(checked),
        min_entropy=min_entropy(checked if symbols is None else symbols, bits_per_symbol),
        decision=holm(family, level),
    )
