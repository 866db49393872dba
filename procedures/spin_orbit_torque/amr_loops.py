"""Loops of the resistance in a field at several currents: the field that the current makes in the bar."""

import logging
import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter, ListParameter

from mtjlab.analysis.plots import field_shift_plot
from mtjlab.analysis.spin_orbit_torque import CurrentInducedField, FieldLoops
from mtjlab.core import FitError, InputError, Quantity
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.spin_orbit_torque.bar_procedure import LayeredBarProcedure

__all__ = ["AmrLoops"]

log = logging.getLogger(__name__)


class AmrLoops(LayeredBarProcedure):
    """Sweep a field in the plane up and down at currents of both signs, and find the field that they add to it.

    Per ampere that is the field-like torque's field and Oersted's, of which the latter follows from the width of the
    bar (`CurrentInducedField`). The damping-like torque is not in it.

    A type-y bar shows features only if its easy axis is canted, the field tilted, or `along` holds it: give a small
    one, a tenth to a third of the anisotropy field. Tell the misalignment that `amr-angle` finds.

    With `axis` along, the field along the bar is swept and `across` is held: the current's field adds to that. Give one
    that is larger than the current's, for without it both signs of the current make the same curve.
    """

    axis = ListParameter("Field that is swept", choices=["across", "along"], default="across")

    largest = LimitedParameter("Largest current", limit="current", units="A", default=1e-3, minimum=1e-9, maximum=1.0)
    currents = CountParameter("Currents of each sign", default=3, minimum=1, maximum=1000)
    field = LimitedParameter("Largest field", limit="field", units="T", default=0.03, minimum=1e-4, maximum=10.0)
    along = LimitedParameter(
        "Field held along the bar", limit="field", units="T", default=0.0, minimum=-10.0, maximum=10.0
    )
    across = LimitedParameter(
        "Field held across the bar", limit="field", units="T", default=0.0, minimum=-10.0, maximum=10.0
    )
    points = CountParameter("Fields a way", default=61, minimum=8, maximum=100_000)
    loops = CountParameter("Loops at each current", default=1, minimum=1, maximum=10_000)
    misalignment = FloatParameter("Misalignment of the coils", units="rad", default=0.0, minimum=-0.8, maximum=0.8)

    fit_settings = ("misalignment", *LayeredBarProcedure.layer_settings)

    live_columns = ("Field (T)", "Resistance (ohm)")
    DATA_COLUMNS: ClassVar[list[str]] = ["Current (A)", "Loop", "Way", "Field (T)", "Resistance (ohm)"]
    column_notes: ClassVar[dict[str, str]] = {"Loop": "number of the loop, from 1", "Way": "1 up, 2 down"}

    fitted: CurrentInducedField
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self._refuse_both()
        along, across = (self.field, self.across) if self._sweeps_along else (self.along, self.field)
        self.connect(self.largest, along, across)

    def _refuse_both(self) -> None:
        """Refuse a field held on the axis that is swept."""
        name = "along" if self._sweeps_along else "across"
        if value := getattr(self, name):
            raise InputError(
                f"{name} = {value:g} T: the field {name} the bar is the one that is swept (axis); give 0", argument=name
            )

    @property
    def _sweeps_along(self) -> bool:
        return bool(self.axis == "along")

    def execute(self) -> None:
        """Sweep the loops."""
        way = np.linspace(-self.field, self.field, self.points)
        currents = self._currents()
        done, total = 0, currents.size * self.loops * 2
        for current in currents.tolist():
            for loop, index in np.ndindex(self.loops, 2):
                for field in way[:: -1 if index else 1].tolist():
                    if self.should_stop():
                        return
                    # Fields of rows that the recording holds are passed through all the same: the bar remembers them.
                    self._field.set(*((field, self.across) if self._sweeps_along else (self.along, field)))
                    self.row([current, loop + 1, index + 1, field], partial(self._read, current))
                done += 1
                self.report(ProgressEvent(100.0 * done / total))

    def _read(self, current: float) -> tuple[float]:
        return (self.resistance(current),)

    def _currents(self) -> NDArray[np.float64]:
        """Give the currents, both signs of each size in turn, so that drift hits both alike."""
        sizes = np.linspace(self.largest / self.currents, self.largest, self.currents)
        return np.stack([sizes, -sizes], axis=1).ravel()

    def fit_rows(self, task: FitTask) -> None:
        """Fit the loops of all currents, then a straight line through their shifts.

        Parameters
        ----------
        task
            Recorded rows, and whom to tell what is found.
        """
        loops = self._fit(task.rows)
        task.check()
        fitted = self.fitted = CurrentInducedField.fit(loops, self.oersted or 0.0)
        found = {
            "field per ampere": fitted.per_ampere,
            "field without current": fitted.offset,
            "Bk": loops.anisotropy_field,
            "canting": loops.canting,
            "goodness of the straight line (p)": Quantity(fitted.goodness.p_value, math.nan, "1"),
        }
        if not (self._sweeps_along and loops.anisotropy_field.value > 0):  # that of a hard axis is Bk
            found["coercive field"] = Quantity(float(loops.coercive_fields.mean()), math.nan, "T")
        if self.oersted is not None:
            found["Oersted field per ampere"] = fitted.oersted
            found["field-like field per ampere"] = fitted.field_like
        task.found(found)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        loops = self.attempt(lambda: self._fit(rows))
        line = None if loops is None else self.attempt(lambda: CurrentInducedField.fit(loops, self.oersted or 0.0))
        return field_shift_plot(rows[:, 0], rows[:, 3], rows[:, 4], loops, line, title, axis=self.axis)

    def _fit(self, rows: NDArray[np.float64]) -> FieldLoops:
        """Fit the currents whose loops are whole."""
        size = self.loops * 2 * self.points
        whole = len(rows) // size
        if not whole:
            raise FitError("there is no whole loop yet: go up and down at least once")
        shaped = rows[: whole * size].reshape(whole, self.loops, 2, self.points, len(self.DATA_COLUMNS))
        fields, ohms = shaped[..., 3], shaped[..., 4]
        across = self.across if self._sweeps_along else None
        return FieldLoops.fit(shaped[:, 0, 0, 0, 0], fields, ohms, self.along, self.misalignment, across)

    @property
    def _readings(self) -> int:
        return int(4 * self.currents * self.loops * self.points)
