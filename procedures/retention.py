"""Retention and read disturb: how long a junction keeps its state, in fields and under a bias."""

import logging
import math
from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.junction.dwell_times import DwellTimes
from mtjlab.analysis.junction.estimate import Estimate
from mtjlab.analysis.junction.read_disturb import ReadDisturb
from mtjlab.analysis.junction.thermal_stability import ThermalStability
from mtjlab.data.contents.recorded_result import RecordedResult
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.procedures.count_parameter import CountParameter
from mtjlab.procedures.dwell_picture import dwell_picture
from mtjlab.procedures.recording_size import recording_size
from mtjlab.procedures.table_procedure import TableProcedure

__all__ = ["Retention"]

log = logging.getLogger(__name__)

FASTEST = 10.0
"""Reads in a mean dwell time, below which the reads are too slow to time it."""
SLOWEST_READ = 10.0
"""Longest integration time [power line cycles]."""
READS = 10.0
"""Reads that a dwell time is watched with, about: a hundred would say less than a per cent more."""
LINE = 50.0  # Hz
FIELDS = 3
"""Fields in which a state is timed, at least; the step is halved for them."""
HALVINGS = 3
"""Largest number of times the step is halved."""
EARLY = 4
"""Watches that may end before they begin, for each dwell time asked for; then the field is too strong to time it."""
NAMES = ("parallel", "antiparallel")


class _Dwell(NamedTuple):
    """What one watch of a state saw."""

    what: str
    """What was varied: ``field`` or ``bias``."""
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

    The read bias acts on the barrier too: 20 mV lower Δ by more than one per cent, and their torque is worth 2 mT. Keep
    it as small as the meter allows.

    With `largest_bias` the same is done under biases of both polarities, in the field in which each state lasts a tenth
    of `longest` or so.
    """

    largest = FloatParameter("Largest field", units="T", default=0.1, minimum=1e-4, maximum=10.0)
    step = FloatParameter("Step of the field", units="T", default=3e-3, minimum=1e-6, maximum=1.0)
    in_plane_field = FloatParameter("Field of the coil in the plane", units="T", default=0.0, minimum=-10, maximum=10)
    escapes = CountParameter("Dwell times at each field", default=20, minimum=1, maximum=10**6)
    longest = FloatParameter("Longest dwell time", units="s", default=5.0, minimum=1e-3, maximum=1e7)
    bias = FloatParameter("Read bias", units="V", default=0.005, minimum=-1.0, maximum=1.0)
    largest_bias = FloatParameter("Largest bias of the read disturb", units="V", default=0.0, minimum=0.0, maximum=1.0)
    compliance = FloatParameter("Compliance", units="A", default=2e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Shortest integration in power line cycles", default=0.1, minimum=0.01, maximum=10.0)
    damping = FloatParameter("Gilbert damping", default=0.02, minimum=1e-4, maximum=1.0)

    estimate_is_longest = True

    live_columns = ("Field (T)", "Dwell time (s)")

    DATA_COLUMNS: ClassVar[list[str]] = ["State", "Field (T)", "Bias (V)", "Dwell time (s)", "Left", "Gap (s)"]

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        for field in (self.largest, -self.largest, self.in_plane_field):
            self.bench.interlock.check_field(field)
        self._coil = self.bench.perpendicular_coil
        for bias in (self.largest_bias, -self.largest_bias, self.bias):
            self.bench.source_meter.set_bias(bias, self.compliance)
        self.bench.source_meter.set_integration(self.integration)

    def startup(self) -> None:
        """Switch bias and coils on, and find the resistances of the two states."""
        self.configure()
        self.bench.source_meter.switch_on()
        self._coil.switch_on()
        if self.in_plane_field:
            self.bench.coil.switch_on()
            self.bench.coil.set_field(self.in_plane_field)
        levels = []
        for sign in (1, -1):
            self._coil.set_field(sign * self.largest)
            levels.append(float(np.mean([self._resistance() for _ in range(5)])))
        low, high = levels
        if not high > 1.05 * low:
            raise ValueError(
                f"{low:.4g} Ω at {self.largest:g} T and {high:.4g} Ω at {-self.largest:g} T: no two states; the device "
                "is stuck, open or shorted, or the field does not switch it: check the contact, then widen the field"
            )
        self._threshold = (low * high) ** 0.5
        began = self.bench.time
        self._resistance()
        self._fastest = FASTEST * (self.bench.time - began)
        self._dwells: list[_Dwell] = []
        self._means: dict[tuple[int, float], float] = {}

    def execute(self) -> None:
        """Watch both states in fields, then under biases, and fit."""
        fields: dict[int, float] = {}
        for state in (0, 1):
            if not self._watch_in_fields(state):
                return
            fields[state] = self._middle(state)
            self.emit("progress", (40.0 if self.largest_bias else 50.0) * (state + 1))
        fitted = ThermalStability.fit(*self._watched("field"), self.damping)
        found: dict[str, Estimate] = {
            "thermal stability": fitted.stability,
            "anisotropy field": fitted.anisotropy_field,
            "offset field": fitted.offset,
        }
        found["goodness of Sharrock's law (p)"] = Estimate(fitted.p_value, math.nan, "1")
        if self.largest_bias:
            if not self._watch_under_biases(fields):
                return
            disturb = ReadDisturb.fit(*self._watched("bias"))
            found["read disturb, both states"] = disturb.common
            found["read disturb, opposed"] = disturb.opposed
            found["goodness of the read disturb (p)"] = Estimate(disturb.p_value, math.nan, "1")
        self.emit("fit", {name: tuple(estimate) for name, estimate in found.items()})
        self.emit("progress", 100.0)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, RecordedResult], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG."""
        return dwell_picture(rows, results, title, read_bias=self.bias, damping=self.damping)

    @property
    def estimated_duration(self) -> float:
        """Time that the instruments take [s], at most: as if ten fields and six biases took the longest."""
        conditions = 2 * (10 + (6 if self.largest_bias else 0))
        return float(conditions * self.escapes * self.longest / 4)

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
        return self.row(
            [state], lambda: (self._against(state, self._switching_field(state)), self.bias, 0.0, 1.0, 0.0)
        )[1]

    def _switching_field(self, state: int) -> float:
        """Ramp until the state is left; give the size of the field."""
        self._reach(state)
        self.bench.source_meter.set_integration(self.integration)
        for size in np.arange(0.0, self.largest + self.step / 2, self.step):
            self._coil.set_field(self._against(state, float(size)))
            if self._state() != state:
                return float(size)
        raise ValueError(
            f"the {NAMES[state]} state is not left up to {self.largest:g} T: widen the field, if the bench allows"
        )

    def _watch_under_biases(self, fields: dict[int, float]) -> bool:
        for bias in np.linspace(-self.largest_bias, self.largest_bias, 5):
            for state in (0, 1):
                if self._watch(state, fields[state], float(bias) or self.bias, "bias") is None:
                    return False
        return True

    def _watch(self, state: int, size: float, bias: float, what: str) -> float | None:
        """Time a state in one field and under one bias; give the mean dwell time, None if the run is to stop."""
        seen: list[_Dwell] = []
        at, left, watched, early = self._against(state, size), 0, 0.0, 0
        while left < self.escapes and watched < self.longest * max(2.0, self.escapes / 4):
            if self.should_stop():
                return None
            known = watched / max(1, left)
            *_, time, gone, gap = self.row([state, at, bias], partial(self._dwell, state, size, bias, known))
            if not time:
                early += 1
                if early > EARLY * self.escapes:
                    return 0.0
                continue
            seen.append(_Dwell(what, state, at, bias, max(time - gap / 2, 0.0), gap))  # rounding may leave -1e-17
            watched += time
            left += bool(gone)
            if not left and len(seen) >= 2:
                break  # it lasts longer than anybody waits
        self._dwells += seen
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
            NAMES[state], self._against(state, size), bias, fitted.mean, *fitted.interval, fitted.escapes,
            fitted.p_value,
        )  # fmt: skip
        return fitted.mean

    def _dwell(self, state: int, size: float, bias: float, known: float) -> tuple[float, bool, float]:
        """Watch once; give the time, whether the state was left, and the gap between the reads about that [s].

        Left halfway between two reads; the time is 0 if the state was left before the watch began.

        Escapes have no memory, so that the clock may start at any read that still finds the state. A state left while
        the field was on its way there says nothing about this field.
        """
        meter, bench = self.bench.source_meter, self.bench
        self._reach(state)
        cycles = min(max(known * LINE / READS, self.integration), SLOWEST_READ)
        meter.set_integration(cycles)
        if bias != self.bias:
            meter.set_bias(bias, self.compliance)
        self._coil.set_field(self._against(state, size))
        if self._state() != state:
            return 0.0, True, 0.0
        began = last = bench.time
        while last - began < self.longest:
            now_in = self._state()
            now = bench.time
            if now_in != state:
                return (last + now) / 2 - began, True, now - last
            last = now
            if self.should_stop():
                break
        return max(last - began, 1e-9), False, 0.0

    def _reach(self, state: int) -> None:
        """Bring the junction into a state by the strongest field."""
        self.bench.source_meter.set_integration(self.integration)
        self.bench.source_meter.set_bias(self.bias, self.compliance)
        self._coil.set_field(-self._against(state, self.largest))
        for _ in range(100):
            if self._state() == state:
                return
        raise InstrumentError(
            f"{self.largest:g} T do not bring the device into the {NAMES[state]} state: it is stuck, or has broken down"
        )

    @staticmethod
    def _against(state: int, size: float) -> float:
        """Field that opposes a state [T]: positive fields hold the parallel one."""
        return -size if state == 0 else size

    def _state(self) -> int:
        return int(self._resistance() > self._threshold)

    def _resistance(self) -> float:
        reading = self.bench.source_meter.read()
        if not reading.current:
            raise InstrumentError("no current flows: the device is open; check its contacts with contact-check")
        return reading.voltage / reading.current

    # what is fitted

    def _watched(self, what: str) -> tuple[list[float], list[int], list[float], list[float]]:
        """Give field or bias, state, time and gap of all dwells in which that was varied."""
        dwells = [dwell for dwell in self._dwells if dwell.what == what]
        if not any(dwell.gap for dwell in dwells):
            raise ValueError(
                f"no state was left between {self._fastest:.2g} s, which the reads resolve, and {self.longest:g} s: "
                "take finer steps of the field, shorter integration, or wait longer"
            )
        return (
            [getattr(dwell, what) for dwell in dwells],
            [dwell.state for dwell in dwells],
            [dwell.stayed for dwell in dwells],
            [dwell.gap for dwell in dwells],
        )

    def _middle(self, state: int) -> float:
        """Size of the field in which a state lasted nearest to a tenth of the longest."""
        means = {
            size: mean for (which, size), mean in self._means.items() if which == state and 0 < mean < float("inf")
        }
        if not means:
            raise ValueError(f"the {NAMES[state]} state was never left within {self.longest:g} s: wait longer")
        return min(means, key=lambda size: abs(np.log(10 * means[size] / self.longest)))
