"""Resistance against field: major and minor loops along the film normal, and tilting in the plane."""

import logging
import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter, ListParameter

from mtjlab.analysis.junction import HardAxis, HysteresisLoop
from mtjlab.analysis.plots import loop_plot, tilt_plot
from mtjlab.core import InputError, Quantity
from mtjlab.instruments import GuardedCoil
from mtjlab.procedures.acquisition.acquisition import read_resistance
from mtjlab.procedures.acquisition.tilted_reads import TiltedReads
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START, reading_time
from mtjlab.procedures.measurements.recording_size import recording_size

__all__ = ["ResistanceAgainstField"]

log = logging.getLogger(__name__)


class ResistanceAgainstField(TiltedReads):
    """Sweep a field up and down, read the resistance at each step, and fit.

    Along the film normal (``perpendicular``) the junction switches: coercive and offset field, TMR and resistance-area
    product are found, averaged over the loops. In the plane (``in-plane``) its free layer tilts: the field that acts in
    the plane already is found, from fields that leave the state alone.

    The two resistances are those about the middle of the loop. Read as they are, which is the ``apparent TMR``, the
    states are 3 % less apart at a stability of 45 than those of an upright layer, of which ``TMR``, ``Rp``, ``Rap`` and
    ``RA`` are: without the leads, at the read bias, and uncertain by what is not known of tilt and leads. Tell it with
    `stability`, `tilting`, `leads` and their uncertainties.

    The misfit there is that of all loops; 1/f noise moves them against each other and makes it more than 1, and the
    error is taken from the loops themselves.

    A minor loop turns before the field that switches the fixed layer: give `lowest` and `highest`. With `saturation`
    each loop begins with a visit to that field.
    """

    direction = ListParameter("Direction", choices=["perpendicular", "in-plane"], default="perpendicular")
    lowest = LimitedParameter("Lowest field", limit="field", units="T", default=-0.1, minimum=-10.0, maximum=10.0)
    highest = LimitedParameter("Highest field", limit="field", units="T", default=0.1, minimum=-10.0, maximum=10.0)
    saturation = LimitedParameter(
        "Field before each loop", limit="field", units="T", default=0.0, minimum=-10.0, maximum=10.0
    )
    points = CountParameter("Fields a way", default=101, minimum=8, maximum=100_000)
    loops = CountParameter("Loops", default=5, minimum=1, maximum=100_000)
    readings = CountParameter("Readings at each field", default=1, minimum=1, maximum=10_000)
    bias = LimitedParameter("Read bias", limit="read_bias", units="V", default=0.02, minimum=-1.0, maximum=1.0)
    compliance = LimitedParameter("Compliance", limit="compliance", units="A", default=1e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=0.1, minimum=0.01, maximum=10.0)
    diameter = FloatParameter("Diameter of the pillar", units="m", default=0.0, minimum=0.0, maximum=1e-2)

    fit_settings = ("diameter", *TiltedReads.fit_settings)

    live_columns = ("Field (T)", "Resistance (ohm)")

    column_notes: ClassVar[dict[str, str]] = {
        "Loop": "number of the loop, from 1",
        "Way": "1 from the first field to the last, 2 back",
    }

    DATA_COLUMNS: ClassVar[list[str]] = ["Loop", "Way", "Field (T)", "Resistance (ohm)", "Standard error (ohm)"]

    fitted: HysteresisLoop | HardAxis
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is.

        Raises
        ------
        InputError
            If lowest is not below highest.
        LimitError
            If the interlock refuses a field or the bias.
        """
        if not self.lowest < self.highest:
            raise InputError(f"lowest = {self.lowest:g} T must be below highest = {self.highest:g} T")
        self._coil: GuardedCoil = (
            self.bench.perpendicular_coil if self.direction == "perpendicular" else self.bench.coil
        )
        for field in (self.lowest, self.highest, self.saturation):
            self.bench.interlock.check_field(field)
        self.bench.source_meter.set_bias(self.bias, self.compliance)
        self.bench.source_meter.set_integration(self.integration)

    def startup(self) -> None:
        """Switch bias and coil on."""
        self.configure()
        self.bench.source_meter.switch_on()
        self._coil.switch_on()

    def execute(self) -> None:
        """Sweep the loops."""
        way = np.linspace(self.lowest, self.highest, self.points)
        for number, (loop, index) in enumerate(np.ndindex(self.loops, 2)):
            if index == 0 and self.saturation:
                self._coil.set_field(self.saturation)
            if not self._sweep(loop, index, way[:: -1 if index else 1]):
                return
            self.report(ProgressEvent(100.0 * (number + 1) / (2 * self.loops)))

    def fit_rows(self, task: FitTask) -> None:
        """Fit the loops that are whole.

        Parameters
        ----------
        task
            Recorded rows, and whom to tell what is found.
        """
        self.bench_file = task.bench
        fields, ohms, errors = self._whole_loops(task.rows)
        task.found(self._loops(fields, ohms) if self.direction == "perpendicular" else self._tilt(fields, ohms, errors))

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        fields, ohms, errors = self._whole_loops(rows)
        if self.direction == "perpendicular":
            loop = self.attempt(lambda: HysteresisLoop.analyse(fields, ohms))
            return loop_plot(rows[:, 2], rows[:, 3], rows[:, 1], loop, title)
        tilt = self.attempt(lambda: self._hard_axis(fields, ohms, errors))
        return tilt_plot(rows[:, 2], rows[:, 3], tilt, title)

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: readings and settings; the coil's ramp comes on top."""
        readings = 2 * self.loops * self.points * self.readings
        return float(START + readings * reading_time(self, self.integration, by_command=True))

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=2 * self.loops * self.points, columns=len(self.DATA_COLUMNS))

    def _whole_loops(self, rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """Give fields, resistances and their standard errors of the loops that are whole, (loops, 2 ways, points)."""
        whole = len(rows) // (2 * self.points)
        loops = rows[: whole * 2 * self.points].reshape(whole, 2, self.points, len(self.DATA_COLUMNS))
        return tuple(loops[..., column] for column in (2, 3, 4))

    def _sweep(self, loop: int, way: int, fields: NDArray[np.float64]) -> bool:
        """Go one way; tell whether it came to its end."""
        for field in fields:
            if self.should_stop():
                return False
            self._coil.set_field(float(field))
            # Fields of rows that the recording holds are passed through all the same: the junction remembers them.
            self.row([loop + 1, way + 1, field], self._read)
        return True

    def _read(self) -> tuple[float, float]:
        """Read the resistance a few times; give mean and standard error, not a number for one reading."""
        readings = np.array([read_resistance(self.bench) for _ in range(self.readings)])
        error = readings.std(ddof=1) / math.sqrt(len(readings)) if len(readings) > 1 else math.nan
        return float(readings.mean()), float(error)

    def _loops(self, fields: NDArray[np.float64], ohms: NDArray[np.float64]):  # type: ignore[no-untyped-def]
        fitted = self.fitted = HysteresisLoop.analyse(fields, ohms)
        parallel, antiparallel, tmr = fitted.upright(self.known_tilt, self.bias)
        found = {
            "coercive field": fitted.coercivity,
            "offset field": fitted.offset,
            "TMR": tmr,
            "apparent TMR": fitted.tmr,
            "Rp": parallel,
            "Rap": antiparallel,
            "contrast of the states": Quantity(fitted.contrast, math.nan, "1"),
        }
        if self.diameter:
            area = math.pi * self.diameter**2 / 4
            found["RA"] = Quantity(parallel.value * area, parallel.uncertainty * area, "Ω·m²")
        return found

    def _tilt(self, fields: NDArray[np.float64], ohms: NDArray[np.float64], errors: NDArray[np.float64]):  # type: ignore[no-untyped-def]
        fitted = self.fitted = self._hard_axis(fields, ohms, errors)
        return {"in-plane field": fitted.in_plane_field, "misfit": Quantity(fitted.misfit, math.nan, "1")}

    def _hard_axis(
        self, fields: NDArray[np.float64], ohms: NDArray[np.float64], errors: NDArray[np.float64]
    ) -> HardAxis:
        flat, ways = ohms.ravel(), np.repeat(np.arange(len(ohms)), 2 * self.points)
        if np.isnan(errors).any():
            # One reading a field: its scatter is that of neighbours.
            errors = np.full(fields.shape, float(np.median(np.abs(np.diff(flat)))) / (0.6745 * math.sqrt(2)))
        return HardAxis.fit(fields.ravel(), flat, errors.ravel(), ways)
