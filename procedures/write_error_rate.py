"""How often a pulse that should switch the junction does not."""

import logging
import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.junction import Decision, WriteErrors, decide_required
from mtjlab.analysis.plots import error_rate_plot
from mtjlab.core import FitError, Quantity
from mtjlab.procedures.acquisition.acquisition import LARGEST_BLOCK
from mtjlab.procedures.acquisition.pulse_trains import PulseTrains
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START, reading_time
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.table_procedure import TableProcedure

__all__ = ["WriteErrorRate"]

log = logging.getLogger(__name__)

STATES = ("parallel", "antiparallel")
ERROR = 0.05
"""Largest probability of a wrong answer."""
DECIDED = "required rate met (1 yes, -1 no, 0 undecided)"
_NUMBERS = {Decision.BELOW: 1.0, Decision.ABOVE: -1.0, Decision.OPEN: 0.0}
_VERDICTS = {number: decision for decision, number in _NUMBERS.items()}


class WriteErrorRate(TableProcedure):
    """Count the pulses that leave the state as it was, until it is decided whether they are rare enough.

    Precessional switching toggles the state, so every pulse is a write and no reset is needed. Writes from either state
    are counted by themselves: a requirement is met where it is from both. The run ends when it is decided that it is
    met or not (see `decide_required`; a wrong answer has a probability of 5 % at most, whatever the rates are), or
    undecided after the largest number of pulses. The intervals in the results are exact for a number of pulses fixed
    beforehand; after an early stop they are what those pulses say by themselves.
    """

    required = FloatParameter("Required write error rate", default=1e-3, minimum=1e-12, maximum=0.4)
    pulses = CountParameter("Largest number of pulses", default=1_000_000, minimum=100, maximum=10**13)
    amplitude = LimitedParameter(
        "Pulse amplitude", limit="pulse_amplitude", units="V", default=1.27, minimum=0.05, maximum=5.0
    )
    width = LimitedParameter("Pulse width", limit="pulse_width", units="s", default=1.5e-9, minimum=1e-10, maximum=1.0)
    settle = FloatParameter("Settle time", units="s", default=1e-6, minimum=0.0, maximum=999.0)
    bias = LimitedParameter("Read bias", limit="read_bias", units="V", default=0.05, minimum=-1.0, maximum=1.0)
    compliance = LimitedParameter("Compliance", limit="compliance", units="A", default=1e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=0.01, minimum=0.01, maximum=10.0)

    estimate_is_longest = True
    fit_settings = ("required",)
    fits_parts = True

    live_columns = ("Pulses", "Write error rate")

    DATA_COLUMNS: ClassVar[list[str]] = [
        "Pulses",
        "Errors",
        "Write error rate",
        "Lower limit",
        "Upper limit",
        "Pulses from parallel",
        "Errors from parallel",
    ]

    counted: WriteErrors
    """What was counted."""
    by_state: list[WriteErrors | None]
    """The same from P and from AP; None where nothing was written from there, or an older recording does not tell."""
    decision = Decision.OPEN
    """Whether the required rate is met from both states."""

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
        counts, writes = np.zeros((2, 2), int), 0
        while writes < self.pulses and not self.should_stop():
            count = min(LARGEST_BLOCK, self.pulses - writes)
            writes += count
            row = np.array(self.row([writes], partial(self._count, counts, count)))
            counts = _by_state(row)
            self._decide(row)
            self.report(ProgressEvent(100.0 * writes / self.pulses))
            if self.decision is not Decision.OPEN:
                break

    def fit_rows(self, task: FitTask) -> None:
        """Say what the rate is, whether it is low enough, and whether it was the same all along.

        Parameters
        ----------
        task
            Rows and bench file; takes the results.

        Raises
        ------
        FitError
            If no pulse was recorded.
        """
        if not len(task.rows):
            raise FitError("no pulse was recorded: there is no rate to be told")
        sent, failed = task.rows[:, 0].astype(int), task.rows[:, 1].astype(int)
        self._decide(task.rows[-1])
        self._report(task, WriteErrors.steadiness(np.diff(failed, prepend=0), np.diff(sent, prepend=0)))

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        pulses, _, rates, lower, upper = rows[:, :5].T
        if DECIDED in results:
            title += f"\n{self.required:g} is {_VERDICTS.get(results[DECIDED].value, Decision.OPEN).verdict}"
        return error_rate_plot(pulses, rates, lower, upper, self.required, title)

    @property
    def estimated_duration(self) -> float:
        """Longest time that a run takes [s]: settling and reading."""
        return float(START + (self.pulses + 200) * reading_time(self, self.integration, self.settle, width=self.width))

    @property
    def estimated_bytes(self) -> int:
        """Largest size of the recording [bytes]."""
        return recording_size(rows=-(-self.pulses // LARGEST_BLOCK), columns=len(self.DATA_COLUMNS))

    def _count(self, before: NDArray[np.int_], count: int) -> tuple[float, ...]:
        """Send pulses; give the errors so far, the rate and its limits, and pulses and errors from P."""
        sent = self._trains.from_states(self.amplitude, self.width, count)
        by_state = before + np.stack([sent[:, 0], sent[:, 0] - sent[:, 1]], axis=1)
        writes, errors = (int(each) for each in by_state.sum(axis=0))
        counted = WriteErrors(errors, writes)
        return (errors, counted.rate, *counted.interval(), *(float(each) for each in by_state[0]))

    def _decide(self, row: NDArray[np.float64]) -> None:
        """Take the counts of a row, and say whether the requirement is met."""
        self.counted = WriteErrors(int(row[1]), int(row[0]))
        if row.size < 7 or np.isnan(row[5:7]).any():  # of a version that did not tell the states apart
            self.by_state, self.decision = [None, None], decide_required([self.counted], self.required)
            return
        self.by_state = [WriteErrors(int(errors), int(writes)) if writes else None for writes, errors in _by_state(row)]
        self.decision = decide_required(self.by_state, self.required, ERROR)

    def _report(self, task: FitTask, steadiness: float) -> None:
        low, high = self.counted.interval()
        log.log(
            logging.INFO if self.decision is Decision.BELOW else logging.WARNING,
            "a write error rate of %.3g is %s: %s after %d pulses%s",
            self.required,
            self.decision.verdict,
            _told(self.by_state) or f"{self.counted.rate:.3g} ({low:.3g} to {high:.3g}, 95 %)",
            self.counted.writes,
            "" if self.decision is Decision.OPEN else f"; the probability of a wrong answer is {ERROR:g} at most",
        )
        task.found(
            {
                "write error rate": (self.counted.rate, math.nan, "1", low, high),
                "lower limit": Quantity(low, 0.0, "1"),
                "upper limit": Quantity(high, 0.0, "1"),
                **_results(self.by_state),
                DECIDED: Quantity(_NUMBERS[self.decision], math.nan, "1"),
                "error probability of that": Quantity(
                    math.nan if self.decision is Decision.OPEN else ERROR, math.nan, "1"
                ),
                "goodness of one rate (p)": Quantity(steadiness, math.nan, "1"),
            },
        )


def _by_state(row: NDArray[np.float64]) -> NDArray[np.int_]:
    """Give writes and errors from P and from AP of a row, shape (2, 2); all as from AP where it does not tell."""
    whole = row[:2]
    parallel = row[5:7] if row.size >= 7 and not np.isnan(row[5:7]).any() else np.zeros(2)
    return np.array([parallel, whole - parallel], int)


def _told(by_state: list[WriteErrors | None]) -> str:
    """Tell the rates of both states in words; nothing where neither is known."""
    words = [
        f"{each.rate:.3g} ({each.interval()[0]:.3g} to {each.interval()[1]:.3g}, 95 %) from {name}"
        for name, each in zip(STATES, by_state, strict=True)
        if each is not None
    ]
    return ", ".join(words)


def _results(by_state: list[WriteErrors | None]) -> dict[str, Quantity]:
    found: dict[str, Quantity] = {}
    for name, each in zip(STATES, by_state, strict=True):
        if each is not None:
            low, high = each.interval()
            found[f"write error rate from {name}"] = Quantity(each.rate, math.nan, "1", low, high)
            found[f"lower limit from {name}"] = Quantity(low, 0.0, "1")
            found[f"upper limit from {name}"] = Quantity(high, 0.0, "1")
    return found
