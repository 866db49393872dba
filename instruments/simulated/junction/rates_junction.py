"""The junction for what takes long: pulses, too, act by thermal activation alone."""

from __future__ import annotations

from numpy import uint8
from numpy.typing import NDArray

from mtjlab.core.errors import InputError
from mtjlab.instruments.simulated.junction.pulse_conditions import PulseConditions
from mtjlab.instruments.simulated.junction.simulated_junction import SLOW, SimulatedJunction

__all__ = ["RatesJunction"]


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
