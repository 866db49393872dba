"""Time that a junction spends at a dc bias."""

from __future__ import annotations

import math
from dataclasses import dataclass

from mtjlab.core.errors import InputError

__all__ = ["Rest"]


@dataclass(frozen=True)
class Rest:
    """What the junction sees between two pulses.

    Raises
    ------
    ValueError
        If the duration is negative or a value not finite.

    Examples
    --------
    A read of 200 µs at 50 mV after every pulse:

    >>> Rest(duration=200e-6, voltage=0.05)
    Rest(duration=0.0002, voltage=0.05)
    """

    duration: float
    """How long [s]."""
    voltage: float = 0.0
    """Bias meanwhile [V]; positive lowers the anisotropy."""

    def __post_init__(self) -> None:
        if not 0 <= self.duration < math.inf:
            raise InputError(f"rest of {self.duration} s is not possible: give 0 s or more")
        if not math.isfinite(self.voltage):
            raise InputError(f"rest at {self.voltage} V: give a finite voltage")
