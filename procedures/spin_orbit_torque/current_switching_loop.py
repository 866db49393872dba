"""Switching loops of a bar against write current, pulse width and temperature: threshold, stability, efficiency."""

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.plots import switching_loop_plot
from mtjlab.analysis.spin_orbit_torque import SwitchingLoop, ThermalSwitching, WriteConditions, pulse_boundary
from mtjlab.core import FitError, Quantity
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.spin_orbit_torque.pump_probe import PumpProbeProcedure

__all__ = ["CurrentSwitchingLoop"]


class _Group(NamedTuple):
    """Whole loops at one width and temperature."""

    temperature: float
    width: float
    currents: NDArray[np.float64]
    signals: NDArray[np.float64]


class CurrentSwitchingLoop(PumpProbeProcedure):
    """Let the current of write pulses go 0 → +max → 0 → -max → 0, probe after each, at several widths and temperatures.

    Every pulse that found the bar in the other state is an attempt: `ThermalSwitching` gives Ic0 and Δ of all of them
    together, by `Ic = Ic0 [1 - ln(t/τ0)/Δ]`. With the layers told, Jc0 and the damping-like efficiency follow, by the
    formula for a bar of type y (`BarLayers`).

    Tell what helps or hinders besides: the `heating` of the bar in the pulse, and the
    `field_per_ampere` that `amr-loops` finds, positive where it points to the state that the current writes; for a bar
    of type y it makes the barrier less high by `(1 - h I/Bk)²`. What is not known of these (`heating_error`,
    `field_error`) and of the layers (`layers_error`, Bk among them) is in the uncertainties of Ic0, Δ, Jc0 and the
    efficiency (`WriteConditions`, `BarLayers`).
    """

    largest = LimitedParameter(
        "Largest write current", limit="current", units="A", default=2.5e-3, minimum=1e-9, maximum=1.0
    )
    points = CountParameter("Currents from 0 to the largest", default=26, minimum=4, maximum=100_000)
    loops = CountParameter("Loops at each setting", default=5, minimum=1, maximum=100_000)
    shortest = LimitedParameter(
        "Shortest pulse", limit="current_pulse_width", units="s", default=1e-5, minimum=1e-9, maximum=10.0
    )
    longest = LimitedParameter(
        "Longest pulse", limit="current_pulse_width", units="s", default=1e-3, minimum=1e-9, maximum=10.0
    )
    widths = CountParameter("Pulse widths", default=3, minimum=1, maximum=1000)
    temperatures = CountParameter("Temperatures, 0 without a controller", default=0, minimum=0, maximum=1000)
    coldest = FloatParameter("Lowest temperature", units="K", default=300.0, minimum=1.0, maximum=1000.0)
    hottest = FloatParameter("Highest temperature", units="K", default=300.0, minimum=1.0, maximum=1000.0)

    heating = FloatParameter(
        "Rise of the temperature over the square of the current", units="K/A^2", default=0.0, minimum=0.0, maximum=1e12
    )
    field_per_ampere = FloatParameter(
        "Field that helps, per current", units="T/A", default=0.0, minimum=-1e6, maximum=1e6
    )

    heating_error = FloatParameter("Relative uncertainty of the heating", default=0.1, minimum=0.0, maximum=1.0)
    field_error = FloatParameter("Relative uncertainty of that field", default=0.05, minimum=0.0, maximum=10.0)

    fit_settings = ("heating", "field_per_ampere", "heating_error", "field_error", *PumpProbeProcedure.layer_settings)

    live_columns = ("Write current (A)", "Signal (ohm)")
    DATA_COLUMNS: ClassVar[list[str]] = ["Temperature (K)", "Width (s)", "Loop", "Write current (A)", "Signal (ohm)"]
    column_notes: ClassVar[dict[str, str]] = {"Signal (ohm)": "odd in the state of the bar", "Loop": "from 1"}

    fitted: ThermalSwitching
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self.connect_pump(self.largest, max(self.shortest, self.longest))
        if self.temperatures:
            for kelvin in (self.coldest, self.hottest):
                self.bench.interlock.check_temperature(kelvin)

    def execute(self) -> None:
        """Run the loops."""
        kelvins = np.linspace(self.coldest, self.hottest, self.temperatures) if self.temperatures else [self.coldest]
        widths = np.geomspace(self.shortest, self.longest, self.widths).tolist()
        cycle = self._cycle().tolist()
        done, total = 0, len(kelvins) * len(widths) * self.loops
        for kelvin in map(float, kelvins):
            if self.temperatures and not self.replaying:
                self.bench.temperature_controller.set_temperature(kelvin)
            for width, loop in ((width, loop) for width in widths for loop in range(self.loops)):
                for current in cycle:
                    if self.should_stop():
                        return
                    self.row([kelvin, width, loop + 1, current], partial(self._write_and_probe, current, width))
                done += 1
                self.report(ProgressEvent(100.0 * done / total))

    def _cycle(self) -> NDArray[np.float64]:
        up = np.linspace(0.0, self.largest, self.points)
        return np.concatenate([up, up[-2::-1], -up[1:], -up[-2::-1]])

    def _write_and_probe(self, current: float, width: float) -> tuple[float]:
        self.write(current, width)
        return (self.signal(),)

    def fit_rows(self, task: FitTask) -> None:
        """Find the critical currents of each setting, then threshold and stability of all.

        Parameters
        ----------
        task
            Recorded rows and bench; takes what is found.

        Raises
        ------
        FitError
            If no loop is whole, or the bar does not switch.
        """
        groups = list(self._groups(task.rows))
        if not groups:
            raise FitError("there is no whole loop yet")
        found = {}
        loops = [SwitchingLoop.analyse(group.currents, group.signals) for group in groups]
        for group, loop in zip(groups, loops, strict=True):
            at = f" at {group.temperature:g} K" if self.temperatures else ""
            found[f"critical current, {group.width:.3g} s{at}"] = _critical(group, loop)
        found["offset of the loop"] = loops[0].offset
        found["contrast of the states"] = Quantity(min(loop.contrast for loop in loops), math.nan, "1")
        task.found(found)
        fitted = self.fitted = self._thermal(groups, loops)
        results = {
            "Ic0": fitted.critical_current,
            "thermal stability": fitted.stability,
            "goodness of the law (p)": Quantity(fitted.goodness.p_value, math.nan, "1"),
        }
        task.found(results | self.torque_results(fitted.critical_current))

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        groups = [group for group in self._groups(rows) if group.temperature == rows[0, 0]]
        loops = [self.attempt(partial(SwitchingLoop.analyse, group.currents, group.signals)) for group in groups]
        known = [(group, loop) for group, loop in zip(groups, loops, strict=True) if loop is not None]
        settings = [(group.width, _critical(group, loop)) for group, loop in known]
        fitted = self.attempt(lambda: self._thermal(*map(list, zip(*known, strict=True)))) if known else None  # type: ignore[arg-type]
        law = None
        if fitted is not None:
            widths = np.geomspace(min(w for w, _ in settings) / 2, max(w for w, _ in settings) * 2, 50)
            law = widths, self._law(fitted, widths, groups[0].temperature)
        return switching_loop_plot(rows[:, 3], rows[:, 4], rows[:, 1], settings, law, title)

    def _law(self, fitted: ThermalSwitching, widths: NDArray[np.float64], kelvin: float) -> NDArray[np.float64]:
        share = self.field_per_ampere / self.anisotropy_field if self.anisotropy_field else 0.0
        return fitted.current(widths, self.heating, share, kelvin)

    def _thermal(self, groups: list[_Group], loops: list[SwitchingLoop]) -> ThermalSwitching:
        rows = []
        for group, loop in zip(groups, loops, strict=True):
            tried = loop.attempts(group.currents, group.signals)
            count = tried.currents.size
            rows.append(
                np.stack(
                    [tried.currents, np.full(count, group.width), tried.switched, np.full(count, group.temperature)]
                )
            )
        currents, widths, switched, kelvin = np.concatenate(rows, axis=1)
        conditions = WriteConditions(
            Quantity(self.heating, self.heating * self.heating_error, "K/A²"),
            Quantity(self.field_per_ampere, abs(self.field_per_ampere) * self.field_error, "T/A"),
            Quantity(self.anisotropy_field, self.anisotropy_field * self.layers_error, "T"),
        )
        return conditions.fit(currents, widths, switched, kelvin, reference=float(groups[0].temperature))

    def _groups(self, rows: NDArray[np.float64]) -> Iterator[_Group]:
        """Give the whole loops of each setting."""
        size = self._cycle().size
        for kelvin, width in np.unique(rows[:, :2], axis=0).tolist():
            these = rows[(rows[:, 0] == kelvin) & (rows[:, 1] == width)]
            whole = len(these) // size
            if whole:
                shaped = these[: whole * size].reshape(whole, size, -1)
                yield _Group(kelvin, width, shaped[..., 3], shaped[..., 4])

    @property
    def _settings(self) -> int:
        return int(max(1, self.temperatures) * self.widths)

    @property
    def _pulses(self) -> int:
        return int((4 * self.points - 3) * self.loops * self._settings)

    @property
    def _readings(self) -> int:
        return self._pulses * self._probe_readings

    @property
    def _pulsing(self) -> float:
        return float(self._pulses * (self.pause + self.longest))


def _critical(group: _Group, loop: SwitchingLoop) -> Quantity:
    """Give the current at which a pulse of this width switches with 1 - 1/e, from this width alone [A]."""
    tried = loop.attempts(group.currents, group.signals)
    return pulse_boundary(tried.currents, tried.switched, np.ones_like(tried.currents), 0.0)
