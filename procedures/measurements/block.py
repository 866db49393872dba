"""One block of random bits on its way from the procedure to the recording."""

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["Block"]


@dataclasses.dataclass(frozen=True)
class Block:
    """Bits of one pulse train, with what they were made with."""

    bits: NDArray[np.uint8]
    """Raw bits, 0 or 1, shape (N,)."""
    currents: NDArray[np.float64]
    """Currents that were read [A], shape (N,)."""
    started: float
    """Time at which the train was started [s since 1970]."""
    amplitude: float
    """Pulse amplitude [V]."""
    width: float
    """Pulse width [s]."""
    field: float = math.nan
    """Magnetic field [T]; NaN where it is not known."""
    alarms: int = 0
    """Alarms of the health tests during the block."""
    resistances: NDArray[np.float64] | None = None
    """Resistance read with each bit [Ω], shape (N,); None where it is not kept."""

    @property
    def ones(self) -> int:
        """Number of ones."""
        return int(np.count_nonzero(self.bits))
