"""How often a pulse that should switch the junction does not."""

import logging
import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.junction.write_errors import Decision, WriteErrors
from mtjlab.analysis.plots.error_rate_plot import error_rate_plot
from mtjlab.data.contents.recorded_result import RecordedResult
from mtjlab.data.errors import FitError
from mtjlab.procedures.count_parameter import CountParameter
from mtjlab.procedures.fit_task import FitTask
from mtjlab.procedures.pulse_trains import LARGEST_BLOCK, PulseTrains
from mtjlab.procedures.reading_time import reading_time
from mtjlab.procedures.recording_size import recording_size
from mtjlab.procedures.table_procedure import TableProcedure

__all__ = ["WriteErrorRate"]

log = logging.getLogger(__name__)


class WriteErrorRate(TableProcedure):
    """Count the pulses that leave the state as it was, until it is decided whether they are rare enough.

    Precessional switching toggles the state, so every pulse is a write and no reset is needed. The run ends when the
    write error rate is decided to be below half or above twice the required one (see `WriteErrors.decide`), or after
    the largest number of pulses. The interval in the results is exact for a number of pulses fixed beforehand; after
    an early stop it is what those pulses say by themselves.
    """

    required = FloatParameter("Required write error rate", default=1e-6, minimum=1e-12, maximum=0.4)
    pulses = CountParameter("Largest number of pulses", default=20_000_000, minimum=100, maximum=10**13)
    amplitude = FloatParameter("Pulse amplitude", units="V", default=1.5, minimum=0.05, maximum=5.0)
    width = FloatParameter("Pulse width", units="s", default=1.5e-9, minimum=1e-10, maximum=1.0)
    settle = FloatParameter("Settle time", units="s", default=1e-6, minimum=0.0, maximum=999.0)
    bias = FloatParameter("Read bias", units="V", default=0.05, minimum=-1.0, maximum=1.0)
    compliance = FloatParameter("Compliance", units="A", default=1e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=0.01, minimum=0.01, maximum=10.0)

    estimate_is_longest = True
    fit_settings = ("required",)
    fits_parts = True

    live_columns = ("Pulses", "Write error rate")

    DATA_COLUMNS: ClassVar[list[str]] = ["Pulses", "Errors", "Write error rate", "Lower limit", "Upper limit"]

    counted: WriteErrors
    """What was counted."""
    decision = Decision.OPEN
    """Whether the required rate is met."""

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

    def execute(self) -> None:
        """Pulse until it is decided."""
        errors = writes = 0
        while writes < self.pulses and not self.should_stop():
            count = min(LARGEST_BLOCK, self.pulses - writes)
            writes += count
            errors = int(self.row([writes], partial(self._count, errors, writes, count))[1])
            self.counted = WriteErrors(errors, writes)
            self.emit("progress", 100.0 * writes / self.pulses)
            self.decision = self.counted.decide(self.required)
            if self.decision is not Decision.OPEN:
                break

    def fit_rows(self, task: FitTask) -> None:
        """Say what the rate is, whether it is low enough, and whether it was the same all along."""
        if not len(task.rows):
            raise FitError("no pulse was recorded: there is no rate to be told")
        sent, failed = task.rows[:, 0].astype(int), task.rows[:, 1].astype(int)
        self.counted = WriteErrors(int(failed[-1]), int(sent[-1]))
        self.decision = self.counted.decide(self.required)
        self._report(task, WriteErrors.steadiness(np.diff(failed, prepend=0), np.diff(sent, prepend=0)))

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, RecordedResult], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG."""
        pulses, _, rates, lower, upper = rows.T
        return error_rate_plot(pulses, rates, lower, upper, self.required, title)

    @property
    def estimated_duration(self) -> float:
        """Longest time that the instruments take [s]: settling and reading; transfers come on top."""
        return float((self.pulses + 200) * reading_time(self, self.integration, self.settle))

    @property
    def estimated_bytes(self) -> int:
        """Largest size of the recording [bytes]."""
        return recording_size(rows=-(-self.pulses // LARGEST_BLOCK), columns=len(self.DATA_COLUMNS))

    def _count(self, errors: int, writes: int, count: int) -> tuple[float, ...]:
        """Send pulses, the last of `writes`; give the errors so far, the rate and its limits."""
        switched = self._trains.switched(self.amplitude, self.width, count)
        counted = WriteErrors(errors + count - int(np.count_nonzero(switched)), writes)
        return counted.errors, counted.rate, *counted.interval()

    def _report(self, task: FitTask, steadiness: float) -> None:
        low, high = self.counted.interval()
        words = {Decision.OPEN: "not decided yet"}.get(self.decision, f"{self.decision.value} the required one")
        log.info(
            "write error rate %.3g (%.3g to %.3g, 95 %%) after %d pulses: %s, %g",
            self.counted.rate,
            low,
            high,
            self.counted.writes,
            words,
            self.required,
        )
        task.found(
            {
                "write error rate": (self.counted.rate, math.nan, "1", low, high),
                "lower limit": (low, 0.0, "1"),
                "upper limit": (high, 0.0, "1"),
                "goodness of one rate (p)": (steadiness, math.nan, "1"),
            },
        )
