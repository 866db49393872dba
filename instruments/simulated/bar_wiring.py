"""What joins the instruments of a bench and a bar: its contacts, the coils, the cryostat and the time."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments import FaultSettings, WiringSettings
from mtjlab.instruments.simulated.bar.bar_voltages import BarVoltages
from mtjlab.instruments.simulated.bar.simulated_bar import SimulatedBar
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters
from mtjlab.instruments.simulated.read_circuit import States
from mtjlab.instruments.simulated.table_wiring import TableWiring

__all__ = ["BarWiring", "Contacts", "Sine"]

Contacts = Literal["longitudinal", "transverse"]
"""Pair of voltage contacts: along the bar or across it."""
PROBE = 1e-4
"""Current [A] by which the resistance of a bar is known that carries none."""
CHUNKS = 64
"""Stretches of a series of readings in which the bar stands still."""
AXES = ("in_plane_field", "field_y", "perpendicular_field")


class Sine(NamedTuple):
    """A sinusoidal current through the bar."""

    amplitude: float
    """Peak value [A]."""
    frequency: float
    """Frequency [Hz]."""
    reference: Literal["none", "marker", "lock_in"] = "none"
    """What a lock-in can follow it by: a phase marker at its reference input, or its own oscillator that drives it."""


class BarWiring(TableWiring):
    """The bar with contacts for the current at its ends, a pair of voltage contacts along it and one across it.

    A source-meter with two wires reads the bar with its current contacts and leads. The voltage contacts carry no
    current; nanovoltmeters and lock-ins read them by `contact_voltages` and `harmonics`.

    Parameters
    ----------
    bar
        The bar, which knows how it is contacted and how it stands between the coils.
    clock
        Clock of the bench.
    cables
        Section of the wiring in the bench file.
    line_frequency
        Frequency of the mains [Hz].
    """

    def __init__(
        self,
        bar: SimulatedBar,
        clock: Clock | None = None,
        cables: WiringSettings | None = None,
        line_frequency: float = 50.0,
    ) -> None:
        super().__init__(clock, line_frequency)
        self.bar = bar
        """The bar itself."""
        self._leads = (cables or WiringSettings()).lead_resistance
        self._bias = 0.0
        self._drive: float | None = None
        self._limit, self._sensed, self._drift = math.inf, False, 1.0
        self._fields = dict.fromkeys(AXES, 0.0)
        self._stage: Callable[[float], float] | None = None
        self._lived = 0.0
        self._sine: Sine | None = None
        self.resistance = 0.0
        """Resistance between the source's leads [Ω], as in the last reading."""
        self._look(1, 1.0)

    @property
    def bias(self) -> float:
        """Voltage of the source [V], leads included."""
        return self._bias

    @bias.setter
    def bias(self, voltage: float) -> None:
        self.elapse()
        self._bias = voltage

    @property
    def drive(self) -> float | None:
        """Steady current of the source [A], where a current source drives it."""
        return self._drive

    def set_drive(self, current: float | None, limit: float = math.inf) -> None:
        """Drive a current [A] through the bar, up to a voltage [V]; None drives none."""
        self.elapse()
        self._drive, self._limit = current, limit

    @property
    def sensed(self) -> bool:
        """Whether sense leads reach the bar, which leave contacts and leads out of the source-meter's readings."""
        return self._sensed

    @sensed.setter
    def sensed(self, sensed: bool) -> None:
        self._sensed = sensed

    @property
    def sine(self) -> Sine | None:
        """The sinusoidal current through the bar; None where there is none."""
        return self._sine

    @sine.setter
    def sine(self, sine: Sine | None) -> None:
        self.elapse()
        self._sine = sine

    # what the bar lives through

    def elapse(self) -> None:
        """Let the bar live up to now, in the field, with the current and at the temperature of that time."""
        duration = self.clock.now - self._lived
        if duration > 0:
            self._live(duration)

    def _live(self, duration: float) -> None:
        if self._stage is not None:
            self.bar.set_temperature(self._stage(self._lived + duration / 2))
        self.bar.settle(self.current, duration)
        self._lived += duration

    @property
    def current(self) -> float:
        """Steady current of the source [A], as much as its voltage limit lets through."""
        if self._drive is None:
            return self._bias / self.resistance
        return self._limited(self._drive, self._limit)

    def _limited(self, current: float, limit: float) -> float:
        largest = abs(limit / self.resistance)
        return max(-largest, min(largest, current))

    def pulse(self, current: float, width: float, limit: float = math.inf) -> None:
        """Send one rectangular pulse through the bar, now.

        Parameters
        ----------
        current
            Current of the source [A].
        width
            Width [s].
        limit
            Largest voltage of the source [V].
        """
        self.elapse()
        if width > 0:
            self.bar.pulse(self._limited(current, limit), width)

    def set_surroundings(self, **surroundings: float) -> None:
        """Change `in_plane_field`, `field_y` or `perpendicular_field` [T] or `temperature` [K] at the bar."""
        self.elapse()
        if "temperature" in surroundings:
            self.bar.set_temperature(surroundings.pop("temperature"))
        changed = {**self._fields, **surroundings}
        if changed != self._fields:
            self._fields = changed
            x, y, z = (changed[axis] for axis in AXES)
            self.bar.set_field((x, y, z))

    def follow_stage(self, temperature: Callable[[float], float]) -> None:
        """Let the bar follow a stage, whose temperature [K] at an instant [s] a controller knows."""
        self._stage = temperature

    # the readings

    def trigger(self, line: int, count: int, gap: float, window: float) -> NDArray[np.float64]:
        """Take readings; nobody listens to the triggers."""
        return self.observe(count, gap, window)

    def states(self, count: int) -> States:
        """Resistance between the source's leads [Ω], as in the last reading, `count` times over."""
        return np.full(count, self.resistance)

    def observe(self, count: int, gap: float, window: float) -> NDArray[np.float64]:
        """Let the bar live through readings of a source-meter; give the resistance that it finds in each [Ω]."""
        seen = self._series(count, gap, window)
        if self._sensed:
            return np.asarray(seen.longitudinal) * self._drift / (self.current or PROBE)
        return np.asarray(seen.two_wire) * self._drift / (self.current or PROBE) + self._leads

    def contact_voltages(self, count: int, gap: float, window: float, contacts: Contacts) -> NDArray[np.float64]:
        """Let the bar live through readings of a voltmeter at one pair of contacts; give its voltages [V].

        Parameters
        ----------
        count
            Number of readings.
        gap
            Time before each [s].
        window
            Time that each integrates over [s].
        contacts
            Pair of contacts.
        """
        if self.current == 0:
            self._live(count * (gap + window))
            seen = self.bar.voltages_many(np.zeros(count), window)
        else:
            seen = self._series(count, gap, window)
        along = np.asarray(seen.longitudinal) * self._drift
        return along if contacts == "longitudinal" else np.asarray(seen.transverse)

    def pulse_voltage(self, current: float, width: float, aperture: float, limit: float, contacts: Contacts) -> float:
        """Send one pulse and read a pair of contacts at its end.

        Parameters
        ----------
        current
            Current of the source [A].
        width
            Width of the pulse [s].
        aperture
            Time that the reading integrates over [s], the last part of the width.
        limit
            Largest voltage of the source [V].
        contacts
            Pair of contacts.
        """
        self.elapse()
        through = self._limited(current, limit)
        self.bar.settle(through, max(width - aperture, 0.0))
        seen = self.bar.voltages(through, aperture)
        return float(seen.longitudinal * self._drift if contacts == "longitudinal" else seen.transverse)

    def harmonics(self, time_constant: float, contacts: Contacts) -> tuple[float, float]:
        """Give what the sine makes at a pair of contacts: first and second harmonic, rms [V].

        The first is in phase with the current, sin(ωt); the second goes as −cos(2ωt).

        Parameters
        ----------
        time_constant
            Time constant of the filter [s].
        contacts
            Pair of contacts.
        """
        self.elapse()
        sine = self._sine or Sine(0.0, 1e3)
        seen = self.bar.harmonics(self._limited(sine.amplitude, self._limit), sine.frequency, time_constant)
        first, second = (
            each.longitudinal * self._drift if contacts == "longitudinal" else each.transverse for each in seen
        )
        return float(first), float(second)

    def _series(self, count: int, gap: float, window: float) -> BarVoltages:
        self.elapse()
        found = []
        for chunk in np.array_split(np.arange(count), min(count, CHUNKS)):
            self._live(len(chunk) * gap)
            found.append(self._look(len(chunk), window))
            self._lived += len(chunk) * window
        return BarVoltages(*(np.concatenate(columns) for columns in zip(*found, strict=True)))

    def _look(self, count: int, window: float) -> BarVoltages:
        """Read all pairs of contacts, and remember what resistance the source finds."""
        probe = (self.current if self.resistance else 0.0) or PROBE
        seen = self.bar.voltages_many(np.full(count, probe), window)
        self.resistance = float(np.mean(seen.two_wire)) * self._drift / probe + self._leads
        return seen

    def currents(self, states: States, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Give the current [A] at a voltage [V] of the source, once for each resistance."""
        return voltage / np.asarray(states, float)

    def voltages(self, states: States, current: float, bandwidth: float) -> NDArray[np.float64]:
        """Give the voltage [V] of the source at a current [A], once for each resistance."""
        if current == 0 and bandwidth > 0:
            return np.asarray(self.bar.voltages_many(np.zeros(len(states)), 1 / (2 * bandwidth)).two_wire)
        return current * np.asarray(states, float)

    def driven(self, states: States, bandwidth: float) -> NDArray[np.float64]:
        """Give the voltage [V] of the source under the current that drives the bar, up to its compliance."""
        return np.clip(self.voltages(states, self._drive or 0.0, bandwidth), -self._limit, self._limit)

    def fail(self, fault: FaultSettings) -> None:
        """Suffer a fault: a contact opens, metal bridges the bar, or its resistance makes a step."""
        self.elapse()
        if fault.kind in ("open", "short"):
            parameters = self.bar.parameters
            changed = parameters.model_dump() | {"fault": {**parameters.fault.model_dump(), "kind": fault.kind}}
            self.bar.parameters = BarParameters.model_validate(changed)
        elif fault.kind == "drift":
            self._drift *= 1 + fault.size
        self._look(1, 1.0)
