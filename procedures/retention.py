"""Retention and read disturb: how long a junction keeps its state, in fields and under a bias."""

import logging
import math
from collections.abc import Mapping
from functools import partial
from itertools import cycle, pairwise
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.junction import DwellTimes, ReadDisturb, ThermalStability
from mtjlab.analysis.plots import dwell_picture
from mtjlab.core import FitError, InputError, Quantity
from mtjlab.procedures.acquisition.state_watch import NAMES, StateWatch
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START, computed, reading_time
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.table_procedure import TableProcedure

__all__ = ["Retention"]

log = logging.getLogger(__name__)

FASTEST = 10.0
"""Reads in a mean dwell time, below which the reads are too slow to time it."""
FIELDS = 3
"""Fields in which a state is timed, at least; the step is halved for them."""
HALVINGS = 3
"""Largest number of times the step is halved."""
EARLY = 4
"""Watches that may end before they begin, for each dwell time asked for; then the field is too strong to time it."""


class _Dwell(NamedTuple):
    """What one watch of a state saw."""

    state: int
    field: float
    bias: float
    stayed: float
    """Time from the first read that found the state to the last [s]."""
    gap: float
    """Time from there to the read that found it left [s]; 0 where it was not left."""

    @property
    def time(self) -> float:
        """Time in the state [s], left halfway between two reads."""
        return self.stayed + self.gap / 2


class Retention(TableProcedure):
    """Time how long each state lasts in fields that oppose it, and fit the thermal stability; then under a bias.

    A strong field brings the junction into a state; the field then goes to the one in which the state is watched, until
    it is left or `longest` has passed. The fields are chosen: from the one at which a ramp switches the state, in
    steps, down to where it lasts too long and up to where reads are too slow to time it. Mean dwell times follow the
    exponential law; their dependence on the field is Sharrock's law with Brown's prefactor, which holds without a field
    in the plane: cancel the one that is there with `in_plane_field`.

    The read bias acts on the barrier too: 20 mV lower Δ by more than one per cent, and their torque is worth 2 mT. Both
    change sign with it, so the watches in fields are made under either polarity by turns, and what is linear in the
    bias drops out of stability, anisotropy and offset field. Keep it small all the same. Where an older recording has
    one polarity alone, the read disturb that it measured takes the torque out of its offset field.

    With `largest_bias` the same is done under biases of both polarities, in the field in which each state lasts a tenth
    of `longest` or so.
    """

    largest = LimitedParameter("Largest field", limit="field", units="T", default=0.1, minimum=1e-4, maximum=10.0)
    step = FloatParameter("Step of the field", units="T", default=3e-3, minimum=1e-6, maximum=1.0)
    in_plane_field = LimitedParameter(
        "Field of the coil in the plane", limit="field", units="T", default=0.0, minimum=-10, maximum=10
    )
    escapes = CountParameter("Dwell times at each field", default=20, minimum=1, maximum=10**6)
    longest = FloatParameter("Longest dwell time", units="s", default=5.0, minimum=1e-3, maximum=1e7)
    bias = LimitedParameter("Read bias", limit="read_bias", units="V", default=0.005, minimum=-1.0, maximum=1.0)
    largest_bias = LimitedParameter(
        "Largest bias of the read disturb", limit="read_bias", units="V", default=0.0, minimum=0.0, maximum=1.0
    )
    compliance = LimitedParameter("Compliance", limit="compliance", units="A", default=2e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Shortest integration in power line cycles", default=0.1, minimum=0.01, maximum=10.0)
    damping = FloatParameter("Gilbert damping", default=0.02, minimum=1e-4, maximum=1.0)

    estimate_is_longest = True

    fit_settings = ("damping",)

    live_columns = ("Field (T)", "Dwell time (s)")

    column_notes: ClassVar[dict[str, str]] = {
        "State": "0 parallel, 1 antiparallel",
        "Left": "1 the state was left while it was watched, 0 it was not",
    }

    DATA_COLUMNS: ClassVar[list[str]] = ["State", "Field (T)", "Bias (V)", "Dwell time (s)", "Left", "Gap (s)"]

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        # A bench without one of them says so here, with all outputs off.
        self._coils = [self.bench.perpendicular_coil, *([self.bench.coil] if self.in_plane_field else [])]
        for field in (self.largest, -self.largest, self.in_plane_field):
            self.bench.interlock.check_field(field)
        self._junction = StateWatch(
            self.bench,
            largest=self.largest,
            bias=self.bias,
            compliance=self.compliance,
            integration=self.integration,
        )
        for bias in (self.largest_bias, -self.largest_bias, self.bias):
            self.bench.source_meter.set_bias(bias, self.compliance)
        self.bench.source_meter.set_integration(self.integration)

    def startup(self) -> None:
        """Switch bias and coils on, and find the resistances of the two states."""
        self.configure()
        self.bench.source_meter.switch_on()
        for coil in self._coils:
            coil.switch_on()
        if self.in_plane_field:
            self.bench.coil.set_field(self.in_plane_field)
        self._junction.find_levels()
        self._fastest = FASTEST * self._junction.read_time()
        self._means: dict[tuple[int, float], float] = {}

    def execute(self) -> None:
        """Watch both states in fields, then under biases."""
        fields: dict[int, float] = {}
        for state in (0, 1):
            if not self._watch_in_fields(state):
                return
            fields[state] = self._middle(state)
            self.report(ProgressEvent((40.0 if self.largest_bias else 50.0) * (state + 1)))
        if self.largest_bias and not self._watch_under_biases(fields):
            return
        self.report(ProgressEvent(100.0))

    def fit_rows(self, task: FitTask) -> None:
        """Fit Sharrock's law to the dwells in fields, and the read disturb to those under biases.

        Parameters
        ----------
        task
            Recorded rows and bench; takes what is found.
        """
        in_fields, under_biases = self._dwells(task.rows)
        fitted = ThermalStability.fit(*self._watched(in_fields, "field"), self.damping)
        found: dict[str, Quantity] = {
            "thermal stability": fitted.stability,
            "anisotropy field": fitted.anisotropy_field,
            "offset field": fitted.offset,
        }
        found["goodness of Sharrock's law (p)"] = Quantity(fitted.p_value, math.nan, "1")
        if under_biases:
            disturb = ReadDisturb.fit(*self._watched(under_biases, "bias"))
            found["offset field"] = self._without_torque(fitted, disturb, in_fields, under_biases)
            found["read disturb, both states"] = disturb.common
            found["read disturb, opposed"] = disturb.opposed
            found["goodness of the read disturb (p)"] = Quantity(disturb.p_value, math.nan, "1")
        task.found(found)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        return dwell_picture(rows, results, title, read_bias=self.bias, damping=self.damping)

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s], at most: as if ten fields and six biases took the longest."""
        conditions = 2 * (10 + (6 if self.largest_bias else 0))
        # A simulated bench has a clock of its own: it takes the time of the reads, a dozen a dwell.
        dwell = 6 * reading_time(self, self.integration, by_command=True) if computed(self) else self.longest / 4
        return float(START + conditions * self.escapes * dwell)

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=32 * self.escapes, columns=len(self.DATA_COLUMNS))

    # what is watched

    def _watch_in_fields(self, state: int) -> bool:
        """Watch a state in fields down and up from the one that switches it in a ramp, and between them if need be."""
        first = abs(self._ramp(state))
        means: dict[float, float] = {}
        for direction in (-1, 1):
            field = first if direction < 0 else first + self.step
            while 0 <= field <= self.largest:
                mean = self._watch(state, field, self.bias, "field")
                if mean is None:
                    return False
                means[field] = mean
                if (direction < 0 and not mean < self.longest) or (direction > 0 and mean < self._fastest):
                    break
                field += direction * self.step
        return self._watch_between(state, means)

    def _watch_between(self, state: int, means: dict[float, float]) -> bool:
        """Halve the step until enough fields have dwell times that can be both waited for and resolved."""
        for _ in range(HALVINGS):
            if sum(self._fastest <= mean < self.longest for mean in means.values()) >= FIELDS:
                break
            for weak, strong in pairwise(sorted(means)):
                if means[weak] >= self._fastest and means[strong] < self.longest:
                    field = (weak + strong) / 2
                    mean = self._watch(state, field, self.bias, "field")
                    if mean is None:
                        return False
                    means[field] = mean
        return True

    def _ramp(self, state: int) -> float:
        """Give the field [T] that switches the state in a ramp: a row without a dwell time."""

        def ramp() -> tuple[float, ...]:
            size = self._junction.switching_field(state, self.step)
            return self._junction.against(state, size), self.bias, 0.0, 1.0, 0.0

        return self.row([state], ramp)[1]

    def _watch_under_biases(self, fields: dict[int, float]) -> bool:
        for bias in np.linspace(-self.largest_bias, self.largest_bias, 5):
            for state in (0, 1):
                if self._watch(state, fields[state], float(bias) or self.bias, "bias") is None:
                    return False
        return True

    def _watch(self, state: int, size: float, bias: float, what: str) -> float | None:
        """Time a state in one field and under one bias; give the mean dwell time, None if the run is to stop."""
        seen: list[_Dwell] = []
        at, left, watched, early = self._junction.against(state, size), 0, 0.0, 0
        # In fields the bias only reads: its torque and what it does to the anisotropy change sign by turns.
        biases = cycle([bias, -bias] if what == "field" else [bias])
        while left < self.escapes and watched < self.longest * max(2.0, self.escapes / 4):
            if self.should_stop():
                return None
            now = next(biases)
            *_, time, gone, gap = self.row(
                [state, at, now],
                partial(
                    self._junction.dwell,
                    state,
                    size,
                    now,
                    expected=watched / max(1, left),
                    longest=self.longest,
                    stop=self.should_stop,
                ),
            )
            if not time:
                early += 1
                if early > EARLY * self.escapes:
                    return 0.0
                continue
            seen.append(_Dwell(state, at, now, max(time - gap / 2, 0.0), gap))  # rounding may leave -1e-17
            watched += time
            left += bool(gone)
            if not left and len(seen) >= 2:
                break  # it lasts longer than anybody waits
        mean = self._tell(state, size, bias, seen)
        if what == "field":
            self._means[state, size] = mean
        return mean

    def _tell(self, state: int, size: float, bias: float, seen: list[_Dwell]) -> float:
        """Log the mean dwell time, and give it."""
        fitted = DwellTimes.fit(
            [dwell.time for dwell in seen if dwell.gap], [dwell.time for dwell in seen if not dwell.gap]
        )
        log.info(
            "%s at %.4g T and %.3g V: %.3g s (%.3g to %.3g), %d times left, exponential with p = %.2g",
            NAMES[state], self._junction.against(state, size), bias, fitted.mean, *fitted.interval, fitted.escapes,
            fitted.p_value,
        )  # fmt: skip
        return fitted.mean

    # what is fitted

    def _dwells(self, rows: NDArray[np.float64]) -> tuple[list[_Dwell], list[_Dwell]]:
        """Give the dwells of the table in fields, and those under biases, which follow them."""
        biased = np.flatnonzero(np.abs(rows[:, 2]) != abs(self.bias))
        split = int(biased[0]) if biased.size else len(rows)
        return self._timed(rows[:split]), self._timed(rows[split:])

    def _timed(self, rows: NDArray[np.float64]) -> list[_Dwell]:
        """Give the dwells that began, but for those in a field too strong to time the state in."""
        rows = rows[~((rows[:, 3] == 0) & (np.arange(len(rows)) == _first_of_state(rows)))]  # the ramps
        conditions = np.abs(rows[:, :3]) if len(rows) else rows[:, :3]
        changes = np.flatnonzero((conditions[1:] != conditions[:-1]).any(axis=1)) + 1
        dwells: list[_Dwell] = []
        for watch in np.split(rows, changes):
            if np.count_nonzero(watch[:, 3] == 0) > EARLY * self.escapes:
                continue
            for state, at, bias, time, _, gap in watch[watch[:, 3] > 0].tolist():
                dwells.append(_Dwell(int(state), at, bias, max(time - gap / 2, 0.0), gap))
        return dwells

    def _without_torque(
        self, fitted: ThermalStability, disturb: ReadDisturb, in_fields: list[_Dwell], under_biases: list[_Dwell]
    ) -> Quantity:
        """Take from the offset what the torque of the mean read bias did: its share of ln τ over that of a field."""
        mean_bias = float(np.mean([dwell.bias for dwell in in_fields]))
        slopes = []
        for state in (0, 1):
            fields = [dwell.field for dwell in under_biases if dwell.state == state]
            if not fields:
                return fitted.offset
            slopes.append(abs(fitted.field_slope(state, float(np.mean(fields)), self.damping)))
        per_volt = disturb.opposed.value / float(np.mean(slopes)), disturb.opposed.uncertainty / float(np.mean(slopes))
        offset, error, unit = fitted.offset[:3]
        return Quantity(offset - per_volt[0] * mean_bias, math.hypot(error, per_volt[1] * mean_bias), unit)

    def _watched(self, dwells: list[_Dwell], what: str) -> tuple[list[float], list[int], list[float], list[float]]:
        """Give field or bias, state, time and gap of dwells in which that was varied."""
        if not any(dwell.gap for dwell in dwells):
            raise FitError(
                f"no state was left within {self.longest:g} s while the reads resolved it: take finer steps of the "
                "field, shorter integration, or wait longer"
            )
        return (
            [getattr(dwell, what) for dwell in dwells],
            [dwell.state for dwell in dwells],
            [dwell.stayed for dwell in dwells],
            [dwell.gap for dwell in dwells],
        )

    def _middle(self, state: int) -> float:
        """Size of the field in which a state lasted nearest to a tenth of the longest."""
        means = {size: mean for (of, size), mean in self._means.items() if of == state and 0 < mean < math.inf}
        if not means:
            raise InputError(f"the {NAMES[state]} state was never left within {self.longest:g} s: wait longer")
        return min(means, key=lambda size: abs(np.log(10 * means[size] / self.longest)))


def _first_of_state(rows: NDArray[np.float64]) -> NDArray[np.int_]:
    """Give, for each row, the index of the first row of its state: that of the ramp, in fields."""
    _, first, which = np.unique(rows[:, 0], return_index=True, return_inverse=True)
    return np.asarray(first[which], int)
