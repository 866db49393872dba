"""The junction as the macrospin has it: every pulse is integrated."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.instruments.simulated.device import Device
from mtjlab.instruments.simulated.macrospin import Macrospin
from mtjlab.instruments.simulated.pulse import Pulse
from mtjlab.instruments.simulated.readout import Readout
from mtjlab.instruments.simulated.shot_randomness import ShotRandomness
from mtjlab.instruments.simulated.state import State, as_states

__all__ = ["MacrospinJunction"]

_CHUNK = 1 << 13


class MacrospinJunction:
    """A junction whose every pulse starts in thermal equilibrium around the state the last one left.

    The pulses of a train advance side by side: each is integrated from both states, and the chain of states
    picks from the two ends. That costs twice the steps and saves all the waiting.

    Parameters
    ----------
    device
        Its parameters.
    seed
        Seed of switching and read noise; None takes fresh entropy from the system.
    """

    def __init__(self, device: Device, seed: int | None = None) -> None:
        switching, reading = np.random.SeedSequence(seed).spawn(2)
        self.device = device
        self.state = State.P
        self._macrospin = Macrospin(device)
        self._switching = ShotRandomness(switching)
        self._reading = np.random.default_rng(reading)
        self._readout = Readout(device)

    def set_state(self, state: int) -> None:
        """Put it into a state; see `Junction`."""
        self.state = State(int(as_states(state)))

    def pulse_train(self, pulse: Pulse, count: int) -> NDArray[np.uint8]:
        """Apply pulses one after the other; see `Junction`."""
        if count < 0:
            raise ValueError(f"a train of {count} pulses is not possible: give 0 or more")
        states = np.empty(count, np.uint8)
        for first in range(0, count, _CHUNK):
            part = states[first : first + _CHUNK]
            both = np.tile(np.array([State.P, State.AP], np.uint8), part.size)
            ends = self._macrospin.switch(pulse, both, seed=self._switching).reshape(-1, 2).tolist()
            state = int(self.state)
            for i, end in enumerate(ends):
                part[i] = state = end[state]
            self.state = State(state)
        return states

    def read(self, states: ArrayLike, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current once for each of a series of states; see `Junction`."""
        return self._readout.current(states, voltage, bandwidth, self._reading)
