"""Unidirectional magnetoresistance against current and field, beside heat and the anomalous Nernst effect."""

import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import BooleanParameter, FloatParameter

from mtjlab.analysis import POOR
from mtjlab.analysis.plots import umr_plot
from mtjlab.analysis.spin_orbit_torque import UnidirectionalMagnetoresistance, torque_hall
from mtjlab.core import FitError, Quantity
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.spin_orbit_torque.bar_procedure import BarProcedure

__all__ = ["UnidirectionalResistance"]


class UnidirectionalResistance(BarProcedure):
    """Read the bar at both signs of several currents in a field across it, up and down: what turns with both is UMR.

    The ratio is (R(+I) - R(-I))/R with the magnetisation along +y; its power of the current is found, over all
    where one describes it, and at both ends. Heat is even in
    the current and goes out. With `transverse` the voltage across is read in a field along the bar: it bounds the
    anomalous Nernst effect, and with `anomalous_hall`, `damping_like_field` and `demagnetising_field` told, and
    `planar_hall`, `field_per_ampere` and `anisotropy_field`, that is subtracted: see
    `mtjlab.analysis.spin_orbit_torque.UnidirectionalMagnetoresistance`.
    """

    smallest = LimitedParameter("Smallest current", limit="current", units="A", default=2e-4, minimum=1e-9, maximum=1.0)
    largest = LimitedParameter("Largest current", limit="current", units="A", default=2e-3, minimum=1e-9, maximum=1.0)
    currents = CountParameter("Currents", default=6, minimum=1, maximum=1000)
    field = LimitedParameter("Field", limit="field", units="T", default=0.05, minimum=1e-4, maximum=10.0)
    repeats = CountParameter("Repeats", default=10, minimum=2, maximum=100_000)
    transverse = BooleanParameter("Bound the Nernst effect by the voltage across", default=True)
    length_over_width = FloatParameter("Length over width", default=4.0, minimum=-1e3, maximum=1e3)
    anomalous_hall = FloatParameter(
        "Anomalous Hall resistance, 0 if unknown", units="Ω", default=0.0, minimum=-1e3, maximum=1e3
    )
    damping_like_field = FloatParameter(
        "Damping-like field per current", units="T/A", default=0.0, minimum=-1e6, maximum=1e6
    )
    demagnetising_field = FloatParameter("Known Beff", units="T", default=0.0, minimum=0.0, maximum=10.0)
    planar_hall = FloatParameter("Planar Hall resistance", units="Ω", default=0.0, minimum=-1e3, maximum=1e3)
    field_per_ampere = FloatParameter("Field per current", units="T/A", default=0.0, minimum=-1e6, maximum=1e6)
    anisotropy_field = FloatParameter("Known Bk in the plane", units="T", default=0.0, minimum=-10.0, maximum=10.0)
    known_error = FloatParameter("Relative uncertainty of each", default=0.05, minimum=0.0, maximum=1.0)

    fit_settings = (
        "length_over_width", "anomalous_hall", "damping_like_field", "demagnetising_field", "planar_hall",
        "field_per_ampere", "anisotropy_field", "known_error",
    )  # fmt: skip

    live_columns = ("Current (A)", "Voltage (V)")
    DATA_COLUMNS: ClassVar[list[str]] = ["Transverse", "Direction", "Current (A)", "Voltage (V)"]
    column_notes: ClassVar[dict[str, str]] = {
        "Transverse": "0 voltage along the bar in a field across it, 1 voltage across in a field along",
        "Direction": "of the field",
    }

    fitted: UnidirectionalMagnetoresistance
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self.connect(self.largest, self.field if self.transverse else 0.0, self.field, transverse=self.transverse)

    def execute(self) -> None:
        """Read at every current in every direction."""
        sizes = np.geomspace(self.smallest, self.largest, self.currents).tolist()
        kinds = (0, 1) if self.transverse else (0,)
        for repeat in range(self.repeats):
            # Turned round at each repeat, so that drift hits both directions alike.
            ways = (1, -1) if repeat % 2 == 0 else (-1, 1)
            for kind, way in ((kind, way) for kind in kinds for way in ways):
                for current in (sign * size for size in sizes for sign in ways):
                    if self.should_stop():
                        return
                    self.row([kind, way, current], partial(self._read, kind, way, current))
            self.report(ProgressEvent(100.0 * (repeat + 1) / self.repeats))

    def _read(self, kind: int, way: int, current: float) -> tuple[float]:
        field = way * self.field
        self._field.set(field if kind else 0.0, 0.0 if kind else field)
        return (self.voltage(current, transverse=bool(kind)),)

    def fit_rows(self, task: FitTask) -> None:
        """Take the readings apart.

        Parameters
        ----------
        task
            Recorded rows, and whom to tell what is found.
        """
        found = self.fitted = self._contrasts(task.rows)
        results = {
            "UMR ratio at the largest current": found.ratios[-1],
            "UMR found": Quantity(float(found.is_there), math.nan, "1"),
            "R0": found.resistances[0],
        }
        if len(found.currents) > 2:
            results["heating"] = found.heating
        if math.isfinite(found.nernst[-1].value):
            results["Nernst share of the ratio"] = found.nernst_bound
        if found.local_powers:
            results["power at the smallest currents"] = found.local_powers[0]
            results["power at the largest currents"] = found.local_powers[-1]
        law = self.attempt(found.power_law)
        # One power describes it within one regime only.
        if law is not None and law.goodness.p_value > POOR:
            results["power of the current"] = law.exponent
        task.found(results)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        found = self._contrasts(rows)
        law = self.attempt(found.power_law)
        return umr_plot(found, law if law is not None and law.goodness.p_value > POOR else None, title)

    def _contrasts(self, rows: NDArray[np.float64]) -> UnidirectionalMagnetoresistance:
        kind, way, current, volts = rows.T
        along, across = kind == 0, kind == 1
        transverse = (current[across], way[across], volts[across]) if across.any() else None
        if not along.any():
            raise FitError("no voltage along the bar was read yet")
        ohms = volts[along] / current[along]
        return UnidirectionalMagnetoresistance.analyse(
            current[along], way[along], ohms, transverse, self.length_over_width, self._torque_hall()
        )

    def _torque_hall(self) -> Quantity | None:
        """Give what the torques add to the transverse resistance per ampere; None where it is not told."""
        if not (self.anomalous_hall and self.demagnetising_field):
            return None
        lifted = self.damping_like_field / (self.demagnetising_field + self.field)
        turned = self.field_per_ampere / (self.field - self.anisotropy_field)
        known = (self.anomalous_hall, lifted, self.planar_hall, turned)
        return torque_hall(*(Quantity(each, abs(each) * self.known_error) for each in known))

    @property
    def _readings(self) -> int:
        return int(4 * self.currents * self.repeats * (2 if self.transverse else 1))
