"""Whether the device is there, before anything is done to it."""

import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pymeasure.experiment import FloatParameter

from mtjlab.analysis.junction import USUAL_INTERVAL, Contact, ContactState
from mtjlab.analysis.plots import line_plot
from mtjlab.core import Quantity
from mtjlab.instruments import BenchFile, ComplianceError, InstrumentError, SignalPath
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.measurements.reading_time import START, reading_time
from mtjlab.procedures.measurements.recording_size import recording_size
from mtjlab.procedures.measurements.table_procedure import TableProcedure

__all__ = ["ContactCheck"]


class ContactCheck(TableProcedure):
    """Read at small biases of both polarities and say whether a device, a short or nothing is there.

    What the device should have is taken from the bench file: its `resistance`, and its `highest_resistance` or twice
    the lowest. A contact that is no device's fails the run, with the diagnosis as the reason. Where the bench has a
    pulse generator, the results tell what the device gets of each volt that the generator is told, by `[wiring]`.
    """

    bias = LimitedParameter("Largest bias", limit="read_bias", units="V", default=0.02, minimum=1e-4, maximum=1.0)
    readings = CountParameter("Readings at each bias", default=5, minimum=1, maximum=10_000)
    compliance = LimitedParameter("Compliance", limit="compliance", units="A", default=2e-5, minimum=1e-9, maximum=1.0)
    integration = FloatParameter("Integration time in power line cycles", default=1.0, minimum=0.01, maximum=10.0)

    DATA_COLUMNS: ClassVar[list[str]] = ["Voltage (V)", "Current (A)"]

    contact: Contact
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        meter = self.bench.source_meter
        meter.set_bias(self.bias, self.compliance)
        meter.set_integration(self.integration)

    def startup(self) -> None:
        """Switch the bias on; the generator's output stays off."""
        self.configure()
        self.bench.source_meter.switch_on()

    def execute(self) -> None:
        """Read at each bias."""
        voltages = np.repeat(self.bias * np.array([0.5, -0.5, 1.0, -1.0]), self.readings)
        for index, volts in enumerate(voltages):
            if self.should_stop():
                return
            self.row([volts], partial(self._read, float(volts)))
            self.report(ProgressEvent(100.0 * (index + 1) / voltages.size))

    def fit_rows(self, task: FitTask) -> None:
        """Judge the contact, and fail where there is no device.

        Parameters
        ----------
        task
            Rows and bench file; takes the results.

        Raises
        ------
        InstrumentError
            If there is no device; the message is the diagnosis.
        """
        voltages, currents = task.rows.T
        device = task.bench.device
        self.contact = Contact.judge(
            voltages,
            currents,
            device.resistance,
            device.highest_resistance or 2 * device.resistance,
            self.integration * USUAL_INTERVAL,
        )
        found = {"resistance": self.contact.resistance, "current at zero bias": self.contact.offset}
        found["misfit of the straight line"] = Quantity(self.contact.misfit, math.nan, "1")
        if self.contact.state is ContactState.DEVICE and task.bench.roles.pulse_generator is not None:
            found["gain at the device"] = self._gain(task.bench)
        task.found(found)
        if self.contact.state is not ContactState.DEVICE:
            raise InstrumentError(self.contact.diagnosis)

    def draw(self, rows: NDArray[np.float64], results: Mapping[str, Quantity], title: str) -> bytes:
        """Draw rows, shape (N, columns), and the results of this procedure as a PNG.

        Parameters
        ----------
        rows, results, title
            As for `TableProcedure.draw`.
        """
        line = None
        if "resistance" in results and math.isfinite(results["resistance"].value):
            line = 1 / results["resistance"].value, results["current at zero bias"].value
        return line_plot(("bias", "V", rows[:, 0]), ("current", "A", rows[:, 1]), None, line, title)

    @property
    def estimated_duration(self) -> float:
        """Time that a run takes [s]: readings, settings, computations."""
        return float(START + 4 * self.readings * reading_time(self, self.integration, by_command=True))

    @property
    def estimated_bytes(self) -> int:
        """Size of the recording [bytes]."""
        return recording_size(rows=4 * self.readings, columns=len(self.DATA_COLUMNS))

    def _gain(self, file: BenchFile) -> Quantity:
        """Volts at the device for each volt that the generator is told, uncertain by the losses of the elements."""
        gain = SignalPath(file.wiring, file.device, file.limits.duty_cycle).gain(self.contact.resistance.value)
        return Quantity(gain, gain * math.log(10) / 20 * file.wiring.loss_uncertainty, "V/V")

    def _read(self, volts: float) -> tuple[float]:
        meter = self.bench.source_meter
        meter.set_bias(volts, self.compliance)
        try:
            return (meter.read().current,)
        except ComplianceError:
            # A short drives the meter into its compliance, which its adapter refuses to call a reading.
            return (float(np.copysign(self.compliance, volts)),)
