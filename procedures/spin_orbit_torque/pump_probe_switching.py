"""Pump-probe switching: write pulses of both signs by turns, and how often they switch the bar."""

import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.plots import write_plot
from mtjlab.analysis.spin_orbit_torque import switched_share, two_levels
from mtjlab.core import Quantity
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.spin_orbit_torque.pump_probe import PumpProbeProcedure

__all__ = ["PumpProbeSwitching"]


class PumpProbeSwitching(PumpProbeProcedure):
    """Send +I and -I by turns, probe after each, and count what switched."""

    current = LimitedParameter("Write current", limit="current", units="A", default=2.5e-3, minimum=1e-9, maximum=1.0)
    width = LimitedParameter(
        "Pulse width", limit="current_pulse_width", units="s", default=1e-4, minimum=1e-9, maximum=10.0
    )
    pulses = CountParameter("Pulses", default=40, minimum=8, maximum=10_000_000)

    live_columns = ("Pulse", "Signal (ohm)")
    DATA_COLUMNS: ClassVar[list[str]] = ["Pulse", "Write current (A)", "Signal (ohm)"]

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self.connect_pump(self.current, self.width)

    def execute(self) -> None:
        """Write and probe."""
        for pulse in range(self.pulses):
            if self.should_stop():
                return
            current = self.current * (1 - 2 * (pulse % 2))
            self.row([pulse + 1, current], partial(self._write_and_probe, current))
            self.report(ProgressEvent(100.0 * (pulse + 1) / self.pulses))

    def _write_and_probe(self, current: float) -> tuple[float]:
        self.write(current, self.width)
        return (self.signal(),)

    def fit_rows(self, task: FitTask) -> None:
        """Tell the states apart and count.

        Parameters
        ----------
        task
            Recorded rows, and whom to tell what is found.
        """
        currents, read = task.rows[:, 1], task.rows[:, 2]
        threshold, contrast = two_levels(read)
        high = read > threshold
        upwards = bool(high[currents > 0].mean() > high[currents < 0].mean())
        found = {
            "contrast of the states": Quantity(contrast, math.nan, "1"),
            "signal of the states": Quantity(float(read[high].mean() - read[~high].mean()) / 2, math.nan, "Ω"),
            "positive current writes the higher": Quantity(float(upwards), math.nan, "1"),
        }
        for name, sign in (("positive", 1), ("negative", -1)):
            towards = upwards == (sign > 0)
            # The first pulse does not know the state before it.
            tried = (np.sign(currents[1:]) == sign) & (high[:-1] != towards)
            found[f"P(switch) of {name} pulses"] = switched_share(
                int((high[1:] == towards)[tried].sum()), int(tried.sum())
            )
        task.found(found)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        level = self.attempt(lambda: two_levels(rows[:, 2])[0])
        return write_plot(rows[:, 1], rows[:, 2], level, title)

    @property
    def _readings(self) -> int:
        return int(self.pulses) * self._probe_readings

    @property
    def _pulsing(self) -> float:
        return float(self.pulses * (self.pause + self.width))
