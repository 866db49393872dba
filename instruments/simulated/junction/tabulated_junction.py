"""The junction for long runs: switching probabilities from a table, and memory of one state."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.junction.pulse_conditions import PulseConditions
from mtjlab.instruments.simulated.junction.simulated_junction import SimulatedJunction
from mtjlab.instruments.simulated.junction.state_chain import StateChain
from mtjlab.instruments.simulated.junction.switching import Switching
from mtjlab.instruments.simulated.junction.switching_table import CODE_VERSION, SwitchingTable
from mtjlab.instruments.simulated.remembered import Remembered

__all__ = ["TabulatedJunction"]

log = logging.getLogger(__name__)

_REMEMBERED = 1024


class TabulatedJunction(SimulatedJunction):
    """A junction whose states form a Markov chain with the probabilities of a table.

    With unequal probabilities P_ud and P_du from the two states, neighbouring states are correlated by
    1 - P_ud - P_du.

    Parameters
    ----------
    device
        Its parameters.
    table
        Switching probabilities of that device with these effects; unless given, the table in the user's cache, which
        counts what is missing when it is needed.
    seed
        Seed of all that happens by chance; None takes fresh entropy from the system.
    effects
        Which effects act; all of them unless given.

    Raises
    ------
    ValueError
        If the table was made for another device, or for other effects.
    """

    def __init__(
        self,
        device: Device,
        table: SwitchingTable | None = None,
        seed: int | None = None,
        effects: Effects | None = None,
    ) -> None:
        super().__init__(device, seed, effects)
        self.table = SwitchingTable(device, self.effects) if table is None else table
        """Where its probabilities come from."""
        self.table.require(device, self.effects)
        self.extrapolated = False
        """Whether a pulse so far had a probability that the table extrapolates."""
        self._chain = StateChain(self._pulse_seed)
        self._made: dict[Pulse, Pulse] = {}
        self._known = Remembered[tuple[Pulse, float, float, float], Switching](_REMEMBERED)

    @property
    def attributes(self) -> dict[str, float | int | str]:
        """Which table this is, and below which probability it extrapolates, for the recording."""
        return {
            "table_fingerprint": self.table.fingerprint,
            "table_code_version": CODE_VERSION,
            "table_extrapolates_below": self.table.seen,
        }

    def _apply(self, conditions: PulseConditions, states: NDArray[np.uint8]) -> tuple[float, float]:
        if self._is_slow(conditions.pulse):
            return self._apply_slowly(conditions, states)
        # The generator rounds what was set; what drifts is the junction.
        if conditions.pulse not in self._made:
            self._made = {conditions.pulse: self.table.as_made(conditions.pulse)}
        made = replace(conditions, pulse=self._made[conditions.pulse])
        from_p, from_ap = self._switching(made.acting_pulse, made.device).probability
        switched = conditions.shifted(from_p), conditions.shifted(from_ap)
        self._chain.walk_into(states, self.state, *conditions.rested(*switched))
        return switched

    def _switching(self, pulse: Pulse, device: Device) -> Switching:
        # The same pulse comes again and again, and looking it up takes as long as thousands of pulses.
        key = (pulse, device.in_plane_field, device.stray_field, device.temperature)
        return self._known.of(key, lambda: self._look_up(pulse, device))

    def _look_up(self, pulse: Pulse, device: Device) -> Switching:
        found = self.table.switching(pulse, device)
        if any(found.extrapolates) and not self.extrapolated:
            self.extrapolated = True
            log.warning(
                "the switching table of device '%s' extrapolates: at %g V and %g s fewer than ten of the rarer "
                "outcomes were counted, so P(switch) of %.2g from P and %.2g from AP is known to about %.0e only "
                "(said once)",
                device.name,
                pulse.amplitude,
                pulse.width,
                *found.probability,
                self.table.seen,
            )
        return found
