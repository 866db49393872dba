"""The junction for long runs: switching probabilities from a table, and memory of one state."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from mtjlab.instruments.simulated.device import Device
from mtjlab.instruments.simulated.pulse import Pulse
from mtjlab.instruments.simulated.readout import Readout
from mtjlab.instruments.simulated.state import State, as_states
from mtjlab.instruments.simulated.switching_table import SwitchingTable

__all__ = ["TabulatedJunction"]

_CHUNK = 1 << 18  # random words held at once: a megabyte, which stays in the cache


class TabulatedJunction:
    """A junction whose states form a Markov chain with the probabilities of a table.

    With unequal probabilities P_ud and P_du from the two states, neighbouring states are correlated by
    1 - P_ud - P_du.

    Parameters
    ----------
    device
        Its parameters.
    table
        Switching probabilities made from that device.
    seed
        Seed of switching and read noise; None takes fresh entropy from the system.

    Raises
    ------
    ValueError
        If the table was made from another device.
    """

    def __init__(self, device: Device, table: SwitchingTable, seed: int | None = None) -> None:
        table.require(device)
        switching, reading = np.random.SeedSequence(seed).spawn(2)
        self.device = device
        self.table = table
        self.state = State.P
        self._switching = np.random.default_rng(switching)
        self._reading = np.random.default_rng(reading)
        self._readout = Readout(device)
        self._last_pulse: Pulse | None = None
        self._last_limits = (np.uint64(0), np.uint64(0))

    def set_state(self, state: int) -> None:
        """Put it into a state; see `Junction`."""
        self.state = State(int(as_states(state)))

    def pulse_train(self, pulse: Pulse, count: int) -> NDArray[np.uint8]:
        """Apply pulses one after the other; see `Junction`."""
        if count < 0:
            raise ValueError(f"a train of {count} pulses is not possible: give 0 or more")
        from_p, from_ap = self._limits(pulse)
        states = np.empty(count, np.uint8)
        for first in range(0, count, _CHUNK):
            part = states[first : first + _CHUNK]
            words = self._switching.integers(0, 2**32, part.size, dtype=np.uint32)
            self.state = State(_walk(np.uint8(self.state), words, from_p, from_ap, part))
        return states

    def _limits(self, pulse: Pulse) -> tuple[np.uint64, np.uint64]:
        # The same pulse comes again and again, and a spline takes as long as thousands of pulses.
        if pulse != self._last_pulse:
            # A word of 32 random bits below P·2³² happens with probability P to within 2⁻³².
            from_p, from_ap = (np.uint64(round(p * 2**32)) for p in self.table.probabilities(pulse))
            self._last_pulse, self._last_limits = pulse, (from_p, from_ap)
        return self._last_limits

    def read(self, states: ArrayLike, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current once for each of a series of states; see `Junction`."""
        return self._readout.current(states, voltage, bandwidth, self._reading)


@njit(cache=True, nogil=True)
def _walk(state, words, from_p, from_ap, out):  # type: ignore[no-untyped-def]
    for i in range(words.size):
        # Both answers are found before the state is known: the loop waits for one selection a pulse only.
        hit_p, hit_ap = words[i] < from_p, words[i] >= from_ap
        state = np.uint8(hit_ap) if state else np.uint8(hit_p)
        out[i] = state
    return state
