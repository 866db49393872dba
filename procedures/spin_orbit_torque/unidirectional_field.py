"""Unidirectional magnetoresistance of a bar against the angle and the size of a field in the plane."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import ListParameter

from mtjlab.analysis.plots import umr_turn_plot
from mtjlab.analysis.spin_orbit_torque import UnidirectionalTurn
from mtjlab.core import FitError, InputError, Quantity
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.spin_orbit_torque.bar_procedure import BarProcedure

__all__ = ["UnidirectionalField"]


class UnidirectionalField(BarProcedure):
    """Turn fields of several sizes in the plane and read the bar at both signs of one current: UMR follows my.

    The UMR ratio in each field, its power of the field, whether one ratio describes all fields, and the field of the
    current, which is told apart by its course (`UnidirectionalTurn`). The anomalous Nernst effect is in the ratio; it
    does not depend on the field, as what magnons make does. Every field must be above the anisotropy field.
    """

    current = LimitedParameter("Current", limit="current", units="A", default=2e-3, minimum=1e-9, maximum=1.0)
    lowest = LimitedParameter("Lowest field", limit="field", units="T", default=0.02, minimum=1e-4, maximum=10.0)
    highest = LimitedParameter("Highest field", limit="field", units="T", default=0.1, minimum=1e-4, maximum=10.0)
    fields = CountParameter("Fields", default=4, minimum=1, maximum=1000)
    spacing = ListParameter("Spacing of the fields", choices=["logarithmic", "linear"], default="logarithmic")
    points = CountParameter("Angles on a turn", default=25, minimum=12, maximum=100_000)

    live_columns = ("Angle (rad)", "Resistance (ohm)")
    DATA_COLUMNS: ClassVar[list[str]] = ["Field (T)", "Angle (rad)", "Current (A)", "Resistance (ohm)"]
    column_notes: ClassVar[dict[str, str]] = {
        "Angle (rad)": "of the field, from the axis of the coil for the field along the bar"
    }

    fitted: UnidirectionalTurn
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is.

        Raises
        ------
        InputError
            If the lowest field is above the highest.
        """
        if self.lowest > self.highest:
            raise InputError(
                f"lowest = {self.lowest:g} T is above highest = {self.highest:g} T: give it up to that",
                argument="lowest",
            )
        self.connect(self.current, self.highest, self.highest)

    def execute(self) -> None:
        """Turn each field once."""
        spaced = np.geomspace if self.spacing == "logarithmic" else np.linspace
        sizes = spaced(self.lowest, self.highest, self.fields).tolist()
        angles = np.linspace(0.0, 2 * np.pi, self.points).tolist()
        done, total = 0, len(sizes) * len(angles)
        for size in sizes:
            for angle in angles:
                # +I and -I by turns, the first of them too, so that drift goes out.
                for sign in (1, -1) if done % 2 == 0 else (-1, 1):
                    if self.should_stop():
                        return
                    self.row([size, angle, sign * self.current], partial(self._read, size, angle, sign))
                done += 1
                self.report(ProgressEvent(100.0 * done / total))

    def _read(self, size: float, angle: float, sign: int) -> tuple[float]:
        self._field.turn(size, angle)
        return (self.resistance(sign * self.current),)

    def fit_rows(self, task: FitTask) -> None:
        """Fit the turns.

        Parameters
        ----------
        task
            Recorded rows, and whom to tell what is found.
        """
        fitted = self.fitted = self._fit(task.rows)
        found = {
            "UMR ratio in the lowest field": fitted.ratios[0],
            "UMR ratio in the highest field": fitted.ratios[-1],
            "UMR found": Quantity(float(fitted.is_there), float("nan"), "1"),
            "field per ampere": fitted.per_ampere,
            "misalignment": fitted.resistances[-1].misalignment,
            "Bk": fitted.resistances[0].anisotropy_field,
        }
        if fitted.fields.size > 1:
            found["one ratio in all fields (p)"] = Quantity(fitted.constancy.p_value, float("nan"), "1")
            power = self.attempt(lambda: fitted.field_power)
            if power is not None:
                found["power of the field"] = power
        task.found(found)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        fields, angles, plus, minus = self._pairs(rows)
        return umr_turn_plot(fields, angles, (plus - minus) / 2, self.attempt(lambda: self._fit(rows)), title)

    def _fit(self, rows: NDArray[np.float64]) -> UnidirectionalTurn:
        fields, angles, plus, minus = self._pairs(rows)
        whole = len(fields) // self.points * self.points
        if not whole:
            raise FitError("no field has been turned once yet")
        return UnidirectionalTurn.fit(fields[:whole], angles[:whole], plus[:whole], minus[:whole], self.current)

    @staticmethod
    def _pairs(
        rows: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Give sizes and angles of the field, and the resistances at +I and at -I."""
        pairs = rows[: len(rows) // 2 * 2].reshape(-1, 2, 4)
        first = pairs[:, 0, 2] > 0
        read = pairs[:, :, 3]
        return (
            pairs[:, 0, 0],
            pairs[:, 0, 1],
            np.where(first, read[:, 0], read[:, 1]),
            np.where(first, read[:, 1], read[:, 0]),
        )

    @property
    def _readings(self) -> int:
        return int(2 * self.fields * self.points)
