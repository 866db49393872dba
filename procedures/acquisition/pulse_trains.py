"""Trains of pulses at changing settings, with the state read after each."""

import logging

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.readout import StateLevels
from mtjlab.core import FitError, InputError
from mtjlab.instruments import Bench, InstrumentError
from mtjlab.procedures.acquisition.acquisition import LARGEST_BLOCK, acquisition_for

__all__ = ["PulseTrains"]

log = logging.getLogger(__name__)

LEVEL_PULSES = 200


class PulseTrains:
    """Pulse the device and tell its state after each pulse.

    Parameters
    ----------
    bench
        Bench with pulse generator and source-meter.
    bias
        Read bias [V].
    compliance
        Largest current of a read [A].
    integration
        Integration time in power line cycles.
    settle
        Time between pulse and read [s].
    """

    def __init__(self, bench: Bench, *, bias: float, compliance: float, integration: float, settle: float) -> None:
        self._bench = bench
        self._bias, self._compliance, self._integration, self._settle = bias, compliance, integration, settle
        self._acquisition = acquisition_for(bench)
        self._prepared = 0
        self._pulse = (0.0, 0.0)
        self.levels: StateLevels
        """Currents of the two states."""
        self.state = 0
        """State after the last pulse."""

    def configure(self, amplitude: float, width: float) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        meter = self._bench.source_meter
        self._set_pulse(amplitude, width)
        meter.set_bias(self._bias, self._compliance)
        meter.set_integration(self._integration)
        self._prepare(LEVEL_PULSES)

    def start(self) -> None:
        """Switch the outputs on."""
        self._bench.source_meter.switch_on()
        self._bench.pulse_generator.switch_on()

    def find_levels(self, pulses: list[tuple[float, float]]) -> None:
        """Find the currents of the two states with the first pulse that switches the device often enough.

        Parameters
        ----------
        pulses
            Amplitude [V] and width [s] of the pulses to try, in this order.

        Raises
        ------
        ValueError
            If none does; the message is a diagnosis.
        """
        seen = np.empty(0)
        for amplitude, width in pulses:
            seen = np.append(seen, self.currents(amplitude, width, LEVEL_PULSES))
            try:
                self.levels = StateLevels.fit(seen)
            except FitError as error:
                refusal = error
                continue
            self.state = int(self.levels.states(seen[-1:])[0])
            log.info(
                "currents of the states: %.6g A parallel, %.6g A antiparallel",
                self.levels.parallel,
                self.levels.antiparallel,
            )
            return
        tried = f"{pulses[0][0]:g} to {pulses[-1][0]:g} V" if len(pulses) > 1 else f"{pulses[0][0]:g} V"
        raise InputError(f"no two states were seen with pulses of {tried}: {refusal}")

    def run(self, amplitude: float, width: float, count: int) -> NDArray[np.uint8]:
        """Send pulses and return the state after each.

        Parameters
        ----------
        amplitude, width
            The pulse [V], [s].
        count
            How many.

        Returns
        -------
        ndarray of uint8
            0 (parallel) or 1 (antiparallel), shape (count,).
        """
        parts = []
        for first in range(0, count, LARGEST_BLOCK):
            part = min(LARGEST_BLOCK, count - first)
            parts.append(self.levels.states(self.currents(amplitude, width, part)))
        states: NDArray[np.uint8] = np.concatenate(parts)
        self.state = int(states[-1])
        return states

    def switched(self, amplitude: float, width: float, count: int) -> NDArray[np.bool_]:
        """Send pulses and tell of each whether it changed the state, shape (count,)."""
        before = self.state
        states = self.run(amplitude, width, count)
        return np.asarray(states != np.concatenate(([before], states[:-1])))

    def from_states(self, amplitude: float, width: float, count: int) -> NDArray[np.int_]:
        """Send pulses and count them by the state that each found, and those of them that changed it.

        Returns
        -------
        ndarray of int, shape (2, 2)
            From P and from AP: pulses, and how many switched.
        """
        before = self.state
        states = self.run(amplitude, width, count)
        found = np.concatenate(([before], states[:-1]))
        return np.array([[np.count_nonzero(found == state), np.count_nonzero((found == state) & (states != state))]
                         for state in (0, 1)])  # fmt: skip

    def reach(self, state: int, amplitude: float, width: float, most: int = 1000) -> None:
        """Pulse one at a time until the device is in a state.

        Raises
        ------
        InstrumentError
            If that many pulses do not bring it there.
        """
        for _ in range(most):
            if self.state == state:
                return
            self.run(amplitude, width, 1)
        raise InstrumentError(
            f"{most} pulses of {amplitude:g} V and {width:g} s did not bring the device into the "
            f"{'antiparallel' if state else 'parallel'} state: it is stuck, or off its operating point"
        )

    def read(self, voltage: float, count: int) -> NDArray[np.float64]:
        """Read at another bias and go back to the usual one.

        Parameters
        ----------
        voltage
            Bias [V].
        count
            Readings.

        Returns
        -------
        ndarray of float64
            Currents [A], shape (count,).
        """
        meter = self._bench.source_meter
        meter.set_bias(voltage, self._compliance)
        currents = np.array([meter.read().current for _ in range(count)])
        meter.set_bias(self._bias, self._compliance)
        self._prepared = 0  # a single reading undoes the trigger model's set-up
        return currents

    def look(self) -> int:
        """Read the state at the usual bias, without a pulse."""
        current = self._bench.source_meter.read().current
        self._prepared = 0
        self.state = int(self.levels.states(np.array([current]))[0])
        return self.state

    def currents(self, amplitude: float, width: float, count: int) -> NDArray[np.float64]:
        """Send pulses and return the current read after each [A], shape (count,), at most `LARGEST_BLOCK`."""
        self._set_pulse(amplitude, width)
        self._prepare(count)
        self._acquisition.start()
        return self._acquisition.fetch()

    def _set_pulse(self, amplitude: float, width: float) -> None:
        if (amplitude, width) != self._pulse:
            self._bench.pulse_generator.set_pulse(amplitude, width)
            self._pulse = (amplitude, width)

    def _prepare(self, count: int) -> None:
        if count != self._prepared:
            self._acquisition.prepare(count, self._settle)
            self._prepared = count
