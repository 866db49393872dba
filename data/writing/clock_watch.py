"""The computer's clock, watched for being set."""

from __future__ import annotations

import time

__all__ = ["ClockWatch"]

_STEP = 1.0
"""A change of the clock [s] that is no drift."""


class ClockWatch:
    """Compare the clock with one that nobody sets."""

    def __init__(self) -> None:
        self._ahead = time.time() - time.monotonic()

    def step(self) -> str:
        """Say by how much the clock was set since the last call; nothing where it only ran."""
        before, self._ahead = self._ahead, time.time() - time.monotonic()
        step = self._ahead - before
        if abs(step) <= _STEP:
            return ""
        return f"the clock was set {'back' if step < 0 else 'forward'} by {abs(step):.3g} s"
