"""Harmonics of the voltage along a bar under an alternating current, against the angle of a field."""

import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.plots import harmonic_plot
from mtjlab.analysis.spin_orbit_torque import HarmonicAngle
from mtjlab.core import FitError, Quantity
from mtjlab.instruments import InstrumentError
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import BY_COMMAND, START, computed
from mtjlab.procedures.spin_orbit_torque.bar_field import BarField
from mtjlab.procedures.spin_orbit_torque.bar_procedure import BarProcedure

__all__ = ["HarmonicTurn"]

SETTLING = 10.0
"""Time constants that a change takes to settle, about."""
MARGIN = 1.5
"""Full scale of the lock-in over the voltage that is expected."""


class HarmonicTurn(BarProcedure):
    """Turn a field in the plane under a sinusoidal current; a lock-in reads its first and its second harmonic.

    The first is the AMR, the second holds the UMR at the peak of the current and the field of the current, which are
    told apart by their courses (`HarmonicAngle`): the harmonic version of `amr-angle`, `amr-loops` and
    `unidirectional-magnetoresistance`. The anomalous Nernst effect is in the UMR. The UMR at the peak is right for one
    that is linear in the current, cubic, or a sum of both; where it saturates tell `umr_power`, the power of the
    current there as `unidirectional-magnetoresistance` finds it: at 0 the ratio is 1.18 times as large.
    """

    current = LimitedParameter("Peak current", limit="current", units="A", default=5e-4, minimum=1e-9, maximum=1.0)
    frequency = FloatParameter("Frequency", units="Hz", default=137.0, minimum=0.1, maximum=1e5)
    field = LimitedParameter("Field", limit="field", units="T", default=0.05, minimum=1e-4, maximum=10.0)
    points = CountParameter("Angles on a turn", default=37, minimum=12, maximum=100_000)
    time_constant = FloatParameter("Time constant of the lock-in", units="s", default=0.1, minimum=1e-5, maximum=1e3)
    resistance_about = FloatParameter(
        "Resistance of the bar, about", units="Ω", default=1300.0, minimum=1e-3, maximum=1e9
    )
    umr_power = FloatParameter("Power of the current that the UMR follows", default=1.0, minimum=0.0, maximum=6.0)
    second_about = FloatParameter("Second over first harmonic, at most", default=0.01, minimum=1e-9, maximum=1.0)

    fit_settings = ("umr_power",)

    live_columns = ("Angle (rad)", "X (V)")
    DATA_COLUMNS: ClassVar[list[str]] = ["Harmonic", "Angle (rad)", "X (V)", "Y (V)"]
    column_notes: ClassVar[dict[str, str]] = {
        "X (V)": "rms, in phase with the current",
        "Y (V)": "rms, a quarter ahead",
    }

    fitted: HarmonicAngle
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self.bench.role("current_source")
        self.bench.role("lock_in")
        self._field = BarField(self.bench)
        self._field.prepare(self.field, self.field)
        self.bench.interlock.check_current(self.current, self.compliance)

    def startup(self) -> None:
        """Start the sine, switch the coils on, and make sure that a bar is connected.

        Raises
        ------
        InstrumentError
            If the leads are open, shorted or reversed, or the lock-in is overloaded.
        """
        self.configure()
        self._field.switch_on()
        self.bench.lock_in.set_reference(None)
        self.bench.lock_in.set_time_constant(self.time_constant)
        self.bench.current_source.start_sine(self.current, self.frequency, self.compliance)
        self.bench.lock_in.set_harmonic(1)
        self.bench.lock_in.set_sensitivity(self._whole)
        self.bench.wait(self.bench.lock_in.settling_time())
        try:
            peak = math.sqrt(2) * self.bench.lock_in.read().x
        except InstrumentError as error:
            raise InstrumentError(
                f"no contact, or a bar of far more than resistance_about = {self.resistance_about:g} Ω: {error}"
            ) from error
        self.refuse_no_bar([sign * self.current for sign in (1, -1, 1, -1)], [peak, -peak, peak, -peak])

    def execute(self) -> None:
        """Turn once for each harmonic."""
        angles = np.linspace(0.0, 2 * math.pi, self.points).tolist()
        for harmonic, scale in ((1, self._whole), (2, self._whole * self.second_about)):
            self.bench.lock_in.set_harmonic(harmonic)
            self.bench.lock_in.set_sensitivity(scale)
            for number, angle in enumerate(angles):
                if self.should_stop():
                    return
                self.row([harmonic, angle], partial(self._read, angle))
                self.report(ProgressEvent(100.0 * ((harmonic - 1) + (number + 1) / len(angles)) / 2))

    @property
    def _whole(self) -> float:
        """Full scale of the first harmonic [V]."""
        return float(MARGIN * self.current * self.resistance_about / math.sqrt(2))

    def _read(self, angle: float) -> tuple[float, float]:
        self._field.turn(self.field, angle)
        self.bench.wait(self.bench.lock_in.settling_time())
        reading = self.bench.lock_in.read()
        return reading.x, reading.y

    def fit_rows(self, task: FitTask) -> None:
        """Fit both turns.

        Parameters
        ----------
        task
            Recorded rows, and whom to tell what is found.
        """
        fitted = self.fitted = self._fit(task.rows)
        whole = fitted.resistance.base.value
        task.found(
            {
                "AMR": fitted.resistance.amplitude,
                "misalignment": fitted.resistance.misalignment,
                "Bk": fitted.resistance.anisotropy_field,
                "UMR at the peak": fitted.unidirectional,
                "UMR ratio at the peak": fitted.unidirectional.scaled(2 / whole, "1"),
                "field per ampere": fitted.per_ampere,
            }
        )

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        second = rows[rows[:, 0] == 2]
        fitted = self.attempt(lambda: self._fit(rows))
        return harmonic_plot(second[:, 1], -second[:, 3], fitted, self.current / math.sqrt(2), title)

    def _fit(self, rows: NDArray[np.float64]) -> HarmonicAngle:
        first, second = (rows[rows[:, 0] == each] for each in (1, 2))
        if len(second) < self.points:
            raise FitError("the turn at the second harmonic is not whole yet")
        # R(I) that is odd in the current makes -cos 2ωt of sin ωt, a quarter behind.
        return HarmonicAngle.fit(
            first[:, 1], first[:, 2], -second[:, 3], self.current / math.sqrt(2), self.field, self.umr_power
        )

    @property
    def _readings(self) -> int:
        return int(2 * self.points)

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: the lock-in settles at each angle."""
        each = 5 * BY_COMMAND if computed(self) is not None else SETTLING * self.time_constant
        return float(START + self._readings * each)
