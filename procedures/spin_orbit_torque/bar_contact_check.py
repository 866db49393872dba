"""Whether a bar is connected, and the right way round, before anything is done to it."""

import math
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.plots import line_plot
from mtjlab.analysis.spin_orbit_torque import BarContact, BarContactState
from mtjlab.core import Quantity
from mtjlab.instruments import ComplianceError, InstrumentError
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.fit_task import FitTask
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.spin_orbit_torque.bar_procedure import BarProcedure

__all__ = ["BarContactCheck"]


class BarContactCheck(BarProcedure):
    """Read a bar at small currents of both signs and say whether a bar, a short, nothing, or reversed leads are there.

    What the bar should have is the `resistance` of the bench file. Leads that are no bar's fail the run, with the
    diagnosis as the reason (`BarContact`). Every other procedure on a bar begins with four such readings, and refuses
    to measure on the same grounds. No coil is switched on.
    """

    current = LimitedParameter("Largest current", limit="current", units="A", default=1e-4, minimum=1e-9, maximum=1.0)
    readings = CountParameter("Readings at each current", default=5, minimum=1, maximum=10_000)

    DATA_COLUMNS: ClassVar[list[str]] = ["Current (A)", "Voltage (V)"]

    contact: BarContact
    """What was found."""

    def configure(self) -> None:
        """Make the settings that the interlock may refuse; every output stays as it is."""
        self.connect(self.current, 0.0, 0.0)

    def startup(self) -> None:
        """Make the settings; nothing is judged yet."""
        self.configure()

    def execute(self) -> None:
        """Read at each current."""
        currents = np.repeat(self.current * np.array([0.5, -0.5, 1.0, -1.0]), self.readings)
        for index, amperes in enumerate(currents.tolist()):
            if self.should_stop():
                return
            self.row([amperes], partial(self._read, amperes))
            self.report(ProgressEvent(100.0 * (index + 1) / currents.size))

    def _read(self, amperes: float) -> tuple[float]:
        try:
            return (self.voltage(amperes),)
        except ComplianceError:
            # An open lead drives the source into its compliance, which its adapter refuses to call a reading.
            return (math.copysign(self.compliance, amperes),)

    def fit_rows(self, task: FitTask) -> None:
        """Judge the contacts, and fail where there is no bar the right way round.

        Parameters
        ----------
        task
            Rows and bench file; takes the results.

        Raises
        ------
        InstrumentError
            If there is none; the message is the diagnosis.
        """
        currents, voltages = task.rows.T
        self.contact = BarContact.judge(currents, voltages, task.bench.device.resistance, self.compliance)
        task.found({"resistance": self.contact.resistance, "voltage at zero current": self.contact.offset})
        if self.contact.state is not BarContactState.BAR:
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
            line = results["resistance"].value, results["voltage at zero current"].value
        return line_plot(("current", "A", rows[:, 0]), ("voltage", "V", rows[:, 1]), None, line, title)

    @property
    def _readings(self) -> int:
        return int(4 * self.readings)
