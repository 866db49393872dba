"""The junction in three fidelities: every pulse integrated, P(switch) from a table, thermal activation alone."""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy import uint8
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.device.state import State
from mtjlab.instruments.simulated.junction.conditions import PulseConditions
from mtjlab.instruments.simulated.junction.simulated_junction import SLOW, SimulatedJunction
from mtjlab.instruments.simulated.junction.state_chain import StateChain
from mtjlab.instruments.simulated.junction.switching_table import CODE_VERSION, SwitchingTable
from mtjlab.instruments.simulated.junction.table_interpolation import Switching
from mtjlab.instruments.simulated.macrospin.integration import LONGEST
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.instruments.simulated.macrospin.shots import ShotRandomness

__all__ = ["MacrospinJunction", "RatesJunction", "TabulatedJunction", "make_junction"]

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
        # The same pulse comes again and again, and looking it up takes as long as thousands of pulses.
        self._known = lru_cache(_REMEMBERED)(self._look_up)

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
        # What acts on the device tells it apart; to hash all of its parameters would take longer than the pulse.
        return self._known(pulse, device.in_plane_field, device.stray_field, device.temperature)

    def _look_up(self, pulse: Pulse, in_plane_field: float, stray_field: float, temperature: float) -> Switching:
        acting = {"in_plane_field": in_plane_field, "stray_field": stray_field, "temperature": temperature}
        device = self.device.model_copy(update=acting)
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


class RatesJunction(SimulatedJunction):
    """A junction with the rates of `Rates` in rests and in pulses of 100 ns and more.

    For hysteresis loops, retention and millisecond pulses; rests are the same in every fidelity.

    Parameters
    ----------
    device
        Its parameters.
    seed
        Seed of all that happens by chance; None takes fresh entropy from the system.
    effects
        Which effects act; all of them unless given.

    Examples
    --------
    A field of 0.2 T, above the anisotropy field of 0.17 T, sets the state within a microsecond:

    >>> from mtjlab.instruments.simulated.device.device import Device
    >>> junction = RatesJunction(Device(), seed=1)
    >>> junction.set_surroundings(perpendicular_field=-0.2)
    >>> junction.hold(1e-6, 0.0).name
    'AP'
    """

    def _apply(self, conditions: PulseConditions, states: NDArray[uint8]) -> tuple[float, float]:
        if not self._is_slow(conditions.pulse):
            raise InputError(
                f"a pulse of {conditions.pulse.width:g} s is too short for the model 'rates': give {SLOW:g} s or more, "
                "or use the macrospin or a switching table"
            )
        return self._apply_slowly(conditions, states)


def make_junction(device: Device, nominal: Device, model: str, seed: int, effects: Effects) -> SimulatedJunction:
    """Make a junction of a fidelity.

    Parameters
    ----------
    device
        Its parameters.
    nominal
        The device whose switching table it uses, where it has one: one table serves a whole wafer, so that no position
        waits for its own.
    model
        `macrospin`, `tabulated` or `rates`.
    seed
        Seed of all that happens by chance.
    effects
        Which effects act.

    Returns
    -------
    SimulatedJunction
        The junction.
    """
    if model == "macrospin":
        return MacrospinJunction(device, seed, effects)
    if model == "rates":
        return RatesJunction(device, seed, effects)
    return TabulatedJunction(device, SwitchingTable(nominal, effects), seed, effects)
