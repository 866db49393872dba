"""How random a stream of bits is, in one verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.holm_procedure import HolmDecision, holm
from mtjlab.analysis.randomness.randomness_test import (
    RANDOMNESS_TESTS,
    RandomnessTest,
    Tally,
    TestedBits,
    enough_bits,
    tallied,
)
from mtjlab.analysis.randomness.test_result import TestResult, Verdict
from mtjlab.core import Bits, InputError

__all__ = ["Assessment", "AssessmentRow", "assess", "assess_stream"]

LEAST_BITS = 1000
"""Below this the p-values, which take counts as normal, are not to be trusted far out in the tail."""


@dataclass(frozen=True)
class AssessmentRow:
    """One test or estimate."""

    test: str
    """Its name."""

    result: str
    """What it found, in words and numbers."""

    p_value: float | None
    """P-value of the test by itself."""

    adjusted: float | None
    """P-value after Holm: failed if it is at or below the level."""

    verdict: Verdict
    """How it came out."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Tests of one stream of bits, and the verdict on them all."""

    bits: int
    """Number of bits tested."""

    results: tuple[TestResult, ...]
    """What each test and each estimate says, in the order of the table."""

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

    def __getitem__(self, name: str) -> TestResult:
        """Return what the test or estimate of this name says, such as ``P(1)``."""
        for result in self.results:
            if result.name == name:
                return result
        raise KeyError(f"{name!r}; there are {', '.join(result.name for result in self.results)}")

    @property
    def tests(self) -> dict[str, bool | None]:
        """Whether each test passed; None where it does not apply. Estimates, which judge nothing, are left out."""
        return {
            test.name: None if test.reason else self.decision.rejected.isdisjoint(test.family)
            for test in self.results
            if test.reason or test.family
        }

    @property
    def rows(self) -> tuple[AssessmentRow, ...]:
        """The table."""
        return tuple(
            AssessmentRow(
                test.name,
                test.reason or test.found,
                test.p_value,
                min((self.decision.adjusted[name] for name in test.family), default=None),
                test.verdict(self.decision.rejected),
            )
            for test in self.results
        )

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain numbers, texts, lists and dicts, ready for JSON."""
        said: dict[str, Any] = {
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
                for test, row in zip(self.results, self.rows, strict=True)
            ],
        }
        return said | {test.name: test.series for test in self.results if test.series and test.name not in said}


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
    Frequency and runs by NIST SP 800-22, alternation, longest run, autocorrelation at lags 1 to 64, drift, strongest
    line, and the tests that other packages bring (`RandomnessTest`), all under Holm's procedure. Passing says that
    these tests see nothing at this number of bits, not that the bits are random.
    """
    checked = enough_bits(bits, LEAST_BITS, "an assessment")
    tested = TestedBits(checked, symbols, bits_per_symbol)
    results = tuple(test.result(tested) for test in _tests())
    return Assessment(bits=checked.size, results=results, decision=holm(_family(results), level))


def assess_stream(parts: Iterable[Bits], level: float = 0.01, *, bits_per_symbol: int = 1) -> Assessment:
    """Test bits that pass by, of any number, at flat memory, and give one verdict.

    Parameters
    ----------
    parts
        The bits in order, cut anyhow; a million at a time are fast.
    level
        Family-wise level: the probability that perfectly random bits fail, at most.
    bits_per_symbol
        Bits a symbol, 1 to 8, for the min-entropy.

    Returns
    -------
    Assessment
        That of `assess` on all bits together, however they are cut. A test of another package that needs all bits at
        once does not apply.

    Raises
    ------
    ValueError
        If there are fewer than 1,000 bits, `level` is not between 0 and 1, or there are no such symbols.
    """
    if not 1 <= bits_per_symbol <= 8:
        raise InputError(f"bits per symbol = {bits_per_symbol}: expected 1 to 8", argument="bits_per_symbol")
    tests = _tests()
    tallies = {test.name: test.tally(bits_per_symbol) for test in tests if test.tally}
    count = 0
    for part in parts:
        bits = part.unpacked()
        count += bits.size
        for tally in tallies.values():
            tallied(tally, bits)
    if count < LEAST_BITS:
        raise InputError(f"an assessment needs at least {LEAST_BITS:,} bits and got {count:,}: give more bits")
    results = tuple(_streamed(test, tallies.get(test.name), count) for test in tests)
    return Assessment(bits=count, results=results, decision=holm(_family(results), level))


def _tests() -> list[RandomnessTest]:
    return sorted(RANDOMNESS_TESTS.all().values(), key=lambda test: (test.place, test.name))


def _streamed(test: RandomnessTest, tally: Tally | None, count: int) -> TestResult:
    if tally is None:
        return TestResult(name=test.name, reason="it needs all bits at once, and these were read part by part")
    return test.too_few(count) or tally.result()


def _family(results: Iterable[TestResult]) -> dict[str, float]:
    """Return all p-values by name.

    Raises
    ------
    InputError
        If two tests bring p-values of one name, of which one would be lost.
    """
    family: dict[str, float] = {}
    for result in results:
        own = result.family
        twice = family.keys() & own.keys()
        if twice:
            raise InputError(f"two randomness tests bring the p-value {min(twice)!r}: remove one of their packages")
        family |= own
    return family
