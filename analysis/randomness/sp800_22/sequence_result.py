"""What the suite says of one sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mtjlab.analysis.randomness.sp800_22.mode import Mode
from mtjlab.analysis.randomness.sp800_22.outcome import Outcome

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SequenceResult"]


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
