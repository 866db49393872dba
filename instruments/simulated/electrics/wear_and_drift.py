"""What pulses do to one junction in the long run: the barrier wears out, resistance and P(switch) drift."""

from __future__ import annotations

import math

import numpy as np

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.device_parameters import Drift
from mtjlab.instruments.simulated.device.pulse import Pulse

__all__ = ["Barrier", "SlowDrift"]


class Barrier:
    """Accumulates stress until the barrier breaks; see `BarrierWear` for the law.

    Parameters
    ----------
    device
        Area and wear.
    rng
        Where the strength of this one barrier comes from.

    Notes
    -----
    Cumulative exposure (Nelson 1980): times at different voltages count as parts of their lifetimes, and the
    barrier breaks when the sum reaches the strength that was drawn for it.
    """

    def __init__(self, device: Device, rng: np.random.Generator) -> None:
        self._wear = device.wear
        self._strength: float = (float(rng.standard_exponential()) * self._wear.reference_area / device.area) ** (
            1 / self._wear.shape
        )
        self.exposure = 0.0
        """Stress so far in lifetimes of the reference area."""

    @property
    def broken(self) -> bool:
        """Whether it has broken down."""
        return self.exposure >= self._strength

    def exposure_of(self, voltage: float, duration: float) -> float:
        """Give the part of a lifetime that a time at a voltage takes.

        Parameters
        ----------
        voltage
            Voltage across the barrier [V], of either sign.
        duration
            Time [s].

        Returns
        -------
        float
            Part of the lifetime of the reference area.
        """
        over = abs(voltage) / self._wear.reference_voltage
        return float(duration * over**self._wear.exponent / self._wear.lifetime)

    def exposure_of_pulse(self, pulse: Pulse) -> float:
        """Give the part of a lifetime that a pulse takes, its edges by the power law.

        Parameters
        ----------
        pulse
            The pulse.

        Returns
        -------
        float
            Part of the lifetime of the reference area.
        """
        edges = pulse.rise + pulse.fall
        return self.exposure_of(pulse.amplitude, pulse.duration - edges + edges / (self._wear.exponent + 1))

    def endure(self, exposure: float, count: int) -> int:
        """Take the same stress again and again.

        Parameters
        ----------
        exposure
            Part of a lifetime that each takes.
        count
            How often.

        Returns
        -------
        int
            How many of them end with the barrier whole.
        """
        if self.broken:
            return 0
        left = (self._strength - self.exposure) / exposure if exposure > 0 else math.inf
        if count < left:
            self.exposure += exposure * count
            return count
        self.exposure = self._strength
        return math.ceil(left) - 1


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
