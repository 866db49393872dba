"""The junction for long runs: switching probabilities from a table, and memory of one state."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device import Device
from mtjlab.instruments.simulated.pulse import Pulse
from mtjlab.instruments.simulated.simulated_junction import SimulatedJunction
from mtjlab.instruments.simulated.state import State
from mtjlab.instruments.simulated.switching_table import SwitchingTable

__all__ = ["TabulatedJunction"]

_CHUNK = 1 << 18  # random words held at once: a megabyte, which stays in the cache


class TabulatedJunction(SimulatedJunction):
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
        Seed of all that happens by chance; None takes fresh entropy from the system.

    Raises
    ------
    ValueError
        If the table was made from another device.
    """

    def __init__(self, device: Device, table: SwitchingTable, seed: int | None = None) -> None:
        table.require(device)
        super().__init__(device, seed)
        self.table = table
        self._switching = np.random.default_rng(self._pulse_seed)
        self._last_pulse: Pulse | None = None
        self._last_probabilities = (0.0, 0.0)

    def _apply(self, pulse: Pulse, flips: tuple[float, float], states: NDArray[np.uint8]) -> None:
        switched = self._probabilities(pulse)
        # A flip by the pulse or by the rest, not by both, leaves the junction in the other state.
        from_p = switched[0] * (1 - flips[1]) + (1 - switched[0]) * flips[0]
        from_ap = switched[1] * (1 - flips[0]) + (1 - switched[1]) * flips[1]
        # A word of 32 random bits below P·2³² happens with probability P to within 2⁻³².
        limit_p, limit_ap = np.uint64(round(from_p * 2**32)), np.uint64(round(from_ap * 2**32))
        for first in range(0, states.size, _CHUNK):
            part = states[first : first + _CHUNK]
            words = self._switching.integers(0, 2**32, part.size, dtype=np.uint32)
            self.state = State(_walk(np.uint8(self.state), words, limit_p, limit_ap, part))

    def _probabilities(self, pulse: Pulse) -> tuple[float, float]:
        if self._applied is not self.device:
            raise ValueError(
                f"the switching table holds for the device's own fields and temperature, not for {self.surroundings}: "
                "switch the coils off, or use the macrospin"
            )
        # The same pulse comes again and again, and a spline takes as long as thousands of pulses.
        if pulse != self._last_pulse:
            self._last_pulse, self._last_probabilities = pulse, self.table.probabilities(pulse)
        return self._last_probabilities


@njit(cache=True, nogil=True)
def _walk(state, words, from_p, from_ap, out):  # type: ignore[no-untyped-def]
    for i in range(words.size):
        # Both answers are found before the state is known: the loop waits for one selection a pulse only.
        hit_p, hit_ap = words[i] < from_p, words[i] >= from_ap
        state = np.uint8(hit_ap) if state else np.uint8(hit_p)
        out[i] = state
    return state
