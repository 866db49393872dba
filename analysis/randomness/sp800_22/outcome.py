"""What one test of the suite says of one sequence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Outcome"]


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
