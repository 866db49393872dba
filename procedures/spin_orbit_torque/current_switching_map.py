"""Where a bar switches in the plane of write current and field along it."""

import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.plots import phase_map_plot
from mtjlab.analysis.spin_orbit_torque import SwitchingPhaseMap
from mtjlab.core import InputError, Quantity
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.spin_orbit_torque.pump_probe import Levels, PumpProbeProcedure

__all__ = ["CurrentSwitchingMap"]

TRIES = 5


class CurrentSwitchingMap(PumpProbeProcedure):
    """At each field along the bar and each write current, bring the bar into the other state, pulse, and count.

    A pulse of the reset current and the other sign brings it there; its probe verifies that. The currents at which half
    of the pulses switch, of each sign, are the boundaries of the map (`SwitchingPhaseMap`).
    """

    largest = LimitedParameter(
        "Largest write current", limit="current", units="A", default=2.2e-3, minimum=1e-9, maximum=1.0
    )
    reset = LimitedParameter("Reset current", limit="current", units="A", default=2.6e-3, minimum=1e-9, maximum=1.0)
    points = CountParameter("Currents of each sign", default=12, minimum=4, maximum=10_000)
    width = LimitedParameter(
        "Pulse width", limit="current_pulse_width", units="s", default=1e-4, minimum=1e-9, maximum=10.0
    )
    field = LimitedParameter(
        "Largest field along the bar", limit="field", units="T", default=2e-3, minimum=0.0, maximum=10.0
    )
    fields = CountParameter("Fields", default=5, minimum=1, maximum=10_000)
    pulses = CountParameter("Pulses at a setting", default=4, minimum=1, maximum=100_000)

    live_columns = ("Write current (A)", "Field (T)")
    live_share = (("Switched",), ("Pulses",))
    DATA_COLUMNS: ClassVar[list[str]] = ["Field (T)", "Write current (A)", "Pulses", "Switched"]

    fitted: SwitchingPhaseMap
    """What was found."""

    _levels: Levels

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is.

        Raises
        ------
        InputError
            If the reset current is not above the largest write current by anything.
        """
        if self.reset < self.largest:
            raise InputError(
                f"reset = {self.reset:g} A: give at least the largest write current, largest = {self.largest:g} A"
            )
        self.connect_pump(self.reset, self.width, self.field)

    def startup(self) -> None:
        """Switch current and coils on, and find what the two states read."""
        super().startup()
        self._levels = self.find_levels(self.reset, self.width)

    def execute(self) -> None:
        """Map."""
        fields = np.linspace(-self.field, self.field, self.fields) if self.fields > 1 else np.zeros(1)
        sizes = np.linspace(self.largest / self.points, self.largest, self.points)
        settings = [(field, sign * size) for field in fields.tolist() for sign in (1, -1) for size in sizes.tolist()]
        for number, (field, current) in enumerate(settings):
            if self.should_stop():
                return
            self.row([field, current], partial(self._count, field, current))
            self.report(ProgressEvent(100.0 * (number + 1) / len(settings)))

    def _count(self, field: float, current: float) -> tuple[int, int]:
        tried = switched = 0
        for _ in range(self.pulses):
            if not self._prepare(field, -math.copysign(self.reset, current)):
                continue
            tried += 1
            self.write(current, self.width)
            switched += self._is_positive(field) == (current > 0)
        return tried, switched

    def _prepare(self, field: float, current: float) -> bool:
        """Bring the bar into the state that a current writes; tell whether it is there."""
        self._field.set(field, 0.0)
        for _ in range(TRIES):
            self.write(current, self.width)
            if self._is_positive(field) == (current > 0):
                return True
        return False

    def _is_positive(self, field: float) -> bool:
        """Tell whether the bar is in the state that a positive current writes."""
        return (self.signal(field) - self._levels.threshold) * self._levels.sign > 0

    def fit_rows(self, task: FitTask) -> None:
        """Find the boundaries.

        Parameters
        ----------
        task
            Recorded rows, and whom to tell what is found.
        """
        fitted = self.fitted = self._map(task.rows)
        found = {}
        for field, up, down in zip(fitted.fields.tolist(), fitted.positive, fitted.negative, strict=True):
            for sign, current in (("positive", up), ("negative", down)):
                if math.isfinite(current.value):
                    found[f"critical current, {sign}, at {field:.4g} T"] = current
        task.found(found)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        fields, currents, count, switched = rows.T
        return phase_map_plot(currents, fields, switched, count, self.attempt(lambda: self._map(rows)), title)

    @staticmethod
    def _map(rows: NDArray[np.float64]) -> SwitchingPhaseMap:
        fields, currents, count, switched = rows.T
        return SwitchingPhaseMap.fit(currents, fields, switched, count)

    @property
    def _readings(self) -> int:
        return int(2 * self.fields * self.points * self.pulses * 2) * self._probe_readings

    @property
    def _pulsing(self) -> float:
        return float(self._readings / self._probe_readings * (self.pause + self.width))

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return super().estimated_bytes // int(2 * self.pulses * self._probe_readings) + 10_000
