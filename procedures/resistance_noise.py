"""Noise of the resistance in one state."""

import logging
import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.junction import NoiseSpectrum, diagnosis_of
from mtjlab.analysis.plots import spectrum_plot
from mtjlab.core import FitError, Quantity
from mtjlab.instruments import InstrumentError
from mtjlab.procedures.acquisition.acquisition import LARGEST_BLOCK
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent, ResultEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START, reading_time
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.table_procedure import TableProcedure

__all__ = ["ResistanceNoise"]

log = logging.getLogger(__name__)

INTEGRATION_TIME = "integration time"
FIT_TIME = 0.5
"""Time that the fit takes [s], about."""


class ResistanceNoise(TableProcedure):
    """Record the resistance without pulses and find its 1/f noise, white floor and telegraph noise.

    The source-meter fills its buffer by itself, one contiguous record each time; the spectra of all records are
    averaged. The device stays in the state it is in; where it switches a few times all the same, that is warned of and
    the records are left out: it is no telegraph noise. The time between two readings is the one that the source-meter's
    own time stamps say, whatever the mains and whatever the meter takes beside integration.
    """

    records = CountParameter("Records", default=20, minimum=1, maximum=100_000)
    readings = CountParameter("Readings a record", default=LARGEST_BLOCK, minimum=200, maximum=LARGEST_BLOCK)
    bias = LimitedParameter("Bias", limit="read_bias", units="V", default=0.1, minimum=-3.0, maximum=3.0)
    compliance = LimitedParameter("Compliance", limit="compliance", units="A", default=1e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=0.01, minimum=0.01, maximum=10.0)

    live_columns = ("Time (s)", "Resistance (ohm)")

    DATA_COLUMNS: ClassVar[list[str]] = [
        "Record",
        "Time (s)",
        "Resistance (ohm)",
        "Frequency (Hz)",
        "Density (ohm**2/Hz)",
    ]

    spectrum: NoiseSpectrum
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        meter = self.bench.source_meter
        meter.set_bias(self.bias, self.compliance)
        meter.set_integration(self.integration)
        meter.prepare_block(self.readings, 0.0)

    def startup(self) -> None:
        """Switch the bias on; the generator's output stays off."""
        self.configure()
        self.bench.source_meter.switch_on()

    def execute(self) -> None:
        """Fill the buffer again and again."""
        for index in range(self.records):
            if self.should_stop():
                return
            self._refuse_what_is_no_device(self.rows(self.readings, partial(self._record, index))[:, 2])
            self.report(ProgressEvent(100.0 * (index + 1) / self.records))
        self.report(
            ResultEvent(
                {INTEGRATION_TIME: Quantity(self.bench.source_meter.integration_time(self.integration), 0.0, "s")}
            )
        )

    def fit_rows(self, task: FitTask) -> None:
        """Average the spectra of the records and fit them.

        Parameters
        ----------
        task
            Recorded rows and bench; takes what is found.
        """
        times, records = self._records(task.rows)
        spectrum = self.spectrum = self.analyse(times, records, _window(task.results))
        if spectrum.events:
            log.warning(
                "%d changes of the level, too few to be telegraph noise: the state switched, or a reading failed; %s",
                spectrum.events,
                f"{spectrum.left_out} of {len(records)} records are left out"
                if spectrum.left_out
                else "they are taken out as steps",
            )
        if len(records) * self.readings == len(task.rows):  # nobody has added the spectrum yet
            none = np.full(len(spectrum.density), math.nan)
            columns = none, none, none, spectrum.frequencies, spectrum.density
            task.computed(dict(zip(self.DATA_COLUMNS, columns, strict=True)))
        task.found(
            {
                "1/f noise at 1 Hz": spectrum.flicker,
                "white noise": spectrum.white,
                "1/f corner": self._corner(spectrum),
                "interval of the readings": Quantity(_interval(times), 0.0, "s"),
                "resistance": spectrum.mean,
                "telegraph noise": Quantity(float(spectrum.telegraph), 0.0, "1"),
                "switching events": Quantity(float(spectrum.events), 0.0, "1"),
                "goodness (p)": Quantity(spectrum.p_value, math.nan, "1"),
            }
        )

    def analyse(
        self, times: NDArray[np.float64], records: NDArray[np.float64], window: float | None = None
    ) -> NoiseSpectrum:
        """Give the spectrum of records [Ω] read at times [s], both of shape (records, readings).

        Readings integrate over `window` [s]; without one, over all of the time between them.

        Parameters
        ----------
        times
            When each reading was taken [s], shape (records, readings).
        records
            Resistances [Ω], shape (records, readings).
        window
            Time that a reading integrates over [s]; None for all of the time between readings.
        """
        interval = _interval(times)
        return NoiseSpectrum.of(records, interval, segments=7, window=interval if window is None else window)

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
        return spectrum_plot(self.analyse(*self._records(rows), _window(results)), title)

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: readings, settings, computations."""
        return float(START + FIT_TIME + self.records * self.readings * reading_time(self, self.integration))

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=self.records * self.readings + self.readings // 8, columns=len(self.DATA_COLUMNS))

    def _records(self, rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give times [s] and resistances [Ω] of the whole records among rows, shape (records, readings) each.

        Raises
        ------
        FitError
            If there is none.
        """
        read = rows[np.isfinite(rows[:, 2]), 1:3]
        whole = len(read) // self.readings
        if not whole:
            raise FitError(f"{len(read)} readings are no whole record of {self.readings}: there is no spectrum yet")
        times, records = read[: whole * self.readings].T.reshape(2, whole, self.readings)
        return times, records

    def _record(self, index: int) -> list[NDArray[np.float64]]:
        """Fill the buffer once."""
        meter = self.bench.source_meter
        meter.start_block()
        resistances = self.bias / meter.fetch_block()
        none = np.full(self.readings, math.nan)
        times = np.arange(self.readings) * meter.block_interval()
        return [np.full(self.readings, index + 1.0), times, resistances, none, none]

    def _refuse_what_is_no_device(self, resistances: NDArray[np.float64]) -> None:
        """Refuse to call the noise of an open or shorted contact a device's."""
        device = self.bench.file.device
        mean = 1 / float(np.mean(1 / resistances))
        wrong = diagnosis_of(mean, device.resistance, device.highest_resistance or 2 * device.resistance)
        if wrong:
            raise InstrumentError(wrong)

    @staticmethod
    def _corner(spectrum: NoiseSpectrum) -> tuple[float, float, str]:
        """Give the 1/f corner with its error; infinite where no white floor is seen."""
        if spectrum.white.value < 2 * spectrum.white.uncertainty:
            return math.inf, math.inf, "Hz"
        parts = (estimate.uncertainty / estimate.value for estimate in (spectrum.flicker, spectrum.white))
        return spectrum.corner, spectrum.corner * math.hypot(*parts), "Hz"


def _interval(times: NDArray[np.float64]) -> float:
    """Give the time between two readings [s] of records, shape (records, readings)."""
    return float(np.mean(np.diff(times)))


def _window(results: Mapping[str, Quantity]) -> float | None:
    """Give the time over which a reading integrates [s], where the recording tells it."""
    return results[INTEGRATION_TIME].value if INTEGRATION_TIME in results else None
