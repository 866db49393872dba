"""The junction as the macrospin has it: every pulse is integrated."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.state import State
from mtjlab.instruments.simulated.junction.pulse_conditions import PulseConditions
from mtjlab.instruments.simulated.junction.simulated_junction import SimulatedJunction
from mtjlab.instruments.simulated.macrospin.integration import LONGEST
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.instruments.simulated.macrospin.shots import ShotRandomness

__all__ = ["MacrospinJunction"]

_CHUNK = 1 << 13


class MacrospinJunction(SimulatedJunction):
    """A junction whose every pulse starts in thermal equilibrium around the state the last one left.

    The pulses of a train advance side by side: each is integrated from both states, and the chain of states
    picks from the two ends. That costs twice the steps and saves all the waiting. Pulses too long to integrate, above a
    microsecond, switch at the rates of the barrier.

    Parameters
    ----------
    device
        Its parameters.
    seed
        Seed of all that happens by chance; None takes fresh entropy from the system.
    effects
        Which effects act; all of them unless given.
    """

    def __init__(self, device: Device, seed: int | None = None, effects: Effects | None = None) -> None:
        super().__init__(device, seed, effects)
        self._macrospin = Macrospin(device, effects=self.effects)
        switching, flipping, shifting = self._pulse_seed.spawn(3)
        self._switching = ShotRandomness(switching)
        self._flipping, self._shifting = np.random.default_rng(flipping), np.random.default_rng(shifting)

    def _apply(self, conditions: PulseConditions, states: NDArray[np.uint8]) -> tuple[float, float]:
        if conditions.pulse.width > LONGEST:
            return self._apply_slowly(conditions, states)
        device = conditions.drifted_device
        if self._macrospin.device is not device and self._macrospin.device != device:
            self._macrospin = Macrospin(device, effects=self.effects)
        state, pulse = int(self.state), replace(conditions.pulse, base=conditions.bias)
        for first in range(0, states.size, _CHUNK):
            part = states[first : first + _CHUNK]
            both = np.tile(np.array([State.P, State.AP], np.uint8), part.size)
            ends = self._macrospin.switch(pulse, both, seed=self._switching).reshape(-1, 2)
            self._shift(ends, conditions.shift)
            if any(conditions.flips):
                # One draw a pulse, whichever state it left: only one of the two ends comes true.
                chance = self._flipping.random(part.size)[:, None]
                ends ^= chance < np.array(conditions.flips)[ends]
            for i, end in enumerate(ends.tolist()):
                part[i] = state = end[state]
        return math.nan, math.nan

    def _shift(self, ends: NDArray[np.uint8], shift: float) -> None:
        """Let a share of the pulses switch with certainty, or not at all; see `PulseConditions.shifted`."""
        if shift:
            chosen = self._shifting.random(len(ends)) < 2 * abs(shift)
            ends[chosen] = (State.AP, State.P) if shift > 0 else (State.P, State.AP)
