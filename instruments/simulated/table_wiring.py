"""What joins the instruments of a simulated bench and its device, whatever the device is."""

from __future__ import annotations

import abc
import math
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments import FaultSettings
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.read_circuit import States

__all__ = ["LinkedVoltmeter", "TableWiring"]


class LinkedVoltmeter(Protocol):
    """What a current source asks of the nanovoltmeter that it is linked to."""

    def handle(self, message: str) -> bytes | None:
        """Carry out one message that the source passes on."""

    def measure(self, count: int, gap: float = 0.0) -> NDArray[np.float64]:
        """Take readings [V], one a trigger, each after a further time [s]."""

    def noise(self, aperture: float) -> float:
        """Give the noise of its own [V] of one reading over an aperture [s]."""

    @property
    def interval(self) -> float:
        """Time of a reading [s]."""


class TableWiring(abc.ABC):
    """The steady circuit, the surroundings and the one clock, as all instruments of a bench share them.

    `Wiring` has a junction in it, `BarWiring` a bar. A reading takes two steps: `observe` lets the device live through
    it and gives what it was like, one entry a reading; `currents`, `voltages` or `driven` say what a meter shows then.

    Parameters
    ----------
    clock
        Clock of the bench.
    line_frequency
        Frequency of the mains that the instruments are plugged into [Hz].
    """

    def __init__(self, clock: Clock | None, line_frequency: float) -> None:
        self.line_frequency = line_frequency
        """Frequency of the mains [Hz]."""
        self.clock = clock or Clock()
        self.voltmeter: LinkedVoltmeter | None = None
        """The nanovoltmeter at the other end of a current source's serial line and trigger link."""

    @property
    def time(self) -> float:
        """Time on the clock [s]."""
        return self.clock.now

    @property
    @abc.abstractmethod
    def bias(self) -> float:
        """Steady voltage at the device [V]."""

    @bias.setter
    @abc.abstractmethod
    def bias(self, voltage: float) -> None: ...

    @property
    @abc.abstractmethod
    def drive(self) -> float | None:
        """Steady current through the device [A], where a current source drives it."""

    @abc.abstractmethod
    def set_drive(self, current: float | None, limit: float = math.inf) -> None:
        """Drive a current [A] through the device, up to a voltage [V]; None drives none.

        Parameters
        ----------
        current
            Current [A]; None for none.
        limit
            Largest voltage [V].
        """

    @property
    @abc.abstractmethod
    def sensed(self) -> bool:
        """Whether sense leads reach the device, which leave the leads' resistance out of the readings."""

    @sensed.setter
    @abc.abstractmethod
    def sensed(self, sensed: bool) -> None: ...

    @abc.abstractmethod
    def elapse(self) -> None:
        """Let the device live up to now, under the conditions of that time."""

    @abc.abstractmethod
    def set_surroundings(self, **surroundings: float) -> None:
        """Change `in_plane_field`, `field_y` or `perpendicular_field` [T] or `temperature` [K] at the device."""

    @abc.abstractmethod
    def follow_stage(self, temperature: Callable[[float], float]) -> None:
        """Let the device follow a stage, whose temperature [K] at an instant [s] a controller knows.

        Parameters
        ----------
        temperature
            Gives the temperature [K] at an instant of the bench's clock [s].
        """

    @abc.abstractmethod
    def trigger(self, line: int, count: int, gap: float, window: float) -> NDArray[np.float64]:
        """Send triggers along a line, each with a reading after it; see `observe`.

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
        """

    @abc.abstractmethod
    def states(self, count: int) -> States:
        """Give what the device is like now, `count` times over, without a reading.

        Parameters
        ----------
        count
            How often it is wanted.
        """

    @abc.abstractmethod
    def observe(self, count: int, gap: float, window: float) -> NDArray[np.float64]:
        """Let the device live through a series of readings, from now on.

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
            float64, shape (count,): what the device was like in each, for `currents`, `voltages` and `driven`.
        """

    @abc.abstractmethod
    def currents(self, states: States, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current [A] at a voltage [V] once for each entry of `observe`, with a noise bandwidth [Hz]."""

    @abc.abstractmethod
    def voltages(self, states: States, current: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the voltage [V] at a current [A] once for each entry; 9.9e37 where nothing closes the circuit."""

    @abc.abstractmethod
    def driven(self, states: States, bandwidth: float) -> NDArray[np.float64]:
        """Read the voltage [V] under the current that drives the device, up to its source's compliance."""

    @abc.abstractmethod
    def fail(self, fault: FaultSettings) -> None:
        """Suffer a fault of the device or its contacts.

        Parameters
        ----------
        fault
            What happens.
        """
