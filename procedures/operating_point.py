"""Find the pulse amplitude at which the junction switches half of the time."""

from typing import ClassVar

import numpy as np
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.operating_point.search import OperatingPoint, OperatingPointSearch
from mtjlab.procedures.count_parameter import CountParameter
from mtjlab.procedures.pulse_trains import PulseTrains
from mtjlab.procedures.recording_size import recording_size
from mtjlab.procedures.table_procedure import TableProcedure

__all__ = ["FindOperatingPoint"]


class FindOperatingPoint(TableProcedure):
    """Search the amplitude with P(switch) = 1/2 at one width, preferring a plateau.

    Every pulse toggles the device or not; no reset is needed. What counts is the share of pulses that change the state,
    which is P(1) of the raw bits of a random bitstream. See `OperatingPointSearch` for how it is found. At the end the
    slope with the width is measured, by as many pulses at either side as were made for the scans.
    """

    pulses = CountParameter("Pulses", default=40_000, minimum=12_000, maximum=10**9)
    lowest = FloatParameter("Lowest amplitude", units="V", default=1.05, minimum=0.05, maximum=5.0)
    highest = FloatParameter("Highest amplitude", units="V", default=1.34, minimum=0.05, maximum=5.0)
    resolution = FloatParameter("Step of the amplitude", units="V", default=1e-3, minimum=1e-6, maximum=1.0)
    width = FloatParameter("Pulse width", units="s", default=10e-9, minimum=1e-10, maximum=1.0)
    settle = FloatParameter("Settle time", units="s", default=1e-6, minimum=0.0, maximum=999.0)
    bias = FloatParameter("Read bias", units="V", default=0.05, minimum=-1.0, maximum=1.0)
    compliance = FloatParameter("Compliance", units="A", default=1e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=0.01, minimum=0.01, maximum=10.0)

    DATA_COLUMNS: ClassVar[list[str]] = ["Amplitude (V)", "Width (s)", "Pulses", "Switched", "Share switched"]

    point: OperatingPoint
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self._trains = PulseTrains(
            self.bench,
            bias=self.bias,
            compliance=self.compliance,
            integration=self.integration,
            settle=self.settle,
        )
        self._search = OperatingPointSearch(self.lowest, self.highest, resolution=self.resolution)
        self._trains.configure(self.lowest, self.width)
        self._trains.configure(self.highest, self.width)

    def startup(self) -> None:
        """Switch the outputs on and find the currents of the two states."""
        self.configure()
        self._trains.start()
        # From below: a plateau comes before the precession that may be too fast for any amplitude to stand out.
        self._trains.find_levels([(float(volts), self.width) for volts in np.linspace(self.lowest, self.highest, 9)])

    def execute(self) -> None:
        """Search until the pulses are used up."""
        search = self._search
        while search.shots.total < self.pulses or not search.scanned:
            if self.should_stop():
                return
            volts, count = search.ask()
            left = self.pulses - search.shots.total
            count = max(1, min(count, left)) if search.scanned else count
            search.tell(volts, count, self._count(volts, self.width, count))
            self.emit("progress", min(99.0, 100.0 * search.shots.total / self.pulses))
        self.point = search.estimate()
        self._report(self.point)
        self.emit("progress", 100.0)

    @property
    def estimated_duration(self) -> float:
        """Time that the instruments take [s]: settling and integrating at 50 Hz; transfers come on top."""
        return float((self.pulses + 16_000) * (self.settle + self.integration / 50.0))

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=200, columns=len(self.DATA_COLUMNS))

    def _count(self, amplitude: float, width: float, pulses: int) -> int:
        def measure() -> tuple[float, float]:
            switched = int(np.count_nonzero(self._trains.switched(amplitude, width, pulses)))
            return switched, switched / pulses

        return int(self.row([amplitude, width, pulses], measure)[3])

    def _report(self, point: OperatingPoint) -> None:
        low, high = point.interval
        slope, error = self._width_slope(point)
        self.emit(
            "fit",
            {
                "amplitude": (point.setting, (high - low) / (2 * 1.96), "V"),
                "P(switch)": (point.probability, point.probability_error, "1"),
                "slope with amplitude": (point.slope, point.slope_error, "1/V"),
                "slope with width": (slope, error, "1/s"),
            },
        )

    def _width_slope(self, point: OperatingPoint) -> tuple[float, float]:
        """Measure how P(switch) follows the width, from 5 % below to 5 % above."""
        pulses, step = 5000, 0.05 * self.width
        shares = []
        for width in (self.width - step, self.width + step):
            shares.append(self._count(point.setting, width, pulses) / pulses)
        error = np.sqrt(sum(p * (1 - p) for p in shares) / pulses) / (2 * step)
        return (shares[1] - shares[0]) / (2 * step), float(error)
