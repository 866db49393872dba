"""How the cells of an array flip against amplitude: what a schedule of flips is made with."""

import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.memory_array import FlipCurve
from mtjlab.analysis.plots import flip_curve_plot
from mtjlab.core import FitError, InputError, Quantity
from mtjlab.instruments import InstrumentError
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.table_procedure import TableProcedure

__all__ = ["CalibrateArray"]

HALF = 0.5
"""The flip probability of a fair bit."""
ROUND_TRIP = 0.02
"""Time that a pattern takes to be written, pulsed and read [s]."""


class CalibrateArray(TableProcedure):
    """Measure P(switch) of all cells against amplitude, from both states.

    At each amplitude the array is written to 0, read, pulsed once and read again, then the same from 1, `repeats`
    times. The share of the cells that switched, from each state, and how far cells differ beyond chance are recorded; a
    monotone curve through the shares gives the amplitude for a wanted flip probability. Cells that are never read as
    what was written to them, from one state or the other, are counted: they are stuck.
    """

    first = LimitedParameter("First amplitude", limit="array_amplitude", units="V", default=1.0, minimum=0.0)
    last = LimitedParameter("Last amplitude", limit="array_amplitude", units="V", default=1.3, minimum=0.0)
    points = CountParameter("Amplitudes", default=31, minimum=3, maximum=10_000)
    repeats = CountParameter("Pulses of each cell and state", default=10, minimum=2, maximum=100_000)
    width = LimitedParameter("Pulse width", limit="array_width", units="s", default=1.5e-9, minimum=1e-9)
    wanted = FloatParameter("Wanted flip probability", default=0.1, minimum=0.0, maximum=1.0)

    DATA_COLUMNS: ClassVar[list[str]] = [
        "Amplitude (V)",
        "Share switched from 0",
        "Share switched from 1",
        "Spread of cells from 0",
        "Spread of cells from 1",
        "Stuck cells",
    ]

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self._array = self.bench.junction_array
        for amplitude in (self.first, self.last):
            self.bench.interlock.limited("array_amplitude", amplitude)
        self.bench.interlock.limited("array_width", self.width)

    def startup(self) -> None:
        """Connect the drivers of the array."""
        self.configure()
        self._array.switch_on()

    def execute(self) -> None:
        """Go through the amplitudes."""
        for number, amplitude in enumerate(self.amplitudes):
            self.row([float(amplitude)], lambda amplitude=float(amplitude): self._measured(amplitude))  # type: ignore[misc]
            self.report(ProgressEvent(100.0 * (number + 1) / self.points))
            if self.should_stop():
                break

    def fit_rows(self, task: FitTask) -> None:
        """Fit the curve, and find the amplitude for the wanted probability.

        Parameters
        ----------
        task
            Recorded rows; takes what is found.

        Raises
        ------
        FitError
            If there are too few amplitudes, or the curve does not reach the wanted probability.
        """
        rows, settings = task.rows, task.bench.roles.junction_array
        cells = settings.rows * settings.columns if settings is not None else 1
        curve = FlipCurve.fit(rows[:, 0], rows[:, 1], rows[:, 2], self.repeats * cells)
        found = {"stuck cells": Quantity(float(np.median(rows[:, 5])), 0.0, "1")}
        if curve.range[0] <= HALF <= curve.range[1]:
            found["amplitude for one half"] = curve.amplitude_for(HALF)
        task.found(found)
        try:
            amplitude = curve.amplitude_for(self.wanted)
        except InputError as error:
            raise FitError(str(error)) from None
        zero, one = curve.chances(amplitude.value)
        task.found(
            {
                "amplitude for the wanted probability": amplitude,
                "P(switch) from 0 there": Quantity(zero, unit="1"),
                "P(switch) from 1 there": Quantity(one, unit="1"),
            }
        )

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw both shares against the amplitude, with the spread of the cells, as a PNG.

        Parameters
        ----------
        rows
            Rows as they were recorded, shape (N, columns).
        results
            What was found, by name.
        title
            Stands above the picture.
        """
        amplitude = results.get("amplitude for the wanted probability")
        return flip_curve_plot(rows[:, 0], rows[:, 1:3], rows[:, 3:5], amplitude, title)

    @property
    def amplitudes(self) -> NDArray[np.float64]:
        """Amplitudes [V], evenly spaced, shape (points,)."""
        return np.linspace(self.first, self.last, self.points)

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: that of the patterns."""
        return START + 2 * self.points * self.repeats * ROUND_TRIP

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=self.points, columns=len(self.DATA_COLUMNS))

    def _measured(self, amplitude: float) -> tuple[float, ...]:
        """Pulse all cells from both states; give shares, spreads, and how many are stuck."""
        shares, spreads, stuck = [], [], np.zeros(self._array.shape, bool)
        for state in (0, 1):
            counts = np.zeros(self._array.shape, np.int64)
            start = np.full(self._array.shape, state, np.uint8)
            never = np.ones(self._array.shape, bool)
            for _ in range(self.repeats):
                self._array.write_pattern(start)
                before = self._array.read_pattern()
                self._array.send_pulse(amplitude, self.width)
                counts += self._array.read_pattern() != before
                never &= before != start
            stuck |= never
            shares.append(float(counts.mean()) / self.repeats)
            spreads.append(_spread(counts, self.repeats))
        if stuck.all():
            raise InstrumentError(
                "no cell of the array takes what is written to it: the cells are stuck, open or shorted, or the tester "
                "is not connected to them"
            )
        return (*shares, *spreads, float(stuck.sum()))


def _spread(counts: NDArray[np.int64], trials: int) -> float:
    """Give the standard deviation of P over cells, without that of the counts; zero where chance explains it."""
    share = counts / trials
    # Unbiased for the mean of p (1 - p) over cells that differ.
    chance = float((share * (1 - share)).mean()) / (trials - 1)
    return math.sqrt(max(0.0, float(share.var(ddof=1 if share.size > 1 else 0)) - chance))
