"""What the tests say of one sequence, and by which letter of the standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Mode", "Outcome", "SequenceResult"]


class Mode(StrEnum):
    """How a test computes its probabilities."""

    NIST = "nist"
    """What STS 2.1.2 says, its known slips included."""

    EXACT = "exact"
    """Exact class probabilities and the corrected variance of the DFT test."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """P-values of one test of one sequence, or why there are none."""

    test: str
    """Name of the test."""

    p_values: tuple[float, ...] = ()
    """P-values in the order of the standard; empty where the test does not apply."""

    labels: tuple[str, ...] = ("",)
    """What tells the p-values of one test apart: a direction, a template, a state."""

    statistics: Mapping[str, Any] = field(default_factory=dict)
    """What was computed on the way: numbers and lists of numbers."""

    reason: str = ""
    """Why the test does not apply to this sequence; empty where it does."""

    @property
    def applicable(self) -> bool:
        """Whether the test applies."""
        return not self.reason

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome ready for JSON."""
        said: dict[str, Any] = {
            "test": self.test,
            "p_values": list(self.p_values),
            "applicable": self.applicable,
            "statistics": dict(self.statistics),
        }
        return said if self.applicable else said | {"reason": self.reason}


@dataclass(frozen=True)
class SequenceResult:
    """Outcomes of the tests of one sequence."""

    mode: Mode
    """How the probabilities were computed."""

    bits: int
    """Length of the sequence."""

    outcomes: tuple[Outcome, ...]
    """One a test, in the order of the standard's names."""

    def __getitem__(self, test: str) -> Outcome:
        """Return the outcome of the test of this name."""
        for outcome in self.outcomes:
            if outcome.test == test:
                return outcome
        raise KeyError(f"{test!r}; there are {', '.join(outcome.test for outcome in self.outcomes)}")

    @property
    def p_values(self) -> dict[str, float]:
        """P-values of the tests that apply, by name of test and label."""
        return {
            f"{outcome.test} {label}".rstrip(): p
            for outcome in self.outcomes
            if outcome.applicable
            for label, p in zip(outcome.labels, outcome.p_values, strict=True)
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the outcomes ready for JSON."""
        return {"tests": [outcome.as_dict() for outcome in self.outcomes]}

    def to_frame(self) -> pd.DataFrame:
        """Return a row a p-value: test, label, p_value (NaN where not applicable), applicable, reason."""
        import pandas as pd

        rows = [
            (outcome.test, label, p, outcome.applicable, outcome.reason)
            for outcome in self.outcomes
            for label, p in (
                zip(outcome.labels, outcome.p_values, strict=True) if outcome.applicable else (("", float("nan")),)
            )
        ]
        return pd.DataFrame(rows, columns=["test", "label", "p_value", "applicable", "reason"])
