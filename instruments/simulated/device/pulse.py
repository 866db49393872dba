"""A voltage pulse as a generator makes it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core.errors import InputError

__all__ = ["Pulse"]


@dataclass(frozen=True)
class Pulse:
    """A trapezoid that starts to rise at time zero.

    Raises
    ------
    ValueError
        If a value is not finite, the width not positive, an edge negative, or the width too short for them.

    Examples
    --------
    >>> pulse = Pulse(amplitude=1.25, width=10e-9, rise=1e-9, fall=1e-9)
    >>> pulse.voltage([0.0, 0.5e-9, 5e-9]).tolist()
    [0.0, 0.625, 1.25]
    """

    amplitude: float
    """Voltage of the flat top [V]; either sign."""
    width: float
    """Width at half maximum [s]."""
    rise: float
    """Time from zero to the top [s]."""
    fall: float
    """Time from the top to zero [s]."""
    base: float = field(default=0.0, repr=False)
    """Voltage before and after [V], as the bias of a read that stays on. Not in the text of a pulse, of which the shots
    of a macrospin are hashed."""

    def __post_init__(self) -> None:
        for key in ("amplitude", "width", "rise", "fall", "base"):
            if not math.isfinite(getattr(self, key)):
                raise InputError(f"pulse {key} {getattr(self, key)} is not a finite number")
        for key in ("rise", "fall"):
            if getattr(self, key) < 0:
                raise InputError(f"pulse {key} {getattr(self, key)} s is negative: give 0 or more")
        shortest = (self.rise + self.fall) / 2
        # Half a femtosecond of slack, so that widths reckoned in floating point may equal the shortest.
        if self.width <= 0 or self.width < shortest - 5e-16:
            raise InputError(
                f"pulse width {self.width} s is too short to reach its amplitude: give at least half of rise + "
                f"fall, {shortest} s, and more than 0"
            )

    @property
    def duration(self) -> float:
        """Time from the first rise to the end of the fall [s]."""
        return self.width + (self.rise + self.fall) / 2

    def voltage(self, time: ArrayLike) -> NDArray[np.float64]:
        """Give the voltage at times since the pulse began to rise.

        Parameters
        ----------
        time
            Times [s], any shape.

        Returns
        -------
        ndarray of float64
            Voltages [V], same shape; the base outside the pulse.
        """
        corners = np.array([0.0, self.rise, self.duration - self.fall, self.duration])
        levels = np.array([self.base, self.amplitude, self.amplitude, self.base])
        at = np.asarray(time, float)
        return np.asarray(np.interp(at, np.maximum.accumulate(corners), levels, left=self.base, right=self.base))
