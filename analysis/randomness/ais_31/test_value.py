"""What one test of AIS 20/31 finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

__all__ = ["TestValue"]


@dataclass(frozen=True)
class TestValue:
    """One test: how often it was done, how often it failed, and the value farthest from what is expected."""

    __test__: ClassVar[bool] = False  # the name looks like a test to pytest

    name: str
    """As in the document, ``T0`` to ``T8``."""

    title: str
    """What it looks at."""

    done: int
    """Times it was done."""

    failed: int
    """Times its value lay outside of the bounds."""

    worst: float | None
    """Value farthest from what is expected; None where the test does not apply."""

    bounds: str
    """Bounds, in words."""

    reason: str = ""
    """Why it does not apply; empty where it does."""

    @property
    def passed(self) -> bool | None:
        """Whether it never failed; None where it does not apply."""
        return None if self.reason else self.failed == 0
