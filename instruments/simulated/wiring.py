"""What joins the instruments of a bench: the device, the trigger lines, the bias tee, the coils and the time."""

import dataclasses
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.bench.fault_settings import FaultSettings
from mtjlab.instruments.bench.file import WiringSettings
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.device.pulse import HoldInterval, Pulse
from mtjlab.instruments.simulated.free_run import MOST_PULSES, FreeRun
from mtjlab.instruments.simulated.junction.junction import Junction
from mtjlab.instruments.simulated.rates.rates import Bias
from mtjlab.instruments.simulated.sockets import Sockets

__all__ = ["Wiring"]

Listener = Callable[[int, float], NDArray[np.uint8] | None]
Looker = Callable[[Pulse, float], None]
States = NDArray[np.uint8] | NDArray[np.float64]
"""State of each reading, or the share of it in which the device was antiparallel."""
SOURCE_RESISTANCE = 50.0
"""Output resistance of a generator [Ω]."""
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
    line_frequency
        Frequency of the mains that the instruments are plugged into [Hz].
    """

    def __init__(
        self,
        junction: Junction,
        clock: Clock | None = None,
        make_junction: Callable[[int], Junction] | None = None,
        cables: WiringSettings | None = None,
        line_frequency: float = 50.0,
    ) -> None:
        cables = cables or WiringSettings()
        self.line_frequency = line_frequency
        """Frequency of the mains [Hz]."""
        self.clock = clock or Clock()
        self._sockets = Sockets(junction, make_junction)
        self._bias = 0.0
        self._drive: float | None = None
        self._drive_limit = math.inf
        self.watch: Callable[[int, NDArray[np.uint8]], None] = lambda before, states: None
        """Called with the state before each pulse train and the states after each of its pulses."""
        self._listeners: dict[int, Listener] = {}
        self._lookers: list[tuple[Looker, float, bool]] = []
        self._run: FreeRun | None = None
        self._run_until = 0.0
        self._loss = 10 ** (-cables.loss / 20)
        self._leads = cables.lead_resistance
        self.sensed = False
        """Whether sense leads reach the device, which leave the leads' resistance out of the readings."""
        self._stuck = 0
        self._drift = 1.0

    @property
    def junction(self) -> Junction | None:
        """Junction that is connected now; None where the multiplexer connects none."""
        return self._sockets.junction

    @property
    def time(self) -> float:
        """Time on the clock [s]."""
        return self.clock.now

    # the bias

    @property
    def bias(self) -> float:
        """Steady voltage at the junction [V], through the bias tee."""
        return self._bias

    @bias.setter
    def bias(self, voltage: float) -> None:
        self.elapse()
        self._bias = voltage

    @property
    def drive(self) -> float | None:
        """Steady current through the junction [A], where a current source drives it."""
        return self._drive

    def set_drive(self, current: float | None, limit: float = math.inf) -> None:
        """Drive a current [A] through the junction, up to a voltage [V]; None drives none."""
        self.elapse()
        self._drive, self._drive_limit = current, limit

    def _voltage(self) -> Bias:
        """Bias at the junction; where a current drives it, that in P and that in AP."""
        if self._drive is None or self.junction is None:
            parallel, antiparallel = (1.0, 1.0) if self.sensed else self._left_by_leads(self._bias)
            return self._bias if parallel == antiparallel == 1 else (self._bias * parallel, self._bias * antiparallel)
        both = self.voltages(np.array([0, 1], np.uint8), self._drive, 0.0)
        parallel, antiparallel = np.clip(both, -self._drive_limit, self._drive_limit).tolist()
        return parallel, antiparallel

    def _left_by_leads(self, voltage: float, others: float = 0.0) -> tuple[float, float]:
        """Give the share of a voltage that the leads leave to P and to AP, with other resistances [Ω] in series."""
        if self.junction is None or not self._leads or not voltage:
            return 1.0, 1.0
        conductances = self.junction.read(np.array([0, 1], np.uint8), voltage, 0.0) / self._drift / voltage
        parallel, antiparallel = (1 / (1 + self._leads / (1 / g + others)) if g else 1.0 for g in conductances.tolist())
        return parallel, antiparallel

    # time: the junctions live through it only when somebody changes or looks at something

    def elapse(self) -> None:
        """Let the junctions live up to now, in the field, at the bias and at the temperature of that time.

        A train or a series of reads lives through its own time at once, ahead of the clock.
        """
        run, now = self._run, self.clock.now
        if run is not None and (count := int((now - self._run_until) / run.interval)) > 0:
            self._run_until += count * run.interval
            self._send_free(run, min(count * run.burst, MOST_PULSES), self._run_until)
        self._sockets.live_until(self.clock.now, self._voltage)

    # the multiplexer, the coils, the cryostat

    def select(self, position: int | None) -> None:
        """Connect the junction at a position of the multiplexer, from 1; None connects none."""
        self.elapse()
        self._sockets.select(position)

    def set_surroundings(self, **surroundings: float) -> None:
        """Change `in_plane_field` [T], `perpendicular_field` [T] or `temperature` [K] at the junctions."""
        self.elapse()
        self._sockets.surround(**surroundings)

    def follow_stage(self, temperature: Callable[[float], float]) -> None:
        """Let the junctions follow a stage, whose temperature [K] at an instant [s] a controller knows."""
        self._sockets.stage = temperature

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

    def trigger(self, line: int, count: int, gap: float, window: float) -> NDArray[np.float64]:
        """Send triggers along a line, each with a reading after it.

        Parameters
        ----------
        line
            Number of the trigger line.
        count
            Number of triggers.
        gap
            Time between a trigger and its reading [s].
        window
            Time that a reading integrates over [s].

        Returns
        -------
        NDArray
            float64, shape (count,): 0 parallel, 1 antiparallel in each reading; a share where no pulse came, and the
            device flipped by itself.
        """
        self.elapse()
        listener = self._listeners.get(line)
        states = listener(count, gap + window) if listener else None
        return self.observe(count, gap, window) if states is None else states.astype(float)

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
        self.elapse()
        return self._deliver(pulse, count, interval)

    def run_freely(self, run: FreeRun | None) -> None:
        """Let pulses come by themselves from now on, as long as time passes; None lets none come."""
        if run != self._run:
            self.elapse()
            self._run, self._run_until = run, self.clock.now

    def _send_free(self, run: FreeRun, count: int, until: float) -> NDArray[np.uint8] | None:
        """Deliver pulses that came by themselves; None where the model of the device does not cover them.

        The junction has lived up to an instant [s] then, even where not every pulse is sent.
        """
        lived = self._sockets.lived
        try:
            states = self._deliver(run.pulse, count, run.pause)
        except ValueError as error:
            self._run = None
            run.refused(error)
            return None
        self._sockets.lived = max(lived, until)
        return states

    def _deliver(self, pulse: Pulse, count: int, interval: float) -> NDArray[np.uint8]:
        alone = self._show(pulse)
        junction = self.junction
        if junction is None or alone:
            return self._still(count)
        before = int(junction.state)
        if self._stuck > 0:
            self._stuck -= count
            states = self._still(count)
        else:
            steady = self._voltage()
            bias = steady[before] if isinstance(steady, tuple) else steady
            # The pulse meets the leads as the reads do; half way between the states, as on the line before them.
            height = pulse.amplitude * self._loss
            height *= sum(self._left_by_leads(height, SOURCE_RESISTANCE)) / 2
            at_junction = dataclasses.replace(pulse, amplitude=height + bias)
            hold = HoldInterval(interval, bias) if interval > 0 else None
            states = junction.pulse_train(at_junction, count, hold)
            self._sockets.lived += count * interval
        self.watch(before, states)
        return states

    def look_at_pulses(self, looker: Looker, impedance: float, *, instead: bool) -> None:
        """Connect an oscilloscope to the end of the line.

        Parameters
        ----------
        looker
            Called with the first pulse of each train, as it is there, and the steady voltage under it [V].
        impedance
            What it loads the line with [Ω].
        instead
            Whether it takes the place of the junction, which then gets no pulses.
        """
        self._lookers.append((looker, impedance, instead))

    def _show(self, pulse: Pulse) -> bool:
        """Show a pulse to the oscilloscopes; return whether one of them stands in the place of the junction."""
        for looker, impedance, instead in self._lookers:
            junction = None if instead else self.junction
            ends = 1 / impedance
            if junction is not None:
                current = float(self.currents(np.array([junction.state], np.uint8), SMALL, 0.0)[0])
                ends += current / SMALL
            share = 1 / (1 + ends * (SOURCE_RESISTANCE + self._leads))
            amplitude = pulse.amplitude * self._loss * share
            looker(dataclasses.replace(pulse, amplitude=amplitude), 0.0 if instead else self._bias)
        return any(instead for _, _, instead in self._lookers)

    def states(self, count: int) -> NDArray[np.uint8]:
        """State of the device now, `count` times over."""
        self.elapse()
        return self._still(count)

    def _still(self, count: int) -> NDArray[np.uint8]:
        junction = self.junction
        return np.full(count, 0 if junction is None else junction.state, dtype=np.uint8)

    # the reading

    def observe(self, count: int, gap: float, window: float) -> NDArray[np.float64]:
        """Let the junction live through a series of readings, from now on.

        Parameters
        ----------
        count
            Number of readings.
        gap
            Time before each [s].
        window
            Time that each integrates over [s].

        Returns
        -------
        NDArray
            float64, shape (count,): share of each reading in which the device was antiparallel.
        """
        self.elapse()
        junction = self.junction
        if junction is None:
            return np.zeros(count)
        until = self._sockets.lived + count * (gap + window)
        shares = None if self._run is None else self._observe_pulsed(self._run, count, gap + window)
        if shares is None:
            shares = junction.observe(count, gap, window, self._voltage())
        self._sockets.lived = self._run_until = until
        return shares

    def _observe_pulsed(self, run: FreeRun, count: int, step: float) -> NDArray[np.float64] | None:
        """Read while pulses come by themselves: each reading, of so much time [s], finds the state after the last."""
        come = run.share_out(count, step)
        before = self._still(1)
        states = self._send_free(run, int(come[-1]), 0.0) if come[-1] else before[:0]
        return None if states is None else np.concatenate((before, states))[come].astype(float)

    def currents(self, states: States, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current [A] at a voltage [V] once for each state, with a noise bandwidth [Hz]."""
        junction = self.junction
        if junction is None:
            return np.zeros(len(states))
        currents = junction.read(states, voltage, bandwidth) / self._drift
        if self.sensed or not self._leads or not voltage:
            return currents
        # The leads are in series: I = V/(R + r) with R = V/I of the junction alone.
        return currents / (1 + self._leads * currents / voltage)

    def voltages(self, states: States, current: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the voltage [V] at a current [A] once for each state; 9.9e37 where no junction closes the circuit."""
        if self.junction is None:
            return np.full(len(states), 9.9e37)
        if current == 0:
            return np.zeros(len(states))
        parallel, antiparallel = (self._voltage_at(current, state) for state in (0, 1))
        levels = parallel + (antiparallel - parallel) * np.asarray(states, float)
        noise = self.currents(states, SMALL, bandwidth) - self.currents(states, SMALL, 0.0)
        return levels + noise * levels / current

    def driven(self, states: States, bandwidth: float) -> NDArray[np.float64]:
        """Read the voltage [V] under the current that drives the junction, up to its source's compliance."""
        voltages = self.voltages(states, self._drive or 0.0, bandwidth)
        return np.clip(voltages, -self._drive_limit, self._drive_limit)

    def _voltage_at(self, current: float, state: int) -> float:
        voltage, states = SMALL, np.array([state], np.uint8)
        for _ in range(20):  # the resistance falls slowly with the voltage: this converges like a geometric series
            voltage *= current / float(self.currents(states, voltage, 0.0)[0])
        return voltage

    # faults

    def fail(self, fault: FaultSettings) -> None:
        """Suffer a fault of the device: it is stuck for some pulses, or its resistance makes a step."""
        self.elapse()
        if fault.kind == "stuck":
            self._stuck = fault.pulses
        elif fault.kind == "drift":
            self._drift *= 1 + fault.size
