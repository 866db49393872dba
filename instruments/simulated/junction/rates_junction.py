"""The junction for what takes long: pulses, too, act by thermal activation alone."""

from __future__ import annotations

from numpy import uint8
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.junction.pulse_conditions import PulseConditions
from mtjlab.instruments.simulated.junction.simulated_junction import SimulatedJunction
from mtjlab.instruments.simulated.junction.state_chain import StateChain
from mtjlab.instruments.simulated.rates.rates import Rates

__all__ = ["RatesJunction"]

_SHORTEST = 100e-9
"""Pulses below this are the macrospin's: heat has no time to find the barrier, precession decides."""


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

    >>> junction = RatesJunction(Device(), seed=1)
    >>> junction.set_surroundings(perpendicular_field=-0.2)
    >>> junction.rest(1e-6, 0.0).name
    'AP'
    """

    def __init__(self, device: Device, seed: int | None = None, effects: Effects | None = None) -> None:
        super().__init__(device, seed, effects)
        self._chain = StateChain(self._pulse_seed)

    def _apply(self, conditions: PulseConditions, states: NDArray[uint8]) -> tuple[float, float]:
        pulse = conditions.acting_pulse
        if pulse.width < _SHORTEST:
            raise ValueError(
                f"a pulse of {pulse.width:g} s is too short for the model 'rates': give {_SHORTEST:g} s or more, or "
                "use the macrospin or a switching table"
            )
        from_p, from_ap = Rates(conditions.device, self.effects).flips(pulse.width, pulse.amplitude)
        switched = conditions.shifted(from_p), conditions.shifted(from_ap)
        self._chain.walk_into(states, self.state, *conditions.rested(*switched))
        return switched
