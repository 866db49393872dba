"""The pulse arm of the bias tee: pulses on their way to the junction, and those that come by themselves."""

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mtjlab.instruments.simulated.device.pulse import HoldInterval, Pulse
from mtjlab.instruments.simulated.dut_positions import DutPositions
from mtjlab.instruments.simulated.read_circuit import SMALL, ReadCircuit

__all__ = ["MOST_PULSES", "FreeRun", "Looker", "PulseDelivery"]

Looker = Callable[[Pulse, float], None]
"""Called with a pulse as it is at an oscilloscope, and the steady voltage under it [V]."""
SOURCE_RESISTANCE = 50.0
"""Output resistance of a generator [Ω]."""
MOST_PULSES = 100_000
"""Pulses that are sent for a stretch of time at most. Of more, the last ones: a device whose pulses switch it with a
probability far above 1e-5 has forgotten the earlier ones."""


@dataclasses.dataclass(frozen=True)
class FreeRun:
    """A train of pulses without end."""

    pulse: Pulse
    """Each pulse, as the generator makes it."""
    interval: float
    """Time between two triggers [s]."""
    burst: int = 1
    """Pulses at each trigger."""
    refused: Callable[[ValueError], None] = dataclasses.field(default=lambda error: None, compare=False)
    """Called where the model of the device does not cover the pulses; they end then."""

    @property
    def pause(self) -> float:
        """Mean time from pulse to pulse [s]."""
        return self.interval / self.burst

    def share_out(self, count: int, step: float) -> NDArray[np.int64]:
        """Give how many pulses have come by the end of each of `count` readings of so much time [s].

        Where they are more than `MOST_PULSES` the readings share them, one each at least.
        """
        readings = np.arange(1, count + 1)
        come = (step / self.interval * readings).astype(np.int64) * self.burst
        if come[-1] > MOST_PULSES:
            come = np.maximum((come * (MOST_PULSES / come[-1])).astype(np.int64), readings)
        return come


class PulseDelivery:
    """Takes pulses through the line and the leads to the junction, and shows them to oscilloscopes.

    Parameters
    ----------
    positions
        The junctions, of which one is connected or none.
    circuit
        The dc circuit, whose bias a pulse stands on.
    loss
        Loss between the generator and the device [dB].
    """

    def __init__(self, positions: DutPositions, circuit: ReadCircuit, loss: float) -> None:
        self._positions, self._circuit = positions, circuit
        self._transmission = 10 ** (-loss / 20)
        self._lookers: list[tuple[Looker, float, bool]] = []
        self.watch: Callable[[int, NDArray[np.uint8]], None] = lambda before, states: None
        """Called with the state before each pulse train and the states after each of its pulses."""
        self.stuck = 0
        """Pulses that a stuck junction does not follow any more."""
        self.run: FreeRun | None = None
        """Pulses that come by themselves, as long as time passes."""
        self.run_until = 0.0
        """Instant up to which they have come [s]."""

    def deliver(self, pulse: Pulse, count: int, interval: float) -> NDArray[np.uint8]:
        """Send pulses to the junction, which has the bias as well.

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
        ndarray of uint8, shape (count,)
            State after each pulse.

        Raises
        ------
        ValueError
            If the junction's model does not cover the pulse.
        """
        alone = self._show(pulse)
        junction = self._positions.junction
        if junction is None or alone:
            return self.still(count)
        before = int(junction.state)
        if self.stuck > 0:
            self.stuck -= count
            states = self.still(count)
        else:
            steady = self._circuit.at_junction()
            bias = steady[before] if isinstance(steady, tuple) else steady
            # The pulse meets the leads as the reads do; half way between the states, as on the line before them.
            height = pulse.amplitude * self._transmission
            height *= sum(self._circuit.left_by_leads(height, SOURCE_RESISTANCE)) / 2
            at_junction = dataclasses.replace(pulse, amplitude=height + bias)
            hold = HoldInterval(interval, bias) if interval > 0 else None
            states = junction.pulse_train(at_junction, count, hold)
            self._positions.lived += count * interval
        self.watch(before, states)
        return states

    def still(self, count: int) -> NDArray[np.uint8]:
        """Give the state of the junction now, `count` times over; P where none is connected."""
        junction = self._positions.junction
        return np.full(count, 0 if junction is None else junction.state, dtype=np.uint8)

    def catch_up(self, now: float) -> None:
        """Let the pulses come that have come by themselves up to an instant [s]."""
        run = self.run
        if run is not None and (count := int((now - self.run_until) / run.interval)) > 0:
            self.run_until += count * run.interval
            self._send_free(run, min(count * run.burst, MOST_PULSES), self.run_until)

    def observe(self, count: int, step: float) -> NDArray[np.float64] | None:
        """Read while pulses come by themselves.

        Parameters
        ----------
        count
            Number of readings.
        step
            Time of each [s]; it finds the state after the last pulse in it.

        Returns
        -------
        ndarray of float64, shape (count,), or None
            State of each reading; None where no pulses come.
        """
        run = self.run
        if run is None:
            return None
        come = run.share_out(count, step)
        before = self.still(1)
        states = self._send_free(run, int(come[-1]), 0.0) if come[-1] else before[:0]
        return None if states is None else np.concatenate((before, states))[come].astype(float)

    def look(self, looker: Looker, impedance: float, *, instead: bool) -> None:
        """Connect an oscilloscope [Ω] to the end of the line, or in the place of the junction."""
        self._lookers.append((looker, impedance, instead))

    def _send_free(self, run: FreeRun, count: int, until: float) -> NDArray[np.uint8] | None:
        """Deliver pulses that came by themselves; None where the model of the device does not cover them.

        The junction has lived up to an instant [s] then, even where not every pulse is sent.
        """
        lived = self._positions.lived
        try:
            states = self.deliver(run.pulse, count, run.pause)
        except ValueError as error:
            self.run = None
            run.refused(error)
            return None
        self._positions.lived = max(lived, until)
        return states

    def _show(self, pulse: Pulse) -> bool:
        """Show a pulse to the oscilloscopes; return whether one of them stands in the place of the junction."""
        circuit = self._circuit
        for looker, impedance, instead in self._lookers:
            junction = None if instead else self._positions.junction
            ends = 1 / impedance
            if junction is not None:
                current = float(circuit.currents(np.array([junction.state], np.uint8), SMALL, 0.0)[0])
                ends += current / SMALL
            share = 1 / (1 + ends * (SOURCE_RESISTANCE + circuit.leads))
            amplitude = pulse.amplitude * self._transmission * share
            looker(dataclasses.replace(pulse, amplitude=amplitude), 0.0 if instead else circuit.bias)
        return any(instead for _, _, instead in self._lookers)
