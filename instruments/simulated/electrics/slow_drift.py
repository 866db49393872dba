"""The slow variables of one junction, moved on with the number of its pulses."""

from __future__ import annotations

import math

import numpy as np

from mtjlab.instruments.simulated.device.sections.drift import Drift

__all__ = ["SlowDrift"]


class SlowDrift:
    """Moves in steps of `drift.interval` pulses, wherever trains begin and end; see `Drift` for the laws.

    It starts from the device as its file describes it.

    Parameters
    ----------
    drift
        Sizes and rates.
    rng
        Where the wandering comes from.
    """

    def __init__(self, drift: Drift, rng: np.random.Generator) -> None:
        self._drift = drift
        self._rng = rng
        self._wander = 0.0
        self.pulses = 0
        """Pulses so far."""
        self.resistance = 0.0
        """x, the relative change of the resistance."""
        self.probability = 0.0
        """What a steady rate has added to P(switch)."""
        self.temperature = 0.0
        """Deviation of the temperature [K]."""

    @property
    def amplitude(self) -> float:
        """Factor on the amplitude of a pulse."""
        return 1 + self._drift.coupling * self.resistance

    @property
    def constant_for(self) -> int:
        """Pulses for which all this stays as it is."""
        return self._drift.interval - self.pulses % self._drift.interval

    def advance(self, count: int) -> None:
        """Let pulses pass, at most `constant_for`.

        Parameters
        ----------
        count
            How many.
        """
        drift = self._drift
        self.pulses += count
        if self.pulses % drift.interval or not count:
            return
        step = drift.interval / drift.correlation
        fresh, stepped, where = self._rng.standard_normal(), self._rng.random(), self._rng.standard_normal()
        self._wander *= math.exp(-step)
        self._wander += drift.resistance_wander * math.sqrt(-math.expm1(-2 * step)) * fresh
        self.resistance = self._wander + drift.resistance_rate * self.pulses
        self.probability = drift.probability_rate * self.pulses
        if stepped < -math.expm1(-drift.interval / drift.temperature_interval):
            self.temperature = drift.temperature_step * where
