"""Resistance against the angle of a field in the plane: AMR, planar Hall effect, alignment."""

import logging
import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import BooleanParameter

from mtjlab.analysis.plots import turn_plot
from mtjlab.analysis.spin_orbit_torque import AngleDependence
from mtjlab.core import Quantity
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.spin_orbit_torque.bar_procedure import BarProcedure

__all__ = ["AmrAngle"]

log = logging.getLogger(__name__)


class AmrAngle(BarProcedure):
    """Turn a field in the plane and read the bar along, and with `transverse` across, at both signs of a current.

    The mean of both signs has the AMR (with the spin Hall magnetoresistance, of the same course in the plane), the
    angle between field and bar, and the anisotropy field by the lag of the magnetisation (`AngleDependence`). A thermal
    voltage of the contacts and all that is odd in the current is gone from it.
    """

    current = LimitedParameter("Current", limit="current", units="A", default=5e-4, minimum=1e-9, maximum=1.0)
    field = LimitedParameter("Field", limit="field", units="T", default=0.05, minimum=1e-4, maximum=10.0)
    points = CountParameter("Angles on a turn", default=73, minimum=12, maximum=100_000)
    turns = CountParameter("Turns", default=1, minimum=1, maximum=1000)
    transverse = BooleanParameter("Read across the bar, too", default=True)

    live_columns = ("Angle (rad)", "Resistance (ohm)")
    DATA_COLUMNS: ClassVar[list[str]] = [
        "Angle (rad)",
        "Current (A)",
        "Resistance (ohm)",
        "Transverse resistance (ohm)",
    ]
    column_notes: ClassVar[dict[str, str]] = {
        "Angle (rad)": "of the field, from the axis of the coil for the field along the bar"
    }

    fitted: AngleDependence
    """What was found along the bar."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self.connect(self.current, self.field, self.field, transverse=self.transverse)

    def execute(self) -> None:
        """Turn the field."""
        angles = np.linspace(0.0, 2 * math.pi * self.turns, (self.points - 1) * self.turns + 1)
        for number, angle in enumerate(angles.tolist()):
            for sign in (1, -1):
                if self.should_stop():
                    return
                self.row([angle, sign * self.current], partial(self._read, angle, sign * self.current))
            self.report(ProgressEvent(100.0 * (number + 1) / angles.size))

    def _read(self, angle: float, current: float) -> tuple[float, float]:
        self._field.turn(self.field, angle)
        along = self.resistance(current)
        return along, self.resistance(current, transverse=True) if self.transverse else math.nan

    def fit_rows(self, task: FitTask) -> None:
        """Fit the turn.

        Parameters
        ----------
        task
            Recorded rows, and whom to tell what is found.
        """
        angles, along, across = self._even(task.rows)
        fitted = self.fitted = AngleDependence.fit(angles, along, self.field)
        found = {
            "R0": fitted.base,
            "AMR": fitted.amplitude,
            "AMR ratio": fitted.ratio,
            "misalignment": fitted.misalignment,
            "misalignment found": Quantity(float(fitted.is_misaligned), math.nan, "1"),
            "Bk": fitted.anisotropy_field,
        }
        if np.isfinite(across).all():
            found["planar Hall resistance"] = AngleDependence.fit(angles, across, self.field, transverse=True).amplitude
        task.found(found)
        if fitted.is_misaligned:
            degrees = math.degrees(1) * fitted.misalignment.value
            log.warning(
                "the field is turned by %.2f° from the axes of the bar: turn bar or coils, or set misalignment = %.4g "
                "in amr-loops, which counts with it",
                degrees,
                fitted.misalignment.value,
            )

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        angles, along, _ = self._even(rows)
        return turn_plot(angles, along, self.attempt(lambda: AngleDependence.fit(angles, along, self.field)), title)

    @staticmethod
    def _even(rows: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Give angles, and means over both signs of the current along and across."""
        pairs = rows[: len(rows) // 2 * 2].reshape(-1, 2, 4)
        return pairs[:, 0, 0], pairs[:, :, 2].mean(axis=1), pairs[:, :, 3].mean(axis=1)

    @property
    def _readings(self) -> int:
        return 2 * ((self.points - 1) * self.turns + 1) * (2 if self.transverse else 1)
