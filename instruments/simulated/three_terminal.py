"""A tunnel junction on a bar: written by a current through the bar, read through a third terminal."""

from __future__ import annotations

import math
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.bar.bar_macrospin import BarMacrospin
from mtjlab.instruments.simulated.bar.bar_voltages import resistance_at, temperature_rise
from mtjlab.instruments.simulated.bar.landscape import Field, Landscape
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.device_parameters import SelfHeating, SpinTorque, ThermalScaling
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.junction.conditions import PulseConditions, Surroundings
from mtjlab.instruments.simulated.junction.simulated_junction import SimulatedJunction
from mtjlab.instruments.simulated.junction.state_chain import StateChain
from mtjlab.instruments.simulated.rates.rates import Rates

__all__ = ["ThreeTerminalJunction", "read_device"]

LONGEST = 1e-6
"""Longest write pulse [s]."""
_SOURCE_RESISTANCE = 50.0  # of the generator, Ω
_REST = 10e-9
_STEP = 4e-12
_SMALLEST = 1e-6  # A, and the ratio of one current that is counted to the next
_RATIO = 1.03
_UNKNOWN = 1e6  # K, a Bloch temperature at which nothing follows the temperature


def read_device(bar: BarParameters) -> Device:
    """Give the junction that is read, as a junction's device: its barrier, and a free layer as stable as the bar's.

    Parameters
    ----------
    bar
        A bar with a junction on it.

    Returns
    -------
    Device
        Its easy axis stands for the bar's. No voltage acts on it and no read heats it.

    Raises
    ------
    ValueError
        If there is no junction on the bar.
    """
    if bar.junction is None:
        raise InputError(f"bar '{bar.name}' has no junction on it: give its device file a section [junction]")
    area = math.pi * bar.junction.diameter**2 / 4
    return Device(
        name=bar.name,
        saturation_magnetisation=bar.saturation_magnetisation,
        thickness=bar.activation_volume / area,
        diameter=bar.junction.diameter,
        damping=bar.damping,
        temperature=bar.temperature,
        anisotropy_energy=bar.saturation_magnetisation * bar.anisotropy_field / 2,
        vcma_coefficient=0.0,
        in_plane_field=0.0,
        resistance_area=bar.junction.resistance_area,
        tmr=bar.junction.tmr,
        thermal=ThermalScaling(bloch_temperature=_UNKNOWN),
        torque=SpinTorque(efficiency=0.0),
        heating=SelfHeating(thermal_resistance=0.0),
    )


class ThreeTerminalJunction(SimulatedJunction):
    """A junction whose pulses flow through the bar below it; see `Junction` for its methods.

    A pulse of amplitude V at the generator drives V/(R + 50 Ω) through the bar, R its two-wire resistance; the read's
    bias does not. Edges count to half of their height. P(switch) of a pulse from each state is counted by macrospins in
    heat, once for each of a row of currents, and the states are drawn with what lies between them on a straight line.
    512 macrospins know P to 0.02, and to nothing where the pulse takes the memory away.

    Parameters
    ----------
    bar
        The bar, with a section `[junction]`.
    seed
        Seed of all that happens by chance; None takes fresh entropy from the system.
    effects
        Which effects act on the readings, and whether `drift` moves the pulses; all of them unless given.
    shots
        Macrospins from each state by which P(switch) of a pulse is counted.

    Raises
    ------
    ValueError
        If there is no junction on the bar.

    Examples
    --------
    >>> from mtjlab.instruments.simulated.device.device_file import load_bar
    >>> from mtjlab.instruments.simulated.device.pulse import Pulse
    >>> junction = ThreeTerminalJunction(load_bar("sot-junction"), seed=1, shots=256)
    >>> states = junction.pulse_train(Pulse(1.25, 5e-9, 1e-9, 1e-9), 10_000)
    >>> bool(0.4 < states.mean() < 0.6)
    True
    """

    def __init__(
        self, bar: BarParameters, seed: int | None = None, effects: Effects | None = None, *, shots: int = 512
    ) -> None:
        super().__init__(read_device(bar), seed, effects)
        self.bar = bar
        """The bar below the junction."""
        self._chain = StateChain(self._pulse_seed)
        self._shots = shots
        self._counted = lru_cache(4096)(self._count)

    def write_current(self, amplitude: float) -> float:
        """Give the current through the bar that a pulse drives [A].

        Parameters
        ----------
        amplitude
            Amplitude at the generator, into an open circuit [V].
        """
        bar = self.bar
        whole = resistance_at(bar, bar.temperature) + 2 * bar.contacts.contact_resistance + _SOURCE_RESISTANCE
        return bar.contacts.current_polarity * amplitude / whole

    def _meet(self, surroundings: Surroundings) -> tuple[Device, Rates]:
        """Turn the coils' fields: what lies along the bar's easy axis lies along the device's."""
        along, across = math.cos(self.bar.easy_angle), math.sin(self.bar.easy_angle)
        turned = Surroundings(
            in_plane_field=surroundings.in_plane_field * across,
            perpendicular_field=surroundings.in_plane_field * along,
            temperature=surroundings.temperature,
        )
        device = turned.applied(self.device)
        return device, Rates(device, self.effects)

    def _apply(self, conditions: PulseConditions, states: NDArray[np.uint8]) -> tuple[float, float]:
        pulse = conditions.acting_pulse
        if pulse.width > LONGEST:
            raise InputError(
                f"a pulse of {pulse.width:g} s is too long for the three-terminal junction: give at most {LONGEST:g} s"
            )
        current = self.write_current(pulse.amplitude - conditions.bias)
        field = (self.surroundings.in_plane_field, 0.0, self.surroundings.perpendicular_field)
        counted = self._between(current, pulse.width, field, round(conditions.device.temperature))
        switched = (conditions.shifted(counted[0]), conditions.shifted(counted[1]))
        self._chain.walk_into(states, int(self.state), *conditions.rested(*switched))
        return switched

    def _between(self, current: float, width: float, field: Field, temperature: float) -> tuple[float, float]:
        """Give P(switch) from P and from AP on a straight line between two counted currents."""
        place = math.log(max(abs(current), _SMALLEST) / _SMALLEST) / math.log(_RATIO)
        below = math.floor(place)
        low, high = (
            self._counted(math.copysign(_SMALLEST * _RATIO**each, current), width, field, temperature)
            for each in (below, below + 1)
        )
        share = place - below
        return low[0] + share * (high[0] - low[0]), low[1] + share * (high[1] - low[1])

    def _count(self, current: float, width: float, field: Field, temperature: float) -> tuple[float, float]:
        """Count P(switch) from P and from AP; the same numbers for the same pulse, whatever came before it."""
        seed = crc32(repr((current, width, field, temperature)).encode())
        wells = Landscape(self.bar, field, 0.0).wells
        hot = temperature + temperature_rise(self.bar, current, temperature)
        found = []
        for sign in (1, -1):
            # The same heat for both: where a pulse takes the memory away, what leaves one state keeps the other, and
            # the two probabilities add up to 1 without the error of counting.
            macrospin = BarMacrospin(self.bar, np.random.default_rng([seed, self._pulse_seed.generate_state(1)[0]]))
            start = max(range(len(wells)), key=lambda each: sign * self._along(wells[each].angle))
            m = macrospin.start(self._shots, start, field=field, temperature=temperature)
            m = macrospin.advance(m, width, current=current, field=field, temperature=hot, dt=_STEP)
            m = macrospin.advance(m, _REST, field=field, temperature=temperature, dt=_STEP)
            after = np.cos(np.arctan2(m[:, 1], m[:, 0]) - self.bar.easy_angle)
            found.append(float(np.mean(sign * after < 0)))
        # Turned by half a turn about y the two states change places; what is not then different is counted together.
        if self.bar.easy_axis_tilt == 0 and field[0] == field[2] == 0:
            found = [sum(found) / 2] * 2
        return found[0], found[1]

    def _along(self, angle: float) -> float:
        return math.cos(angle - self.bar.easy_angle)
