"""The junction for long runs: switching probabilities from a table, and memory of one state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.junction.pulse_conditions import PulseConditions
from mtjlab.instruments.simulated.junction.simulated_junction import SimulatedJunction
from mtjlab.instruments.simulated.junction.state_chain import StateChain
from mtjlab.instruments.simulated.junction.switching_table import SwitchingTable

__all__ = ["TabulatedJunction"]


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
    effects
        Which effects act; all of them unless given.

    Raises
    ------
    ValueError
        If the table was made from another device.
    """

    def __init__(
        self, device: Device, table: SwitchingTable, seed: int | None = None, effects: Effects | None = None
    ) -> None:
        table.require(device)
        super().__init__(device, seed, effects)
        self.table = table
        self._chain = StateChain(self._pulse_seed)
        self._last_pulse: Pulse | None = None
        self._last_probabilities = (0.0, 0.0)

    def _apply(self, conditions: PulseConditions, states: NDArray[np.uint8]) -> tuple[float, float]:
        if self._is_slow(conditions.pulse):
            return self._apply_slowly(conditions, states)
        table_p, table_ap = self._probabilities(conditions.acting_pulse)
        switched = conditions.shifted(table_p), conditions.shifted(table_ap)
        self._chain.walk_into(states, self.state, *conditions.rested(*switched))
        return switched

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
