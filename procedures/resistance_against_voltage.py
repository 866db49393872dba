"""Resistance of both states against the bias: tunnel magnetoresistance and how it falls."""

import logging
import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.junction import BiasDependence
from mtjlab.analysis.plots import bias_plot
from mtjlab.core import Quantity
from mtjlab.instruments import InstrumentError
from mtjlab.procedures.acquisition.pulse_trains import PulseTrains
from mtjlab.procedures.acquisition.tilted_reads import TiltedReads
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START, reading_time
from mtjlab.procedures.measurements.recording_size import recording_size

__all__ = ["ResistanceAgainstVoltage"]

log = logging.getLogger(__name__)

BREAKDOWN = 0.7
"""Share of its first resistance below which a state counts as broken down. Telegraph noise and drift take per cents."""
TRIES = 10


class ResistanceAgainstVoltage(TiltedReads):
    """Measure R(V) of the parallel and the antiparallel state and fit TMR and Vh.

    The bias goes from small to large, both polarities at each step; under each, pulses bring the device into one state
    and then the other, so that what moves slowly drops out of their ratio.

    Heat and a field in the plane tilt the free layer, so that each state has a share of the other's conductance: read
    as they are, which is the ``apparent TMR``, the states are 3 % less apart at a stability of 45. ``TMR``, ``Vh`` and
    ``Rp`` are those of an upright layer without leads, uncertain by what is not known of either: a bias changes the
    tilt and so tells something of it, the rest is what `stability`, `tilting` and `cancelling` say, as `retention`,
    `resistance-against-field` in the plane and `switching-probability` find them, with their uncertainties, and
    `leads` where two wires measure: 100 Ω at 50 kΩ take 0.2 % of the TMR.

    After every bias the state is looked at with the smallest one: where the bias has switched the device it is brought
    back and read again, and a resistance that does not come back ends the run before more bias does more harm.
    """

    largest = LimitedParameter("Largest bias", limit="read_bias", units="V", default=0.2, minimum=0.01, maximum=3.0)
    points = CountParameter("Biases of each polarity", default=10, minimum=3, maximum=200)
    readings = CountParameter("Readings at each bias", default=20, minimum=3, maximum=10_000)
    amplitude = LimitedParameter(
        "Pulse amplitude", limit="pulse_amplitude", bias="largest", units="V", default=1.25, minimum=0.05, maximum=5.0
    )
    width = LimitedParameter(
        "Pulse width", limit="pulse_width", bias="largest", units="s", default=10e-9, minimum=1e-10, maximum=1.0
    )
    compliance = LimitedParameter("Compliance", limit="compliance", units="A", default=2e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=0.1, minimum=0.01, maximum=10.0)

    live_columns = ("Voltage (V)", "Current (A)")

    column_notes: ClassVar[dict[str, str]] = {"State": "0 parallel, 1 antiparallel"}

    DATA_COLUMNS: ClassVar[list[str]] = ["State", "Voltage (V)", "Current (A)", "Current error (A)"]

    fitted: BiasDependence
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self.bench.source_meter.set_bias(self.largest, self.compliance)
        self._trains = PulseTrains(
            self.bench,
            bias=self._read_bias,
            compliance=self.compliance,
            integration=self.integration,
            settle=1e-6,
        )
        self._trains.configure(self.amplitude, self.width)

    @property
    def _read_bias(self) -> float:
        """Bias at which the state is looked at [V]."""
        return min(0.05, float(self.largest))

    def startup(self) -> None:
        """Switch the outputs on and find the currents of the two states."""
        self.configure()
        self._trains.start()
        self._trains.find_levels([(self.amplitude, self.width)])

    def execute(self) -> None:
        """Sweep the bias in both states."""
        done = 0
        sizes = np.linspace(self.largest / self.points, self.largest, self.points)
        for volts in (float(sign * size) for size in sizes for sign in (1, -1)):
            # One state right after the other: 1/f noise and drift move both alike, and drop out of their ratio.
            for state in (0, 1):
                if self.should_stop():
                    return
                self.row([state, volts], partial(self._read, state, volts))
                done += 1
                self.report(ProgressEvent(100.0 * done / (4 * self.points)))

    def fit_rows(self, task: FitTask) -> None:
        """Fit resistance, TMR and its fall with the bias.

        Parameters
        ----------
        task
            Recorded rows and bench; takes what is found.
        """
        self.bench_file = task.bench
        self.fitted = self.analyse(task.rows)
        found = {"Rp": self.fitted.parallel, "TMR": self.fitted.tmr, "Vh": self.fitted.half_bias}
        states, voltages, currents, errors = task.rows.T
        found["apparent TMR"] = BiasDependence.fit(voltages, currents, states, errors).tmr
        found["goodness (p)"] = Quantity(self.fitted.p_value, math.nan, "1")
        task.found(found)

    def analyse(self, rows: NDArray[np.float64]) -> BiasDependence:
        """Fit rows of the table, shape (N, columns); see `BiasDependence.fit` for what is raised.

        Parameters
        ----------
        rows
            Rows of the table, shape (N, columns).

        Returns
        -------
        BiasDependence
            R(V) of both states, fitted.
        """
        states, voltages, currents, errors = rows.T
        return BiasDependence.fit(voltages, currents, states, errors, self.known_tilt)

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
        states, voltages, currents, errors = rows.T
        fitted = self.attempt(lambda: self.analyse(rows))
        leads = fitted.leads if fitted else 0.0
        return bias_plot(voltages, currents / (1 - currents * leads / voltages), errors, states, fitted, title)

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: readings, settings, computations."""
        readings = 4 * self.points * (self.readings + 2)
        return float(START + readings * reading_time(self, self.integration, by_command=True))

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=4 * self.points, columns=len(self.DATA_COLUMNS))

    def _read(self, state: int, volts: float) -> tuple[float, float]:
        """Read at one bias in one state; give mean and standard error of the current."""
        for _ in range(TRIES):
            self._trains.reach(state, self.amplitude, self.width)
            currents = self._trains.read(volts, self.readings)
            self._refuse_breakdown(volts)
            if self._trains.look() == state:
                return float(currents.mean()), float(currents.std(ddof=1)) / math.sqrt(len(currents))
            log.warning("%g V switched the device: read again", volts)
        raise InstrumentError(
            f"a bias of {volts:g} V switches the device every time: lower the largest bias below its read disturb"
        )

    def _refuse_breakdown(self, volts: float) -> None:
        # Looked at with the small bias: at the large one the antiparallel state reads low by itself.
        current = abs(float(self._trains.read(self._read_bias, 1)[0]))
        if current * BREAKDOWN > self._trains.levels.parallel:
            raise InstrumentError(
                f"after {volts:g} V the device draws {current:.3g} A where its lower resistance drew "
                f"{self._trains.levels.parallel:.3g} A: the barrier has broken down"
            )
