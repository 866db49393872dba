"""What was counted on the macrospin at one pulse: how often it switched, and where the layer pointed afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.instruments.simulated.macrospin.shots import ShotRandomness

__all__ = ["LEVELS", "UNKNOWN", "SwitchingNode"]

LEVELS = np.array([0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.997, 1.0])
"""Cumulative probabilities at which the distribution of the tilt is kept."""
UNKNOWN = 65535
"""Stands in place of a tilt that too few shots had."""
SCALE = 65534.0
"""A tilt 1 - |cosθ| is kept as this times it."""
_ENOUGH = 64
_CHUNK = 1 << 14  # shots held in memory at once
_SEED = 2026


@dataclass(frozen=True, eq=False)
class SwitchingNode:
    """Counts at one pulse, from both states."""

    shots: int
    """Pulses from each state."""
    switched: NDArray[np.int32]
    """How many of them switched, from P and from AP, shape (2,)."""
    tilts: NDArray[np.uint16]
    """Quantiles of 1 - |cosθ| at the look, times `SCALE`, shape (state before, state after, `LEVELS`)."""
    smoothed: NDArray[np.float32] | None = None
    """P(switch) from P and from AP with what the points around it tell, and their standard errors, shape (2, 2); None
    where only this point's own count is known."""

    @classmethod
    def count(cls, macrospin: Macrospin, pulse: Pulse, shots: int) -> SwitchingNode:
        """Count on the macrospin.

        Parameters
        ----------
        macrospin
            The device in its surroundings.
        pulse
            The pulse.
        shots
            Pulses from each state.

        Returns
        -------
        SwitchingNode
            The same for the same arguments: the seed is part of the table.
        """
        randomness = ShotRandomness(_SEED)
        before = np.arange(2 * shots, dtype=np.uint8) % 2
        cosines = np.concatenate(
            [
                macrospin.pulsed(pulse, before[first : first + _CHUNK], seed=randomness)[:, 2]
                for first in range(0, before.size, _CHUNK)
            ]
        )
        after = (cosines < 0).astype(np.uint8)
        switched = [np.count_nonzero(after[before == state] != state) for state in (0, 1)]
        tilt = 1 - np.minimum(np.abs(cosines.astype(float)), 1.0)
        tilts = [[_quantiles(tilt[(before == a) & (after == b)]) for b in (0, 1)] for a in (0, 1)]
        return cls(shots, np.array(switched, np.int32), np.array(tilts, np.uint16))


def _quantiles(tilts: NDArray[np.float64]) -> NDArray[np.uint16]:
    if tilts.size < _ENOUGH:
        return np.full(LEVELS.size, UNKNOWN, np.uint16)
    return np.asarray(np.rint(SCALE * np.quantile(tilts, LEVELS)), np.uint16)
