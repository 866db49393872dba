"""Find the pulse amplitude at which the junction switches half of the time."""

import logging
import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.operating_point import OperatingPoint, OperatingPointSearch, StatesApart
from mtjlab.analysis.plots import point_plot
from mtjlab.core import Quantity
from mtjlab.instruments import made_amplitudes
from mtjlab.procedures.acquisition.pulse_trains import PulseTrains
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START, reading_time
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.table_procedure import TableProcedure

__all__ = ["FindOperatingPoint"]

log = logging.getLogger(__name__)


FEW = 40
"""Amplitudes that a generator of coarse steps makes in a range, at most."""
SLOPE_PULSES = 5000
"""Pulses at either side that a slope is measured with."""
SEARCH_TIME = 1.0
"""Time that the search takes to think, while it measures and in the fit [s], about."""
SLOPE_UNITS = {"width": "1/s", "field": "1/T"}


class FindOperatingPoint(TableProcedure):
    """Search the amplitude with P(switch) = 1/2 at one width, preferring a plateau.

    Every pulse toggles the device or not; no reset is needed. What counts is the share of pulses that change the state,
    which is P(1) of the raw bits of a random bitstream. See `OperatingPointSearch` for how it is found. P from either
    state is told as well: where a torque or a stray field keeps the two apart, the share is one half, but no bit is
    fair, and that is warned of. At the end the
    slope with the width is measured, by as many pulses at either side as were made for the scans; and that with the
    field in the plane, where the bench has a coil for it, `field_step` to either side of `field`.
    """

    pulses = CountParameter("Pulses", default=40_000, minimum=12_000, maximum=10**9)
    lowest = LimitedParameter(
        "Lowest amplitude", limit="pulse_amplitude", units="V", default=1.05, minimum=0.05, maximum=5.0
    )
    highest = LimitedParameter(
        "Highest amplitude", limit="pulse_amplitude", units="V", default=1.34, minimum=0.05, maximum=5.0
    )
    resolution = FloatParameter("Step of the amplitude", units="V", default=1e-3, minimum=1e-6, maximum=1.0)
    width = LimitedParameter(
        "Pulse width", limit="pulse_width", amplitude="highest", units="s", default=10e-9, minimum=1e-10, maximum=1.0
    )
    field = LimitedParameter(
        "Field of the coil in the plane", limit="field", units="T", default=0.0, minimum=-10.0, maximum=10.0
    )
    field_step = FloatParameter("Step of the field for its slope", units="T", default=5e-4, minimum=1e-7, maximum=1.0)
    settle = FloatParameter("Settle time", units="s", default=1e-6, minimum=0.0, maximum=999.0)
    bias = LimitedParameter(
        "Read bias", limit="read_bias", amplitude="highest", units="V", default=0.05, minimum=-1.0, maximum=1.0
    )
    compliance = LimitedParameter("Compliance", limit="compliance", units="A", default=1e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=0.01, minimum=0.01, maximum=10.0)

    fit_settings = ("resolution",)

    live_columns = ("Amplitude (V)", "Share switched")

    DATA_COLUMNS: ClassVar[list[str]] = [
        "Amplitude (V)",
        "Width (s)",
        "Field (T)",
        "Pulses",
        "Switched",
        "Share switched",
        "Pulses from parallel",
        "Switched from parallel",
    ]

    point: OperatingPoint
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self._trains = PulseTrains(
            self.bench,
            bias=self.bias,
            compliance=self.compliance,
            integration=self.integration,
            settle=self.settle,
        )
        made = self._made = made_amplitudes(self.bench.file, self.lowest, self.highest)
        self._search = self._new_search(made)
        self._coil = self.bench.coil if self.field or "coil" in self.bench.roles else None
        if self._coil is not None:
            for field in (self.field - self.field_step, self.field + self.field_step):
                self.bench.interlock.check_field(field)
        for amplitude in (made[0], made[-1]) if made else (self.lowest, self.highest):
            self._trains.configure(amplitude, self.width)

    def _new_search(self, made: Sequence[float]) -> OperatingPointSearch:
        """Begin a search, among few amplitudes where the generator makes no others."""
        return OperatingPointSearch(self.lowest, self.highest, resolution=self.resolution, settings=made)

    def startup(self) -> None:
        """Switch the outputs on and find the currents of the two states."""
        self.configure()
        if self._coil is not None:
            self._coil.switch_on()
            self._coil.set_field(self.field)
        self._trains.start()
        # From below: a plateau comes before the precession that may be too fast for any amplitude to stand out.
        amplitudes = self._made or np.linspace(self.lowest, self.highest, 9)
        self._trains.find_levels([(float(volts), self.width) for volts in amplitudes])

    def execute(self) -> None:
        """Search until the pulses are used up."""
        search = self._search
        while search.shots.total < self.pulses or not search.scanned:
            if self.should_stop():
                return
            volts, count = search.ask()
            left = self.pulses - search.shots.total
            count = max(1, min(count, left)) if search.scanned else count
            search.tell(volts, count, self._count(volts, self.width, count))
            self.report(ProgressEvent(min(99.0, 100.0 * search.shots.total / self.pulses)))
        self.point = search.estimate()
        self._measure_slopes(self.point.setting)
        self.report(ProgressEvent(100.0))

    def fit_rows(self, task: FitTask) -> None:
        """Estimate the point by the pulses of the search, and the slopes by those beside it.

        Parameters
        ----------
        task
            Recorded rows and bench; takes what is found.
        """
        amplitudes, widths, fields, pulses, switched = task.rows[:, :5].T
        of_search = (widths == self.width) & (fields == self.field)
        tried = np.unique(amplitudes[of_search])
        # A generator of few amplitudes made them all; one of fine steps makes 81 in the scan alone.
        search = self._new_search(tried.tolist() if 1 < tried.size <= FEW else ())
        for volts, sent, changed in zip(amplitudes[of_search], pulses[of_search], switched[of_search], strict=True):
            search.ask()
            search.tell(float(volts), int(sent), int(changed))
            task.progress(search.shots.total, float(pulses[of_search].sum()))
        self.point = search.estimate()
        states = StatesApart.of(self.point.setting, amplitudes[of_search], *_by_state(task.rows[of_search]))
        slopes = {"width": widths != self.width, "field": fields != self.field}
        self._report(
            task,
            self.point,
            states,
            {
                name: _slope(settings[beside], switched[beside], pulses[beside])
                for (name, beside), settings in zip(slopes.items(), (widths, fields), strict=True)
                if np.count_nonzero(beside) == 2
            },
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
        here = rows[(rows[:, 1] == self.width) & (rows[:, 2] == self.field)]
        found = results.get("amplitude")
        point = None if found is None else (found.value, *found.interval)
        return point_plot(here[:, 0], here[:, 4], here[:, 3], point, title)

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: readings, settings, computations."""
        lasts = (self.pulses + 16_000) * reading_time(self, self.integration, self.settle, width=self.width)
        return float(START + lasts + SEARCH_TIME)

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=200, columns=len(self.DATA_COLUMNS))

    def _count(self, amplitude: float, width: float, pulses: int, field: float | None = None) -> int:
        field = self.field if field is None else field

        def measure() -> tuple[float, ...]:
            sent = self._trains.from_states(amplitude, width, pulses)
            switched = int(sent[:, 1].sum())
            return switched, switched / pulses, *(float(each) for each in sent[0])

        return int(self.row([amplitude, width, field, pulses], measure)[4])

    def _report(
        self,
        task: FitTask,
        point: OperatingPoint,
        states: StatesApart | None,
        slopes: Mapping[str, tuple[float, float]],
    ) -> None:
        if states is not None and states.warning:
            log.warning("%s", states.warning)
        task.found(
            {
                "amplitude": (point.setting, math.nan, "V", *point.interval),
                "P(switch)": (point.probability, math.nan, "1", *point.probability_interval),
                "slope with amplitude": (point.slope, point.slope_error, "1/V"),
                **{f"slope with {name}": (*slope, SLOPE_UNITS[name]) for name, slope in slopes.items()},
                **({} if states is None else states.results),
                "misfit": Quantity(point.misfit, math.nan, "1"),
            }
        )

    def _measure_slopes(self, amplitude: float) -> None:
        """Count from 5 % below the width to 5 % above, and to either side of the field in the plane."""
        step = 0.05 * self.width
        for sign in (-1, 1):
            self._count(amplitude, self.width + sign * step, SLOPE_PULSES)
        if self._coil is None:
            return
        for sign in (-1, 1):
            field = self.field + sign * self.field_step
            self._coil.set_field(field)
            self._count(amplitude, self.width, SLOPE_PULSES, field)
        self._coil.set_field(self.field)


def _by_state(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give pulses and switched ones of each row by the state before, shape (2, N); none where they are not told."""
    if rows.shape[1] < 8:
        return np.zeros((2, len(rows))), np.zeros((2, len(rows)))
    told = np.where(np.isfinite(rows[:, 6:8]).all(axis=1), 1.0, 0.0)
    pulses, switched, from_p, switched_p = (told * np.nan_to_num(rows[:, column]) for column in (3, 4, 6, 7))
    return np.stack([from_p, pulses - from_p]), np.stack([switched_p, switched - switched_p])


def _slope(
    settings: NDArray[np.float64], switched: NDArray[np.float64], pulses: NDArray[np.float64]
) -> tuple[float, float]:
    """Give the slope of P(switch) between two settings, and its standard error."""
    shares = switched / pulses
    apart = float(settings[1] - settings[0])
    error = math.sqrt(float((shares * (1 - shares) / pulses).sum())) / apart
    return float(shares[1] - shares[0]) / apart, error
