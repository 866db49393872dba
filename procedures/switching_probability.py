"""The map of P(switch) over pulse amplitude and width, from both states, with the curve of one half."""

import logging
import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter, ListParameter

from mtjlab.analysis.plots import map_plot
from mtjlab.analysis.switching_map import MapSampler, half_contour
from mtjlab.core import FitError, Quantity
from mtjlab.data import Recording
from mtjlab.instruments import Bench, InstrumentError, made_amplitudes
from mtjlab.procedures.acquisition.pulse_trains import PulseTrains
from mtjlab.procedures.fits.fitted_macrospin import FittedMacrospin, fit_macrospin, fitted_macrospin, macrospin_fit_time
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START, reading_time
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.table_procedure import TableProcedure

__all__ = ["SwitchingProbability"]

log = logging.getLogger(__name__)

COARSE = 9
"""Points of the first grid along each setting."""
CANDIDATES = 64
"""Settings along each axis that the next one is chosen from."""
ASKING_TIME = 0.02
"""Time that a setting takes to be chosen [s], about."""

_DRAWN = (
    ("VCMA coefficient", "ξ", 1e15, "fJ/(V·m)"),
    ("field in the plane", "Hx", 1e3, "mT"),
    ("precession frequency", "f", 1e-6, "MHz"),
    ("damping", "α", 1.0, ""),
)
"""Results that stand above the map: name, symbol, one over the prefix, unit with it."""


class SwitchingProbability(TableProcedure):
    """Map P(switch) with few pulses.

    At each setting a train of pulses toggles the junction; each pulse counts for the state that the read before it
    found, so no reset pulse is needed where the junction switches. Where the train leaves one state unseen, the
    preparation pulse brings the junction there, its read verifies it, and single pulses follow.

    A coarse grid comes first; with `sampling` ``adaptive`` all further pulses go along the curve of P = 1/2, where they
    sharpen it most (see `MapSampler`); with ``grid`` a regular grid gets them all. The curve itself, smoothed, is in
    the results as its lowest amplitude and the width there.

    With `fit` ``precession`` a macrospin is fitted to the counts from P and from AP (see `PrecessionFit`): precession
    frequency, ξ, field in the plane, and what makes the two differ: the torque of the tunnelling current and a stray
    field along the normal. It takes
    Keff, Ms, tf and tox as known, and the voltage at the device by `[wiring]`, the bias of the reads included; it
    begins at the given ξ, Hx, α and Δ, and takes the heating by the pulses (thermal resistance over resistance; 0 for
    none) as known with the uncertainty given. The line rounds the edges with its time constant, 50 Ω times the
    capacitance of the pad. The longer the pulses, the longer it takes: from tens of seconds for 3 ns. Settings are
    whole steps of the generator's.
    """

    pulses = CountParameter("Pulses", default=50_000, minimum=1000, maximum=10**9)
    shots = CountParameter("Pulses at a setting", default=200, minimum=10, maximum=2500)
    sampling = ListParameter("Sampling", choices=["adaptive", "grid"], default="adaptive")
    lowest = LimitedParameter(
        "Lowest amplitude", limit="pulse_amplitude", width="longest", units="V", default=1.05, minimum=0.05, maximum=5.0
    )
    highest = LimitedParameter(
        "Highest amplitude", limit="pulse_amplitude", width="longest", units="V", default=1.5, minimum=0.05, maximum=5.0
    )
    shortest = LimitedParameter(
        "Shortest width",
        limit="pulse_width",
        amplitude="highest",
        units="s",
        default=1.5e-9,
        minimum=1e-10,
        maximum=1.0,
    )
    longest = LimitedParameter(
        "Longest width", limit="pulse_width", amplitude="highest", units="s", default=2.5e-9, minimum=1e-10, maximum=1.0
    )
    preparation_amplitude = LimitedParameter(
        "Preparation amplitude",
        limit="pulse_amplitude",
        width="preparation_width",
        units="V",
        default=1.25,
        minimum=0.05,
        maximum=5.0,
    )
    preparation_width = LimitedParameter(
        "Preparation width",
        limit="pulse_width",
        amplitude="preparation_amplitude",
        units="s",
        default=10e-9,
        minimum=1e-10,
        maximum=1.0,
    )
    amplitude_step = FloatParameter("Step of the amplitude", units="V", default=1e-3, minimum=0.0, maximum=1.0)
    width_step = FloatParameter("Step of the width", units="s", default=1e-11, minimum=0.0, maximum=1e-3)
    prepared = CountParameter("Prepared pulses at a setting", default=10, minimum=0, maximum=2500)
    settle = FloatParameter("Settle time", units="s", default=1e-6, minimum=0.0, maximum=999.0)
    bias = LimitedParameter(
        "Read bias",
        limit="read_bias",
        amplitude="highest",
        width="longest",
        units="V",
        default=0.05,
        minimum=-1.0,
        maximum=1.0,
    )
    compliance = LimitedParameter("Compliance", limit="compliance", units="A", default=1e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=0.01, minimum=0.01, maximum=10.0)

    fit = ListParameter("Fit of the counts", choices=["precession", "none"], default="precession")
    edge = FloatParameter("Edges from bottom to top", units="s", default=1e-9, minimum=1e-12, maximum=1e-6)
    lag = FloatParameter("Time constant of the line", units="s", default=25e-12, minimum=0.0, maximum=1e-9)
    anisotropy_energy = FloatParameter("Known Keff", units="J/m^3", default=8.63e4, minimum=1e2, maximum=1e7)
    magnetisation = FloatParameter("Known Ms", units="A/m", default=1e6, minimum=1e4, maximum=1e7)
    thickness = FloatParameter("Known free-layer thickness", units="m", default=1.1e-9, minimum=1e-10, maximum=1e-7)
    barrier = FloatParameter("Known barrier thickness", units="m", default=1.4e-9, minimum=1e-10, maximum=1e-7)
    vcma = FloatParameter("Guess of xi", units="J/(V*m)", default=90e-15, minimum=1e-15, maximum=1e-11)
    in_plane_field = FloatParameter("Guess of Hx", units="T", default=25.5e-3, minimum=1e-4, maximum=1.0)
    damping = FloatParameter("Guess of the damping", default=0.02, minimum=1e-3, maximum=0.5)
    stability = FloatParameter("Guess of the thermal stability", default=45.0, minimum=5.0, maximum=200.0)
    warming = FloatParameter("Guess of the heating", units="K/V^2", default=4.6, minimum=0.0, maximum=1e3)
    warming_error = FloatParameter("Relative uncertainty of the heating", default=0.3, minimum=0.01, maximum=3.0)
    warming_time = FloatParameter("Time constant of the heating", units="s", default=1e-9, minimum=1e-12, maximum=1e-3)

    fit_settings = (
        "fit", "edge", "lag", "anisotropy_energy", "magnetisation", "thickness", "barrier", "vcma", "in_plane_field",
        "damping", "stability", "warming", "warming_error", "warming_time",
    )  # fmt: skip

    live_columns = ("Width (s)", "Amplitude (V)")
    live_share = (
        ("Switched from parallel", "Switched from antiparallel"),
        ("Pulses from parallel", "Pulses from antiparallel"),
    )
    plotted_columns = ("Width (s)", "Amplitude (V)", "Switching probability")

    DATA_COLUMNS: ClassVar[list[str]] = [
        "Amplitude (V)",
        "Width (s)",
        "Pulses from parallel",
        "Switched from parallel",
        "Pulses from antiparallel",
        "Switched from antiparallel",
        "Switching probability",
    ]
    column_notes: ClassVar[dict[str, str]] = {
        "Switching probability": "share of the pulses from either state that switched"
    }

    sampler: MapSampler
    """What was measured, and the smoothed map."""

    _fitted: FittedMacrospin | None = None

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        made = made_amplitudes(self.bench.file, self.lowest, self.highest)
        self.sampler = self._new_sampler(made)
        self._trains = PulseTrains(
            self.bench,
            bias=self.bias,
            compliance=self.compliance,
            integration=self.integration,
            settle=self.settle,
        )
        lowest, highest = (made[0], made[-1]) if made else (self.lowest, self.highest)
        for amplitude, width in ((lowest, self.shortest), (highest, self.longest)):
            self._trains.configure(amplitude, width)
        self._preparation = self.preparation_amplitude, self.preparation_width
        self._trains.configure(*self._preparation)

    def _new_sampler(self, made: Sequence[float] = ()) -> MapSampler:
        """Begin a map, at few amplitudes where the generator makes no others."""
        coarse = COARSE
        if self.sampling == "grid":
            coarse = max(3, int(np.sqrt(self.pulses / self.shots)))
        steps = self.amplitude_step, self.width_step
        ranges = (self.lowest, self.highest), (self.shortest, self.longest)
        return MapSampler(*ranges, shots=self.shots, coarse=coarse, steps=steps, made=made)

    def startup(self) -> None:
        """Switch the outputs on and find the currents of the two states by the preparation pulse."""
        self.configure()
        self._trains.start()
        self._trains.find_levels([self._preparation])

    def execute(self) -> None:
        """Map until the pulses are used up."""
        grid = COARSE**2 * self.shots
        if self.sampling == "adaptive" and self.pulses <= grid:
            log.warning(
                "pulses = %d do not go beyond the coarse grid, which takes %d: nothing is adaptive; give more, or "
                "fewer at a setting (shots = %d)",
                self.pulses,
                grid,
                self.shots,
            )
        while self.sampler.pulses + self.shots <= self.pulses:
            if self.should_stop():
                return
            amplitude, width = self.sampler.ask()
            self._tell(self.sampler, self.row([amplitude, width], partial(self._measure, amplitude, width)))
            self.report(ProgressEvent(min(99.0, 100.0 * self.sampler.pulses / self.pulses)))
        self.report(ProgressEvent(100.0))

    @staticmethod
    def _tell(sampler: MapSampler, row: Sequence[float]) -> None:
        amplitude, width, *counts = row
        # Recordings before December 2026 have no fifth, the share.
        sampler.tell(amplitude, width, int(counts[0] + counts[2]), int(counts[1] + counts[3]))

    def fit_rows(self, task: FitTask) -> None:
        """Smooth the map and trace the curve of one half; then fit a macrospin, if that is wanted.

        Parameters
        ----------
        task
            Recorded rows, and whom to tell what is found.
        """
        self.sampler = self._new_sampler()
        for row in task.rows.tolist():
            self._tell(self.sampler, row)
        task.check()
        self.sampler.map()
        task.check()
        lengths = self.sampler.map(refit=False).scales.lengths
        found = {
            f"correlation length in {name}": Quantity(length, math.nan, unit)
            for name, length, unit in zip(("amplitude", "width"), lengths, "Vs", strict=True)
        }
        task.found(self._lowest_half() | found)
        if self.fit == "precession":
            fit_macrospin(self, task)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        shots, switched = rows[:, 2] + rows[:, 4], rows[:, 3] + rows[:, 5]
        title = f"{title}, {int(shots.sum()):,} pulses"
        found = [
            f"{symbol} = {Quantity(result.value * factor, result.uncertainty * factor, unit)}"
            for name, symbol, factor, unit in _DRAWN
            if (result := results.get(name)) is not None and math.isfinite(result.value)
        ]
        lines = [title, f"fit: {', '.join(found)}"] if found else [title]
        return map_plot(rows[:, 0], rows[:, 1], switched, shots, "\n".join(lines), self._fitted)

    def picture(self, recording: Recording) -> bytes:
        """Draw the map that a recording holds, with the contours of its newest fit; see `TableProcedure.picture`.

        Parameters
        ----------
        recording
            A recording whose parameters are this procedure's, also a part.
        """
        self._fitted = fitted_macrospin(self, recording)
        return super().picture(recording)

    def _lowest_half(self) -> dict[str, Quantity]:
        """Give the lowest point of the curve of one half; nothing where too few pulses tell whether there is one."""
        curves = half_contour(*self.sampler.grid())
        if curves:
            points = np.concatenate(curves)
            amplitude, width = points[points[:, 0].argmin()]
            return {
                "lowest amplitude with one half": Quantity(float(amplitude), math.nan, "V"),
                "width there": Quantity(float(width), math.nan, "s"),
            }
        side = self.sampler.side_of_half()
        where = f"from {self.lowest:g} to {self.highest:g} V and {self.shortest:g} to {self.longest:g} s"
        if not side:
            log.warning("whether P(switch) is one half anywhere %s cannot be determined: give more pulses", where)
            return {}
        low, high = self.sampler.extremes()
        what, todo = ("below", "larger") if side < 0 else ("above", "smaller")
        raise FitError(
            f"P(switch) is {what} one half everywhere {where} ({low:.3g} to {high:.3g}): widen the map towards {todo} "
            "amplitudes; a device that switches nowhere is stuck or gets no pulse: try contact-check"
        )

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: readings, settings, computations."""
        lasts = (self.pulses + 200) * reading_time(self, self.integration, self.settle, width=self.longest)
        lasts += ASKING_TIME * self.pulses / self.shots * self._choice()
        return float(START + lasts + (macrospin_fit_time(self) if self.fit == "precession" else 0.0))

    def _choice(self) -> float:
        """Give the share of the usual settings that there are to choose from: few, where the generator makes few."""
        bench: Bench | None = getattr(self, "bench", None)
        made = () if bench is None else made_amplitudes(bench.file, self.lowest, self.highest)
        return min(1.0, len(made) / CANDIDATES) if made else 1.0

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=-(-self.pulses // self.shots), columns=len(self.DATA_COLUMNS))

    def _measure(self, amplitude: float, width: float) -> tuple[float, ...]:
        """Count pulses and switchings from P and from AP; with the share of all that switched."""
        before = self._trains.state
        states = self._trains.run(amplitude, width, self.shots)
        found = np.concatenate(([before], states[:-1]))
        counts = [0, 0, 0, 0]
        for state in (0, 1):
            these = states[found == state]
            counts[2 * state : 2 * state + 2] = len(these), int(np.count_nonzero(these != state))
        for state in (0, 1):
            if counts[2 * state] < self.prepared:
                pulses, switched = self._prepared(state, amplitude, width, self.prepared - counts[2 * state])
                counts[2 * state] += pulses
                counts[2 * state + 1] += switched
        shots, switched = counts[0] + counts[2], counts[1] + counts[3]
        return *counts, switched / shots if shots else math.nan

    def _prepared(self, state: int, amplitude: float, width: float, count: int) -> tuple[int, int]:
        """Prepare a state, pulse once, and so on."""
        switched = 0
        for done in range(count):
            try:
                self._trains.reach(state, *self._preparation, most=200)
            except InstrumentError as error:
                log.warning("%s; %d of %d prepared pulses were sent", error, done, count)
                return done, switched
            switched += int(self._trains.run(amplitude, width, 1)[0] != state)
        return count, switched
