"""What joins the instruments of a bench: the device, the trigger lines, the bias tee, the coils and the time."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments import FaultSettings, WiringSettings
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.dut_positions import DutPositions
from mtjlab.instruments.simulated.junction.junction import Junction
from mtjlab.instruments.simulated.pulse_delivery import FreeRun, Looker, PulseDelivery
from mtjlab.instruments.simulated.read_circuit import ReadCircuit, States
from mtjlab.instruments.simulated.table_wiring import TableWiring

__all__ = ["Wiring"]

BROKEN = 1e9
"""Factor on the resistance of a junction whose contact is open; its inverse is a short."""
Listener = Callable[[int, float], NDArray[np.uint8] | None]


class Wiring(TableWiring):
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
        super().__init__(clock, line_frequency)
        self._positions = DutPositions(junction, make_junction)
        self._circuit = ReadCircuit(self._positions, cables.lead_resistance)
        self._pulses = PulseDelivery(self._positions, self._circuit, cables.loss)
        self._listeners: dict[int, Listener] = {}

    @property
    def junction(self) -> Junction | None:
        """Junction that is connected now; None where the multiplexer connects none."""
        return self._positions.junction

    # the bias

    @property
    def bias(self) -> float:
        """Steady voltage at the junction [V], through the bias tee."""
        return self._circuit.bias

    @bias.setter
    def bias(self, voltage: float) -> None:
        self.elapse()
        self._circuit.bias = voltage

    @property
    def drive(self) -> float | None:
        """Steady current through the junction [A], where a current source drives it."""
        return self._circuit.drive

    def set_drive(self, current: float | None, limit: float = math.inf) -> None:
        """Drive a current [A] through the junction, up to a voltage [V]; None drives none.

        Parameters
        ----------
        current
            Current [A]; None for none.
        limit
            Largest voltage [V].
        """
        self.elapse()
        self._circuit.drive, self._circuit.drive_limit = current, limit

    @property
    def sensed(self) -> bool:
        """Whether sense leads reach the device, which leave the leads' resistance out of the readings."""
        return self._circuit.sensed

    @sensed.setter
    def sensed(self, sensed: bool) -> None:
        self._circuit.sensed = sensed

    # time: the junctions live through it only when somebody changes or looks at something

    def elapse(self) -> None:
        """Let the junctions live up to now, in the field, at the bias and at the temperature of that time.

        A train or a series of reads lives through its own time at once, ahead of the clock.
        """
        self._pulses.catch_up(self.clock.now)
        self._positions.live_until(self.clock.now, self._circuit.at_junction)

    # the multiplexer, the coils, the cryostat

    def select(self, position: int | None) -> None:
        """Connect the junction at a position of the multiplexer, from 1; None connects none.

        Parameters
        ----------
        position
            Position, from 1; None for none.
        """
        self.elapse()
        self._positions.select(position)

    def set_surroundings(self, **surroundings: float) -> None:
        """Change `in_plane_field` [T], `perpendicular_field` [T] or `temperature` [K] at the junctions."""
        self.elapse()
        self._positions.surround(**surroundings)

    def follow_stage(self, temperature: Callable[[float], float]) -> None:
        """Let the junctions follow a stage, whose temperature [K] at an instant [s] a controller knows.

        Parameters
        ----------
        temperature
            Gives the temperature [K] at an instant of the bench's clock [s].
        """
        self._positions.stage = temperature

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
        return self._pulses.deliver(pulse, count, interval)

    def run_freely(self, run: FreeRun | None) -> None:
        """Let pulses come by themselves from now on, as long as time passes; None lets none come.

        Parameters
        ----------
        run
            The pulses and their interval [s]; None for none.
        """
        if run != self._pulses.run:
            self.elapse()
            self._pulses.run, self._pulses.run_until = run, self.clock.now

    @property
    def watch(self) -> Callable[[int, NDArray[np.uint8]], None]:
        """Called with the state before each pulse train and the states after each of its pulses."""
        return self._pulses.watch

    @watch.setter
    def watch(self, watch: Callable[[int, NDArray[np.uint8]], None]) -> None:
        self._pulses.watch = watch

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
        self._pulses.look(looker, impedance, instead=instead)

    def states(self, count: int) -> NDArray[np.uint8]:
        """State of the device now, `count` times over.

        Parameters
        ----------
        count
            How often it is wanted.

        Returns
        -------
        NDArray
            The state, 0 parallel and 1 antiparallel, uint8, shape (count,).
        """
        self.elapse()
        return self._pulses.still(count)

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
        until = self._positions.lived + count * (gap + window)
        shares = self._pulses.observe(count, gap + window)
        if shares is None:
            shares = junction.observe(count, gap, window, self._circuit.at_junction())
        self._positions.lived = self._pulses.run_until = until
        return shares

    def currents(self, states: States, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current [A] at a voltage [V] once for each state, with a noise bandwidth [Hz].

        Parameters
        ----------
        states
            State of each reading: 0 parallel, 1 antiparallel, or a share of the time in between, shape (N,).
        voltage
            Voltage of the source [V].
        bandwidth
            Noise bandwidth of a reading [Hz].
        """
        return self._circuit.currents(states, voltage, bandwidth)

    def voltages(self, states: States, current: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the voltage [V] at a current [A] once for each state; 9.9e37 where no junction closes the circuit.

        Parameters
        ----------
        states
            State of each reading, as for `currents`.
        current
            Current of the source [A].
        bandwidth
            Noise bandwidth of a reading [Hz].
        """
        return self._circuit.voltages(states, current, bandwidth)

    def driven(self, states: States, bandwidth: float) -> NDArray[np.float64]:
        """Read the voltage [V] under the current that drives the junction, up to its source's compliance.

        Parameters
        ----------
        states
            State of each reading, as for `currents`.
        bandwidth
            Noise bandwidth of a reading [Hz].
        """
        return self._circuit.driven(states, bandwidth)

    # faults

    def fail(self, fault: FaultSettings) -> None:
        """Suffer a fault of the device: it is stuck for a while, its contact opens or is bridged, or it drifts.

        Parameters
        ----------
        fault
            What happens: how many pulses it is stuck for, or the relative step of its resistance.
        """
        self.elapse()
        if fault.kind == "stuck":
            self._pulses.stuck = fault.pulses
        elif fault.kind == "drift":
            self._circuit.drift *= 1 + fault.size
        elif fault.kind in ("open", "short"):
            self._circuit.drift *= BROKEN if fault.kind == "open" else 1 / BROKEN
