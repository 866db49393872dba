"""The junction as the macrospin has it: every pulse is integrated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device import Device
from mtjlab.instruments.simulated.macrospin import Macrospin
from mtjlab.instruments.simulated.pulse import Pulse
from mtjlab.instruments.simulated.shot_randomness import ShotRandomness
from mtjlab.instruments.simulated.simulated_junction import SimulatedJunction
from mtjlab.instruments.simulated.state import State

__all__ = ["MacrospinJunction"]

_CHUNK = 1 << 13


class MacrospinJunction(SimulatedJunction):
    """A junction whose every pulse starts in thermal equilibrium around the state the last one left.

    The pulses of a train advance side by side: each is integrated from both states, and the chain of states
    picks from the two ends. That costs twice the steps and saves all the waiting.

    Parameters
    ----------
    device
        Its parameters.
    seed
        Seed of all that happens by chance; None takes fresh entropy from the system.
    """

    def __init__(self, device: Device, seed: int | None = None) -> None:
        super().__init__(device, seed)
        self._macrospin = Macrospin(device)
        self._switching = ShotRandomness(self._pulse_seed)

    def _apply(self, pulse: Pulse, flips: tuple[float, float], states: NDArray[np.uint8]) -> None:
        if self._macrospin.device != self._applied:
            self._macrospin = Macrospin(self._applied)
        for first in range(0, states.size, _CHUNK):
            part = states[first : first + _CHUNK]
            both = np.tile(np.array([State.P, State.AP], np.uint8), part.size)
            ends = self._macrospin.switch(pulse, both, seed=self._switching).reshape(-1, 2)
            if any(flips):
                # One draw a pulse, whichever state it left: only one of the two ends comes true.
                chance = self._resting.random(part.size)[:, None]
                ends ^= chance < np.array(flips)[ends]
            state = int(self.state)
            for i, end in enumerate(ends.tolist()):
                part[i] = state = end[state]
            self.state = State(state)
