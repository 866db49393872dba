"""The worker keeps what any PyMeasure procedure emits."""

import numpy as np
import pytest
from pymeasure.experiment import FloatParameter, Procedure

from mtjlab.data.recording import Recording
from mtjlab.procedures.column import Column
from mtjlab.procedures.run import run


class Ramp(Procedure):
    """A procedure as PyMeasure's tutorial writes it: one dictionary a row."""

    step = FloatParameter("Step", units="V", default=0.1)
    DATA_COLUMNS = ["Voltage (V)", "Current (A)"]  # noqa: RUF012 (PyMeasure's way)

    def execute(self):
        for index in range(1000):
            self.emit("results", {"Voltage (V)": index * self.step, "Current (A)": index * 1e-6})

    def shutdown(self):
        self.bench.make_safe()


def test_rows_of_a_plain_pymeasure_procedure_are_all_kept(bench, tmp_path):
    recording = run(Ramp(step=0.25), bench, tmp_path / "ramp.h5")
    frame = recording.frame()
    assert (recording.status, recording.committed, recording.procedure) == ("finished", 0, "Ramp")
    np.testing.assert_allclose(frame["Voltage"], 0.25 * np.arange(1000))
    np.testing.assert_allclose(frame["Current"], 1e-6 * np.arange(1000))
    assert frame.attrs["units"] == {"Voltage": "V", "Current": "A"}


def test_rows_before_a_failure_are_kept(bench, tmp_path):
    class Failing(Ramp):
        def execute(self):
            super().execute()
            raise RuntimeError("the cryostat is warm")

    path = tmp_path / "ramp.h5"
    with pytest.raises(RuntimeError, match="the cryostat is warm"):
        run(Failing(), bench, path)
    recording = Recording(path)
    assert (recording.status, recording.rows) == ("failed", 1000)
    assert "the cryostat is warm" in " ".join(recording.log()["message"])


def test_columns_are_named_without_their_units():
    assert Column.parse("Time (s)") == ("Time", "s")
    assert Column.parse("P(1)") == ("P(1)", "")
