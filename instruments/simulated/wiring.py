"""What joins the instruments of a bench: the device, the trigger lines, the bias tee, the coils and the time."""

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.bench_file import WiringSettings
from mtjlab.instruments.fault_settings import FaultSettings
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.electrics.rest import Rest
from mtjlab.instruments.simulated.junction.junction import Junction

__all__ = ["Wiring"]

Listener = Callable[[int, float], NDArray[np.uint8] | None]
SMALL = 1e-3
"""Voltage [V] at which the search for the voltage of a current begins."""


class Wiring:
    """The junctions, the trigger lines, the bias tee, the coils and one clock, shared by all instruments of a bench.

    Parameters
    ----------
    junction
        Junction that is connected while no multiplexer selects another.
    clock
        Clock of the bench.
    make_junction
        Makes the junction at another position of the multiplexer, when it is first selected.
    cables
        Section of the wiring in the bench file.
    """

    def __init__(
        self,
        junction: Junction,
        clock: Clock | None = None,
        make_junction: Callable[[int], Junction] | None = None,
        cables: WiringSettings | None = None,
    ) -> None:
        cables = cables or WiringSettings()
        self.clock = clock or Clock()
        self.bias = 0.0
        """Steady voltage at the junction [V], through the bias tee."""
        self.drive: float | None = None
        """Steady current through the junction [A], where a current source drives it."""
        self.watch: Callable[[int, NDArray[np.uint8]], None] = lambda before, states: None
        """Called with the state before each pulse train and the states after each of its pulses."""
        self._junctions = {1: junction}
        self._make_junction = make_junction
        self._selected: int | None = 1
        self._listeners: dict[int, Listener] = {}
        self._surroundings: dict[str, float] = {}
        self._loss = 10 ** (-cables.bias_tee_loss / 20)
        self._leads = cables.lead_resistance
        self._stuck = 0
        self._drift = 1.0

    @property
    def junction(self) -> Junction | None:
        """Junction that is connected now; None where the multiplexer connects none."""
        return None if self._selected is None else self._junctions[self._selected]

    @property
    def time(self) -> float:
        """Time on the clock [s]."""
        return self.clock.now

    # the multiplexer, the coils, the cryostat

    def select(self, position: int | None) -> None:
        """Connect the junction at a position of the multiplexer, from 1; None connects none."""
        if position is not None and position not in self._junctions and self._make_junction is not None:
            self._junctions[position] = self._make_junction(position)
        self._selected = position if position in self._junctions else None
        self._surround()

    def set_surroundings(self, **surroundings: float) -> None:
        """Change `in_plane_field` [T], `perpendicular_field` [T] or `temperature` [K] at the junctions."""
        changed = {**self._surroundings, **surroundings}
        if changed != self._surroundings:
            self._surroundings = changed
            self._surround()

    def _surround(self) -> None:
        junction = self.junction
        if junction is not None and self._surroundings:
            junction.set_surroundings(**self._surroundings)

    # the trigger lines

    def connect(self, line: int, listener: Listener) -> None:
        """Connect an instrument's trigger input to a line.

        Parameters
        ----------
        line
            Number of the trigger line.
        listener
            Called with a number of triggers and the time between them [s]; returns the state after each, or None
            where it ignores them.
        """
        self._listeners[line] = listener

    def trigger(self, line: int, count: int, interval: float = 0.0) -> NDArray[np.uint8]:
        """Send triggers along a line.

        Returns
        -------
        NDArray
            uint8, shape (count,): state of the device (0 parallel, 1 antiparallel) after each trigger.
        """
        listener = self._listeners.get(line)
        states = listener(count, interval) if listener else None
        return self.states(count) if states is None else states

    # the bias tee

    def pulse(self, pulse: Pulse, count: int, interval: float = 0.0) -> NDArray[np.uint8]:
        """Send pulses through the bias tee to the junction, which has the bias as well.

        Parameters
        ----------
        pulse
            Pulse as the generator makes it.
        count
            How many.
        interval
            Time between them [s].

        Returns
        -------
        NDArray
            uint8, shape (count,): state after each pulse.

        Raises
        ------
        ValueError
            If the junction's model does not cover the pulse.
        """
        junction = self.junction
        if junction is None:
            return self.states(count)
        before = int(junction.state)
        if self._stuck > 0:
            self._stuck -= count
            states = self.states(count)
        else:
            at_junction = dataclasses.replace(pulse, amplitude=pulse.amplitude * self._loss + self.bias)
            rest = Rest(interval, self.bias) if interval > 0 else None
            states = junction.pulse_train(at_junction, count, rest)
        self.watch(before, states)
        return states

    def states(self, count: int) -> NDArray[np.uint8]:
        """State of the device, undisturbed, `count` times over."""
        junction = self.junction
        return np.full(count, 0 if junction is None else junction.state, dtype=np.uint8)

    # the reading

    def currents(self, states: NDArray[np.uint8], voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current [A] at a voltage [V] once for each state, with a noise bandwidth [Hz]."""
        junction = self.junction
        if junction is None:
            return np.zeros(len(states))
        currents = junction.read(states, voltage, bandwidth) / self._drift
        # The leads are in series: I = V/(R + r) with R = V/I of the junction alone.
        return currents / (1 + self._leads * currents / voltage) if self._leads and voltage else currents

    def voltages(self, states: NDArray[np.uint8], current: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the voltage [V] at a current [A] once for each state; 9.9e37 where no junction closes the circuit."""
        junction = self.junction
        if junction is None:
            return np.full(len(states), 9.9e37)
        both = np.array([0, 1], dtype=np.uint8)
        if current == 0:
            return np.zeros(len(states))
        levels = np.empty(2)
        for state in both:
            voltage = SMALL
            for _ in range(20):  # the resistance falls slowly with the voltage: this converges like a geometric series
                voltage *= current / float(self.currents(both[state : state + 1], voltage, 0.0)[0])
            levels[state] = voltage
        resistances = levels / current
        noise = self.currents(states, SMALL, bandwidth) - self.currents(states, SMALL, 0.0)
        return levels.take(states) + noise * resistances.take(states)

    # faults

    def fail(self, fault: FaultSettings) -> None:
        """Suffer a fault of the device: it is stuck for some pulses, or its resistance makes a step."""
        if fault.kind == "stuck":
            self._stuck = fault.pulses
        elif fault.kind == "drift":
            self._drift *= 1 + fault.size
