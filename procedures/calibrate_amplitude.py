"""What amplitude reaches the device, measured with an oscilloscope."""

import logging
import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.plots import line_plot
from mtjlab.analysis.pulses import AmplitudeCalibration, PulseShape
from mtjlab.core import FitError, InputError, Quantity
from mtjlab.instruments import BenchFile, InstrumentError, OscilloscopeSettings, SignalPath, Waveform
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START, computed
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.table_procedure import TableProcedure

__all__ = ["CalibrateAmplitude"]

log = logging.getLogger(__name__)

HEADROOM = 1.5
"""Range over the largest voltage that is expected."""
RESOLVED = 0.2
"""Share of the range that a pulse must have to be measured in it."""
SMALLEST_RANGE, LARGEST_RANGE = 10e-3, 40.0
"""Ranges that are tried [V]."""
WINDOW, SHORTEST_WINDOW = 6.0, 200e-9
"""Time on the screen over the width of the pulse; and at least [s], for the delay of the cables."""
SECONDS_A_SWEEP = 0.05
"""Time from one sweep to the next [s]; chosen here, to tell how long it takes."""
COMPUTED_SWEEP = 3e-3
"""The same on a simulated bench."""


class CalibrateAmplitude(TableProcedure):
    """Look at pulses of several amplitudes with the oscilloscope and fit a straight line.

    The oscilloscope is beside the device or instead of it, as `[roles.oscilloscope]` in the bench file says. Results
    are the gain from what the generator is told to what is there, the offset, the loss that belongs into `[wiring]`,
    and the gain at the device in both of its states. No signal, a signal off the screen, a factor of two and a bent
    line end the run with a diagnosis.
    """

    lowest = LimitedParameter(
        "Lowest amplitude", limit="pulse_amplitude", units="V", default=0.1, minimum=-10.0, maximum=10.0
    )
    highest = LimitedParameter(
        "Highest amplitude", limit="pulse_amplitude", units="V", default=0.5, minimum=-10.0, maximum=10.0
    )
    amplitudes = CountParameter("Amplitudes", default=5, minimum=3, maximum=1000)
    repeats = CountParameter("Pulses at each", default=16, minimum=2, maximum=100_000)
    width = LimitedParameter(
        "Pulse width", limit="pulse_width", amplitude="highest", units="s", default=50e-9, minimum=1e-9, maximum=1e-3
    )

    DATA_COLUMNS: ClassVar[list[str]] = [
        "Amplitude set (V)",
        "Amplitude seen (V)",
        "Its standard error (V)",
        "Base (V)",
        "Width (s)",
    ]

    calibration: AmplitudeCalibration
    """What was found."""
    _file: BenchFile

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is.

        Raises
        ------
        InputError
            If lowest and highest amplitude are the same.
        LimitError
            If the interlock refuses an amplitude.
        """
        if self.lowest == self.highest:
            raise InputError(f"lowest and highest amplitude are both {self.lowest:g} V: give two different ones")
        self._file = self.bench.file
        self._range: float | None = None
        self._scope = self.bench.oscilloscope
        for amplitude in self._settings:
            self.bench.pulse_generator.set_pulse(amplitude, self.width)

    def startup(self) -> None:
        """Set the oscilloscope and switch the generator on; no pulse is sent."""
        self.configure()
        self._scope.set_window(max(SHORTEST_WINDOW, WINDOW * self.width))
        self.bench.pulse_generator.set_pulse(self._settings[0], self.width)
        self.bench.pulse_generator.arm_manual()
        self.bench.pulse_generator.switch_on()

    def execute(self) -> None:
        """Measure each amplitude, from the highest down."""
        for number, amplitude in enumerate(self._settings, 1):
            if self.should_stop():
                return
            self.row([amplitude], partial(self._measure, amplitude))
            self.report(ProgressEvent(100.0 * number / self.amplitudes))

    def fit_rows(self, task: FitTask) -> None:
        """Fit a straight line.

        Parameters
        ----------
        task
            Rows and bench file; takes the results.

        Raises
        ------
        InstrumentError
            If what was seen does not fit what was set; the message is the diagnosis.
        """
        self._file = task.bench
        told, seen, errors = task.rows.T[:3]
        said = task.bench.wiring.loss
        self.calibration = found = AmplitudeCalibration.fit(
            told,
            seen,
            errors,
            lossless=self._line.gain(self._end) * 10 ** (said / 20),
            expected_loss=said,
            accuracy=self._role.accuracy,
        )
        if found.diagnosis:
            raise InstrumentError(found.diagnosis)
        self._tell(found, task)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        line = (results["gain"].value, results["offset"].value) if "gain" in results else None
        told, seen, errors = rows.T[:3]
        return line_plot(("amplitude set", "V", told), ("amplitude seen", "V", seen), errors, line, title)

    def _tell(self, found: AmplitudeCalibration, task: FitTask) -> None:
        line, device, said, loss = self._line, self._file.device, self._file.wiring, found.loss
        results = {"gain": found.gain, "offset": found.offset, "loss": found.loss}
        states = {"parallel": device.resistance, "antiparallel": device.highest_resistance}
        for state, resistance in states.items():
            if resistance is not None:
                share = line.gain(resistance) / line.gain(self._end)
                results[f"gain at the device, {state}"] = found.gain.scaled(share, found.gain.unit)
        results["goodness (p)"] = Quantity(found.p_value, math.nan, "1")
        task.found(results)
        apart = abs(loss.value - said.loss) / max(1e-9, np.hypot(loss.uncertainty, said.loss_uncertainty))
        log.log(
            logging.WARNING if apart > 3 else logging.INFO,
            "the line has a loss of %.3f ± %.3f dB, the bench file says %.3f dB of all that it names. What may stand "
            'in place of them: [[wiring.elements]] name = "line", loss = %.3f, uncertainty = %.3f',
            loss.value,
            loss.uncertainty,
            said.loss,
            loss.value,
            loss.uncertainty,
        )

    @property
    def _settings(self) -> list[float]:
        """Amplitudes [V]; the largest comes first, which the range is found for."""
        steps = np.linspace(self.lowest, self.highest, self.amplitudes)
        return [float(step) for step in steps[np.argsort(-np.abs(steps), kind="stable")]]

    @property
    def _role(self) -> OscilloscopeSettings:
        settings = self._file.roles.oscilloscope
        assert settings is not None
        return settings

    @property
    def _line(self) -> SignalPath:
        file = self._file
        return SignalPath(file.wiring, file.device, file.limits.duty_cycle)

    @property
    def _end(self) -> float:
        """Resistance at the end of the line [Ω]: the oscilloscope's, and beside it the device's."""
        if self._role.position == "instead":
            return self._role.impedance
        device = self._file.device
        highest = device.highest_resistance or 2 * device.resistance
        # Half way between the states in conductance; from there to either the gain changes by half a thousandth.
        return 1 / (1 / self._role.impedance + (1 / device.resistance + 1 / highest) / 2)

    def _measure(self, amplitude: float) -> tuple[float, float, float, float]:
        """Measure amplitude, its standard error, base and width of the pulse at the end of the line."""
        self.bench.pulse_generator.set_pulse(amplitude, self.width)
        if self._range is None:
            self._find_range(amplitude)
        shapes = []
        for _ in range(self.repeats):
            sweep = self._sweep()
            if sweep.clipped:
                raise InstrumentError(
                    f"a pulse leaves the screen of ±{self._range:.3g} V, where one of the same or a larger amplitude "
                    "did not: the amplitude is not steady; check the contacts of the line"
                )
            shapes.append(self._shape(sweep))
        seen = np.array([shape.amplitude for shape in shapes])
        error = float(seen.std(ddof=1) / np.sqrt(seen.size))
        # Where the converter is coarser than the noise, all sweeps may agree; half a step of 12 bits is left.
        error = max(error, (self._range or 0.0) / 2**12 / np.sqrt(12 * seen.size))
        base, width = (float(np.mean([getattr(shape, name) for shape in shapes])) for name in ("base", "width"))
        return float(seen.mean()), error, base, width

    def _find_range(self, amplitude: float) -> None:
        """Choose the range for an amplitude: begin with what the wiring says, look, choose again."""
        largest = _allowed(HEADROOM * abs(amplitude) * self._line.gain(self._end))
        trouble = ""
        for _ in range(12):
            self._range = largest
            self._scope.set_vertical(largest)
            sweep = self._sweep()
            if sweep.clipped:
                trouble, wanted = f"the pulse leaves the screen of ±{largest:.3g} V", 2 * largest
            else:
                seen = float(np.abs(sweep.voltages).max())
                try:
                    shape = self._shape(sweep)
                except FitError as error:
                    trouble, wanted = str(error), largest / 4
                else:
                    if abs(shape.amplitude) > RESOLVED * largest:
                        return
                    trouble, wanted = "", HEADROOM * seen
            if _allowed(wanted) == largest:
                break
            largest = _allowed(wanted)
        if trouble:
            raise InstrumentError(
                f"{trouble}, with {amplitude:g} V set. Check cable and attenuators from the generator to channel "
                f"{self._role.channel}, the probe, and that it looks where [roles.oscilloscope] position says"
            )

    def _sweep(self) -> Waveform:
        self._scope.start()
        self.bench.pulse_generator.trigger()
        return self._scope.fetch()

    @staticmethod
    def _shape(sweep: Waveform) -> PulseShape:
        # Nothing comes before the trigger, which is the generator's own.
        before = int(-sweep.start / sweep.interval * 0.95)
        return PulseShape.measure(sweep.voltages, sweep.interval, before)

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: readings, settings, computations."""
        sweep = SECONDS_A_SWEEP if computed(self) is None else COMPUTED_SWEEP
        return float(START + self.amplitudes * self.repeats * sweep)

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=self.amplitudes, columns=len(self.DATA_COLUMNS))


def _allowed(largest: float) -> float:
    return min(max(largest, SMALLEST_RANGE), LARGEST_RANGE)
