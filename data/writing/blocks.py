"""Blocks of bits as a procedure hands them over, with what they were made with."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

__all__ = ["Blocks"]


@dataclass(frozen=True)
class Blocks:
    """One block of bits, or several.

    `start`, `amplitude`, `width`, `field` and `alarms` are each a number, or an array with one number a block.

    Examples
    --------
    >>> Blocks([1, 0, 0, 1, 1], counts=[2, 3], amplitude=1.25, width=[10e-9, 11e-9]).counts
    [2, 3]
    """

    bits: ArrayLike | None = None
    """Zeros and ones, one-dimensional; None for none. The number need not be a multiple of eight."""
    counts: Sequence[int] | None = None
    """Bits in each block; they add up to the number of `bits`. None where all are one block."""
    resistance: ArrayLike | None = None
    """Resistance read with each bit [Ω], where the recording keeps it."""
    start: ArrayLike | None = None
    """Unix time at which the block began [s]; None for the time at which it is written."""
    amplitude: ArrayLike = math.nan
    """Pulse amplitude [V]."""
    width: ArrayLike = math.nan
    """Pulse width [s]."""
    field: ArrayLike = math.nan
    """Magnetic field [T]."""
    alarms: ArrayLike = 0
    """Alarms of the health tests during the block."""

    def values(self, now: float) -> Mapping[str, ArrayLike]:
        """Give the fields of the blocks' rows, by name, with the time now [s since 1970].

        Parameters
        ----------
        now
            Time now [s since 1970].
        """
        return {
            "start": now if self.start is None else self.start,
            "amplitude": self.amplitude,
            "width": self.width,
            "field": self.field,
            "alarms": self.alarms,
        }
