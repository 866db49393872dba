"""What one test says of the bits, and the words for how it comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

__all__ = ["TestResult", "Verdict"]


class Verdict(StrEnum):
    """How a test comes out."""

    PASSED = "passed"
    """None of its p-values is rejected."""

    FAILED = "failed"
    """At least one of its p-values is rejected."""

    NOT_APPLICABLE = "not applicable"
    """The bits do not meet what the test presupposes: neither passed nor failed."""

    REPORTED = "reported"
    """An estimate, which judges nothing."""


@dataclass(frozen=True, kw_only=True)
class TestResult:
    """Outcome of one test or estimate."""

    __test__: ClassVar[bool] = False  # the name looks like a test to pytest

    name: str
    """Name of the test, as in tables."""

    p_value: float | None = None
    """Probability that fair bits look at least so odd; None where the test does not apply or judges nothing."""

    found: str = ""
    """What it found, in words and numbers, as tables say it."""

    statistics: Mapping[str, float] = field(default_factory=dict)
    """What was computed on the way, by name."""

    interval: tuple[float, float] | None = None
    """Confidence interval of what the test estimates, where it estimates something."""

    reason: str = ""
    """Why the test does not apply to these bits; empty where it does."""

    @property
    def family(self) -> dict[str, float]:
        """P-values that this test brings to the family-wise verdict, by name."""
        return {} if self.p_value is None else {self.name: self.p_value}

    @property
    def series(self) -> dict[str, list[Any]]:
        """Lists of numbers that the JSON of an assessment has under the name of the test; most tests have none."""
        return {}

    def verdict(self, rejected: frozenset[str]) -> Verdict:
        """Say how the test came out, given the names of the rejected p-values of the whole family.

        Parameters
        ----------
        rejected
            Names of the rejected p-values of the whole family.

        Returns
        -------
        Verdict
            Passed, failed, not applicable, or reported for an estimate.
        """
        if self.reason:
            return Verdict.NOT_APPLICABLE
        if self.p_value is None:
            return Verdict.REPORTED
        return Verdict.PASSED if rejected.isdisjoint(self.family) else Verdict.FAILED
