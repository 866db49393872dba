"""One line of the table that an assessment prints."""

from __future__ import annotations

from dataclasses import dataclass

from mtjlab.analysis.randomness.verdict import Verdict

__all__ = ["AssessmentRow"]


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
