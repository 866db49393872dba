"""One junction at the instruments: set up, its levels found, its trains of pulses sent and read."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.readout import StateLevels, read_integration
from mtjlab.instruments import Bench
from mtjlab.procedures.acquisition.acquisition import acquisition_for
from mtjlab.procedures.bitstream.junction_bits import JunctionBits
from mtjlab.procedures.steering.actuators import OperatingPoint

__all__ = ["ConnectedJunction", "ReadSettings", "Train"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReadSettings:
    """How trains of pulses are read."""

    bias: float
    """Read bias [V]."""
    compliance: float
    """Largest current of a read [A]."""
    integration: float
    """Shortest integration time [power line cycles]."""
    read_error: float
    """Largest share of misread states; the integration time is raised until it holds."""
    block: int
    """Pulses a train."""
    settle: float
    """Time between a pulse and its read [s]."""


class Train(NamedTuple):
    """What the instruments gave for one train of pulses."""

    currents: NDArray[np.float64]
    """Current read after each pulse [A], shape (N,)."""
    started: float
    """When it was started [s since 1970]."""


class ConnectedJunction:
    """A junction from its connection to the instruments until another one, or a recovery, takes its place.

    Parameters
    ----------
    bench
        Bench with pulse generator and source-meter.
    junction
        The junction's side of the bitstream.
    read
        How its trains are read.
    """

    def __init__(self, bench: Bench, junction: JunctionBits, read: ReadSettings) -> None:
        self.junction = junction
        self._bench, self._read = bench, read
        self._acquisition = acquisition_for(bench)
        self._started: float | None = None  # the train under way
        self.steering_counts = [0, 0]
        """Pulses that steer since the setting was moved last, and how many of them switched."""

    def prepare(self) -> None:
        """Set pulse, bias and integration, and the trigger model; every output stays as it is.

        Raises
        ------
        LimitError
            If the bench does not allow one of them.
        """
        point, meter = self.junction.point, self._bench.source_meter
        self._bench.pulse_generator.set_pulse(point.amplitude, point.width)
        meter.set_bias(self._read.bias, self._read.compliance)
        meter.set_integration(self._cycles)
        self._acquisition.prepare(self._read.block, self._read.settle)

    def begin(self, start_at: OperatingPoint | None = None) -> None:
        """Switch the outputs on, find the levels, and begin to steer where that has not begun.

        Parameters
        ----------
        start_at
            Where a steering that begins here starts from when it has settled; None for where it has settled.

        Raises
        ------
        FitError
            If the currents do not show two states.
        InputError
            If P(switch) does not follow the actuator.
        """
        self.prepare()
        self._bench.source_meter.switch_on()
        self._bench.pulse_generator.switch_on()
        steering = self.junction.steering
        if steering is not None:
            steering.switch_on()
        self._find_levels()
        if steering is not None and not steering.ready:
            steering.begin(self._probe)
            if start_at is not None:
                steering.resume_at(start_at)

    def start(self) -> None:
        """Start a train and come back at once, where the instruments can take it by themselves."""
        self._started = time.time()
        self._acquisition.start()

    def fetch(self) -> Train:
        """Wait for the train under way; for a new one if there is none."""
        if self._started is None:
            self.start()
        started, currents = self._started, self._acquisition.fetch()
        self._started = None
        assert started is not None
        return Train(currents, started)

    @property
    def _cycles(self) -> float:
        return self.junction.cycles or self._read.integration

    def _find_levels(self) -> None:
        """Find the currents of the states, and the integration time at which they are told apart well enough."""
        while True:
            currents = self.fetch().currents
            levels, cycles = StateLevels.fit(currents), self._cycles
            wanted = read_integration(levels, cycles, self._read.read_error)
            if wanted == cycles:
                break
            log.info(
                "at %.3g power line cycles %.2g of the states are misread: %.3g are taken",
                cycles,
                levels.misclassification,
                wanted,
            )
            self.junction.cycles = wanted
            self._bench.source_meter.set_integration(wanted)
            self._acquisition.prepare(self._read.block, self._read.settle)  # a block's longest time depends on it
        self.junction.found(levels, currents)

    def _probe(self) -> tuple[int, int]:
        """Send a block that nobody gets, and count its bits and their ones."""
        raw = self.junction.take(self.fetch().currents)
        return len(raw.bits), raw.ones
