"""The dc circuit of a bench: what biases or drives the junction, the leads, and what a meter reads."""

import math

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.dut_positions import DutPositions
from mtjlab.instruments.simulated.rates.rates import Bias

__all__ = ["SMALL", "ReadCircuit", "States"]

States = NDArray[np.uint8] | NDArray[np.float64]
"""State of each reading, or the share of it in which the device was antiparallel."""
SMALL = 1e-3
"""Voltage [V] at which the search for the voltage of a current begins."""
OVERFLOW = 9.9e37
"""Voltage [V] that a meter shows where no junction closes the circuit."""


class ReadCircuit:
    """Source, leads and junction in series, as the meter's readings follow from them.

    Parameters
    ----------
    positions
        The junctions, of which one is connected or none.
    leads
        Resistance of leads and contacts in series with the junction [Ω].
    """

    def __init__(self, positions: DutPositions, leads: float) -> None:
        self._positions = positions
        self.leads = leads
        """Resistance of leads and contacts [Ω]."""
        self.sensed = False
        """Whether sense leads reach the device, which leave the leads' resistance out of the readings."""
        self.bias = 0.0
        """Voltage of the source [V]."""
        self.drive: float | None = None
        """Current through the junction [A], where a current source drives it."""
        self.drive_limit = math.inf
        """Voltage [V] up to which it is driven."""
        self.drift = 1.0
        """Factor on the junction's resistance, which a fault changes."""

    def at_junction(self) -> Bias:
        """Give the bias at the junction [V]; where a current drives it, that in P and that in AP."""
        if self.drive is None or self._positions.junction is None:
            parallel, antiparallel = (1.0, 1.0) if self.sensed else self.left_by_leads(self.bias)
            return self.bias if parallel == antiparallel == 1 else (self.bias * parallel, self.bias * antiparallel)
        both = self.voltages(np.array([0, 1], np.uint8), self.drive, 0.0)
        parallel, antiparallel = np.clip(both, -self.drive_limit, self.drive_limit).tolist()
        return parallel, antiparallel

    def left_by_leads(self, voltage: float, others: float = 0.0) -> tuple[float, float]:
        """Give the share of a voltage [V] that the leads leave to P and to AP, with other resistances [Ω] in series."""
        junction = self._positions.junction
        if junction is None or not self.leads or not voltage:
            return 1.0, 1.0
        conductances = junction.read(np.array([0, 1], np.uint8), voltage, 0.0) / self.drift / voltage
        parallel, antiparallel = (1 / (1 + self.leads / (1 / g + others)) if g else 1.0 for g in conductances.tolist())
        return parallel, antiparallel

    def currents(self, states: States, voltage: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the current once for each state.

        Parameters
        ----------
        states
            State of each reading, or the share of it in AP; shape (count,).
        voltage
            Voltage of the source [V].
        bandwidth
            Noise bandwidth [Hz].

        Returns
        -------
        ndarray of float64, shape (count,)
            Currents [A]; zero where no junction is connected.
        """
        junction = self._positions.junction
        if junction is None:
            return np.zeros(len(states))
        currents = junction.read(states, voltage, bandwidth) / self.drift
        if self.sensed or not self.leads or not voltage:
            return currents
        # The leads are in series: I = V/(R + r) with R = V/I of the junction alone.
        return currents / (1 + self.leads * currents / voltage)

    def voltages(self, states: States, current: float, bandwidth: float) -> NDArray[np.float64]:
        """Read the voltage once for each state.

        Parameters
        ----------
        states
            State of each reading, or the share of it in AP; shape (count,).
        current
            Current of the source [A].
        bandwidth
            Noise bandwidth [Hz].

        Returns
        -------
        ndarray of float64, shape (count,)
            Voltages [V]; `OVERFLOW` where no junction closes the circuit.
        """
        if self._positions.junction is None:
            return np.full(len(states), OVERFLOW)
        if current == 0:
            return np.zeros(len(states))
        parallel, antiparallel = (self._voltage_at(current, state) for state in (0, 1))
        levels = parallel + (antiparallel - parallel) * np.asarray(states, float)
        noise = self.currents(states, SMALL, bandwidth) - self.currents(states, SMALL, 0.0)
        return levels + noise * levels / current

    def driven(self, states: States, bandwidth: float) -> NDArray[np.float64]:
        """Read the voltage [V] under the current that drives the junction, up to its source's compliance."""
        voltages = self.voltages(states, self.drive or 0.0, bandwidth)
        return np.clip(voltages, -self.drive_limit, self.drive_limit)

    def _voltage_at(self, current: float, state: int) -> float:
        voltage, states = SMALL, np.array([state], np.uint8)
        for _ in range(20):  # the resistance falls slowly with the voltage: this converges like a geometric series
            voltage *= current / float(self.currents(states, voltage, 0.0)[0])
        return voltage
