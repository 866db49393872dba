"""The levels of a pulse in the sweep of an oscilloscope."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from mtjlab.core import FitError, InputError

__all__ = ["PulseShape"]

FEWEST = 8
"""Samples of the top at least."""
SIGNIFICANT = 6.0
"""Noises by which a pulse must stand out."""
EDGES = 0.25
"""Share of the width at each end of the top that is left out: edges, overshoot, ringing."""


@dataclasses.dataclass(frozen=True)
class PulseShape:
    """Base, top and width of one pulse."""

    base: float
    """Voltage before the pulse [V]."""
    amplitude: float
    """Voltage of the top less that of the base [V]; either sign."""
    width: float
    """Width at half the amplitude [s]."""
    noise: float
    """Standard deviation of a sample of the base [V]."""

    @classmethod
    def measure(cls, voltages: ArrayLike, interval: float, before: int) -> Self:
        """Measure the pulse of a sweep.

        Parameters
        ----------
        voltages
            Samples [V], shape (N,).
        interval
            Time between them [s].
        before
            Number of samples that come before any pulse.

        Returns
        -------
        PulseShape
            Base and top are means: of the samples before, and of the middle half of the top.

        Raises
        ------
        FitError, InputError
            If there is no pulse above the noise, it is too short for the sampling, or it does not end in the sweep.

        Examples
        --------
        >>> shape = PulseShape.measure([0.0] * 20 + [0.5] * 20 + [0.0] * 20, 1e-9, before=15)
        >>> shape.amplitude, round(shape.width, 12)
        (0.5, 2e-08)
        """
        volts = np.asarray(voltages, float)
        if not FEWEST <= before < volts.size:
            raise InputError(f"{before} of {volts.size} samples come before the pulse: give at least {FEWEST} of them")
        base, noise = float(volts[:before].mean()), float(volts[:before].std(ddof=1))
        rise = volts - base
        # One of a hundred samples is higher, and not none: noise has a highest one, too.
        above, below = np.quantile(rise, [0.99, 0.01])
        height = float(above if above > -below else below)
        if abs(height) < SIGNIFICANT * noise or height == 0:
            raise FitError(
                f"no pulse stands out of the noise of {noise:.2g} V: the largest deviation from the base is "
                f"{abs(height):.2g} V"
            )
        over = rise / height > 0.5
        first = int(over.argmax())
        ends = np.flatnonzero(~over[first:])
        if not ends.size:
            raise FitError(f"the pulse does not end within {volts.size * interval:.3g} s: look longer")
        length = int(ends[0])
        kept = rise[first + round(EDGES * length) : first + round((1 - EDGES) * length)]
        if kept.size < FEWEST:
            raise FitError(
                f"the top of the pulse has {kept.size} samples of {interval:.2g} s, {FEWEST} are needed: send a longer "
                "pulse, or sample faster"
            )
        return cls(base, float(kept.mean()), length * interval, noise)
