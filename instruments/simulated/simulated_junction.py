"""What the junctions of every fidelity have in common: surroundings, rests and reads."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.instruments.simulated.device import Device
from mtjlab.instruments.simulated.pulse import Pulse
from mtjlab.instruments.simulated.rates import Rates
from mtjlab.instruments.simulated.readout import Readout
from mtjlab.instruments.simulated.rest import Rest
from mtjlab.instruments.simulated.state import State, as_states
from mtjlab.instruments.simulated.surroundings import Surroundings

__all__ = ["SimulatedJunction"]


class SimulatedJunction(ABC):
    """A junction but for its pulses, which each fidelity adds; see `Junction` for its methods.

    Parameters
    ----------
    device
        Its parameters.
    seed
        Seed of all that happens by chance; None takes fresh entropy from the system.
    """

    def __init__(self, device: Device, seed: int | None = None) -> None:
        # A stream for each kind of chance, so that reading or resting leaves the pulses as they are.
        self._pulse_seed, reading, resting = np.random.SeedSequence(seed).spawn(3)
        self.device = device
        self.state = State.P
        self.surroundings = Surroundings()
        """What the bench adds to the device."""
        self._applied = device
        self._reading = np.random.default_rng(reading)
        self._resting = np.random.default_rng(resting)
        self._readout = Readout(device)
        self._rates = Rates(device)

    def set_state(self, state: int) -> None:
        """Put it into a state."""
        self.state = State(int(as_states(state)))

    def set_surroundings(
        self,
        *,
        in_plane_field: float = 0.0,
        perpendicular_field: float = 0.0,
        temperature: float | None = None,
    ) -> None:
        """Set the fields of the coils and the temperature of the stage."""
        surroundings = Surroundings(in_plane_field, perpendicular_field, temperature)
        if surroundings == self.surroundings:
            return
        self.surroundings = surroundings
        self._applied = surroundings.applied(self.device)
        self._readout = Readout(self._applied)
        self._rates = Rates(self._applied)

    def pulse_train(self, pulse: Pulse, count: int, rest: Rest | None = None) -> NDArray[np.uint8]:
        """Apply pulses one after the other."""
        if count < 0:
            raise ValueError(f"a train of {count} pulses is not possible: give 0 or more")
        flips = (0.0, 0.0) if rest is None else self._rates.flips(rest.duration, rest.voltage)
        states = np.empty(count, np.uint8)
        self._apply(pulse, flips, states)
        return states

    @abstractmethod
    def _apply(self, pulse: Pulse, flips: tuple[float, float], states: NDArray[np.uint8]) -> None:
        """Apply a pulse and a rest for each of `states`, fill in the state after each, and keep the last.

        `flips` are the probabilities that the rest flips the junction out of P and out of AP.
        """

    def rest(self, duration: float, voltage: float) -> State:
        """Let time pass at a dc bias."""
        rest = Rest(duration, voltage)
        flips = self._rates.flips(rest.duration, rest.voltage)
        if self._resting.random() < flips[self.state]:
            self.state = State(1 - self.state)
        return self.state

    def read(self, states: ArrayLike, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current once for each of a series of states."""
        return self._readout.current(states, voltage, bandwidth, self._reading)
