"""How many pulses the junction stands."""

import dataclasses
import enum
import logging
import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.junction import Wear
from mtjlab.analysis.plots import endurance_plot
from mtjlab.analysis.readout import StateLevels
from mtjlab.core import FitError, Quantity
from mtjlab.instruments import ComplianceError
from mtjlab.procedures.acquisition.acquisition import LARGEST_BLOCK
from mtjlab.procedures.acquisition.pulse_trains import PulseTrains
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent, ResultEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START, reading_time
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.table_procedure import TableProcedure

__all__ = ["Endurance"]

log = logging.getLogger(__name__)

LEAST_CHECKS = 4
"""Checks that a trend needs."""


class EndReason(enum.Enum):
    """What ends the pulses."""

    ALL_DONE = "all done"
    STOPPED = "stopped"
    DRIFT = "drift"
    NO_STATES = "no states"
    BREAKDOWN = "breakdown"


@dataclasses.dataclass(frozen=True)
class Ending:
    """Why the pulses ended."""

    reason: EndReason
    """What ended them."""
    text: str
    """In words, for the log."""


class Endurance(TableProcedure):
    """Pulse in decades and look at both resistances and P(switch) in between.

    The run ends with the pulses, when the parallel resistance has drifted too far, or when the barrier breaks down,
    which is what is being looked for: then the number of pulses is in the results, and the run is finished, not failed.
    """

    pulses = CountParameter("Pulses", default=1_000_000, minimum=LARGEST_BLOCK, maximum=10**13)
    checks = CountParameter("Checks a decade", default=3, minimum=1, maximum=100)
    amplitude = LimitedParameter(
        "Pulse amplitude", limit="pulse_amplitude", units="V", default=1.25, minimum=0.05, maximum=5.0
    )
    width = LimitedParameter("Pulse width", limit="pulse_width", units="s", default=10e-9, minimum=1e-10, maximum=1.0)
    drift = FloatParameter("Largest drift of the parallel resistance", default=0.1, minimum=1e-3, maximum=10.0)
    settle = FloatParameter("Settle time", units="s", default=1e-6, minimum=0.0, maximum=999.0)
    bias = LimitedParameter("Read bias", limit="read_bias", units="V", default=0.05, minimum=-1.0, maximum=1.0)
    compliance = LimitedParameter("Compliance", limit="compliance", units="A", default=2e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=0.01, minimum=0.01, maximum=10.0)

    estimate_is_longest = True
    fits_parts = True

    DATA_COLUMNS: ClassVar[list[str]] = [
        "Pulses",
        "Parallel resistance (ohm)",
        "Antiparallel resistance (ohm)",
        "Share switched",
    ]

    done = 0
    """Pulses sent so far."""
    ending: Ending | None = None
    """Why the pulses ended; None while they are sent."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self._trains = PulseTrains(
            self.bench,
            bias=self.bias,
            compliance=self.compliance,
            integration=self.integration,
            settle=self.settle,
        )
        self._trains.configure(self.amplitude, self.width)

    def startup(self) -> None:
        """Switch the outputs on and find the currents of the two states."""
        self.configure()
        self._trains.start()
        self._trains.find_levels([(self.amplitude, self.width)])
        self._first = self._trains.levels.parallel

    def execute(self) -> None:
        """Pulse to each check point, and look."""
        if self.replaying:
            self._go_on()
        for target in self.check_points:
            if target <= self.done:
                continue
            while self.done < target and not self.ending:
                if self.should_stop():
                    self.ending = Ending(EndReason.STOPPED, "stopped")
                    self._check()  # so that the recording knows of the last pulses
                    break
                self._pulse(min(LARGEST_BLOCK, target - self.done))
                self.report(ProgressEvent(100.0 * self.done / self.pulses))
            if self.ending:
                break
            self._check()
        self.ending = self.ending or Ending(EndReason.ALL_DONE, "all pulses done")
        log.info("%s after %d pulses", self.ending.text, self.done)
        broken = self.ending.reason is EndReason.BREAKDOWN
        # What the rows do not tell: they end with the last check.
        self.report(
            ResultEvent(
                {"pulses": Quantity(float(self.done), 0.0, "1"), "broken down": Quantity(float(broken), 0.0, "1")}
            )
        )

    def fit_rows(self, task: FitTask) -> None:
        """Fit how the parallel resistance changes with the pulses, where there are checks enough.

        Parameters
        ----------
        task
            Recorded rows and bench; takes what is found.
        """
        if len(task.rows) < LEAST_CHECKS:
            log.info("%d checks tell no trend: %d are needed", len(task.rows), LEAST_CHECKS)
            return
        wear = Wear.fit(*task.rows[:, :2].T)
        task.found(
            {
                "parallel resistance, relative change a decade": wear.per_decade,
                "no change (p)": Quantity(wear.p_value, math.nan, "1"),
            }
        )

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows
            Rows as they were recorded, shape (N, columns).
        results
            What was found, by name.
        title
            Stands above the picture.
        """
        broken = "broken down" in results and bool(results["broken down"].value)
        return endurance_plot(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3], broken, title)

    @property
    def check_points(self) -> list[int]:
        """Numbers of pulses after which both states are looked at, evenly spaced in decades."""
        decades = np.log10(self.pulses / LARGEST_BLOCK)
        steps = np.arange(0, int(decades * self.checks) + 1) / self.checks
        points = np.unique(np.append(LARGEST_BLOCK * 10.0**steps, self.pulses).astype(np.int64))
        return [int(point) for point in points]

    @property
    def estimated_duration(self) -> float:
        """Longest time that a run takes [s]: settling and reading."""
        return float(START + (self.pulses + 200) * reading_time(self, self.integration, self.settle, width=self.width))

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=len(self.check_points), columns=len(self.DATA_COLUMNS))

    def _pulse(self, count: int) -> None:
        try:
            self._currents = self._trains.currents(self.amplitude, self.width, count)
        except ComplianceError as error:  # a short drives the meter into its compliance
            self.ending = Ending(EndReason.BREAKDOWN, f"breakdown ({error})")
            return
        self.done += count
        # A reading far above the parallel current is a barrier that has given way; the median rules out a glitch.
        if float(np.median(np.abs(self._currents[-25:]))) > 3 * self._first:
            self.ending = Ending(
                EndReason.BREAKDOWN, "breakdown (the current has risen above three times the parallel state's)"
            )

    def _check(self) -> None:
        try:
            levels = StateLevels.fit(self._currents)
        except FitError as error:
            self.ending = Ending(EndReason.NO_STATES, f"no two states any more: {error}")
            return
        resistances = self.bias / levels.parallel, self.bias / levels.antiparallel
        self.row([self.done], lambda: (*resistances, _share(levels, self._currents)))
        moved = abs(resistances[0] * self._first / self.bias - 1)
        if moved > self.drift:
            self.ending = Ending(EndReason.DRIFT, f"drift (the parallel resistance has moved by {moved:.1%})")

    def _go_on(self) -> None:
        """Take the pulses that the recording knows of as done: the device has had them."""
        recorded = self.recorded()
        self.done, self._first = int(recorded[-1, 0]), self.bias / float(recorded[0, 1])


def _share(levels: StateLevels, currents: NDArray[np.float64]) -> float:
    states = levels.states(currents)
    return float(np.mean(states[1:] != states[:-1]))
