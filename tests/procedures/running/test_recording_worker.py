"""The worker keeps what any PyMeasure procedure emits."""

import logging
import threading

import numpy as np
import pytest
from pymeasure.experiment import FloatParameter, Metadata, Procedure
from pymeasure.units import ureg

from mtjlab.data.recording import Recording
from mtjlab.procedures.measurements.column import Column
from mtjlab.procedures.running import recording_log
from mtjlab.procedures.running.one_run import run


class Ramp(Procedure):
    """A procedure as PyMeasure's tutorial writes it: one dictionary a row."""

    step = FloatParameter("Step", units="V", default=0.1)
    DATA_COLUMNS = ["Voltage (V)", "Current (A)"]  # noqa: RUF012 (PyMeasure's way)

    def execute(self):
        for index in range(1000):
            self.emit("results", {"Voltage (V)": index * self.step, "Current (A)": index * 1e-6})


def executing(execute):
    """Make a ramp that does something else."""
    return type("Ramp", (Ramp,), {"execute": execute})()


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


@pytest.mark.parametrize("topic", ["results", "batch results"])
def test_rows_emitted_in_blocks_keep_their_place_among_single_ones(bench, tmp_path, topic):
    def execute(self):
        self.emit("results", {"Voltage (V)": 0.0, "Current (A)": 0.0})
        self.emit(topic, {"Voltage (V)": np.arange(1.0, 1001), "Current (A)": list(range(1, 1001))})
        self.emit("results", {"Voltage (V)": 1001, "Current (A)": np.float32(1001), "Remark": "not a column"})

    frame = run(executing(execute), bench, tmp_path / "a.h5").frame()
    np.testing.assert_array_equal(frame["Voltage"], np.arange(1002.0))
    np.testing.assert_array_equal(frame["Current"], np.arange(1002.0))


def test_missing_values_are_nan_and_quantities_are_converted_as_pymeasure_does(bench, tmp_path):
    def execute(self):
        self.emit("results", {"Voltage (V)": ureg.Quantity(20, "mV")})
        self.emit("results", {"Current (A)": True})

    frame = run(executing(execute), bench, tmp_path / "a.h5").frame()
    np.testing.assert_array_equal(frame["Voltage"], [0.02, np.nan])
    np.testing.assert_array_equal(frame["Current"], [np.nan, 1.0])


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"Voltage (V)": "high", "Current (A)": 0.0}, r"column 'Voltage \(V\)' was given 'high'.*hold numbers"),
        ({"Voltage (V)": [1.0, 2.0], "Current (A)": [0.0]}, r"columns of lengths .*2.*1.*give them one length"),
    ],
)
def test_rows_that_are_no_numbers_fail_the_run_in_words(bench, tmp_path, record, message):
    with pytest.raises(ValueError, match=message):
        run(executing(lambda self: self.emit("results", record)), bench, tmp_path / "a.h5")


def test_what_a_procedure_found_goes_into_the_results(bench, tmp_path):
    def execute(self):
        self.emit("fit", {"coercivity": (0.0412, 0.0003, "T"), "thermal stability": (44.2, 1.5, "")})

    results = run(executing(execute), bench, tmp_path / "a.h5").results
    assert results["coercivity"].value == 0.0412
    assert (results["coercivity"].uncertainty, results["coercivity"].unit) == (0.0003, "T")
    assert results["thermal stability"].value == 44.2


def test_metadata_of_pymeasure_are_in_the_log(bench, tmp_path):
    class Described(Ramp):
        cryostat = Metadata("Cryostat", default="B2")

    log = run(Described(), bench, tmp_path / "a.h5").log()
    assert "Cryostat = B2" in list(log["message"])


def test_what_is_logged_during_a_run_is_in_the_recording(bench, tmp_path):
    def execute(self):
        logging.getLogger("my.lab").warning("helium at %d %%", 20)
        logging.getLogger("mtjlab.procedures.mine").info("field ramped")
        logging.getLogger("mtjlab.procedures.mine").debug("of no interest")
        other = threading.Thread(target=lambda: logging.getLogger("elsewhere").warning("of another thread"))
        other.start()
        other.join()

    handlers = list(logging.getLogger().handlers)
    log = run(executing(execute), bench, tmp_path / "a.h5").log()
    kept = list(zip(log["level"], log["source"], log["message"], strict=True))
    assert ("warning", "my.lab", "helium at 20 %") in kept
    assert ("info", "mtjlab.procedures.mine", "field ramped") in kept
    assert not {"of no interest", "of another thread"} & set(log["message"])
    assert logging.getLogger().handlers == handlers


@pytest.mark.parametrize("level", [logging.NOTSET, logging.WARNING, logging.INFO])
def test_what_a_procedure_of_ones_own_says_is_kept_however_little_the_program_prints(
    bench, tmp_path, monkeypatch, level
):
    printed = []
    printer = logging.Handler()
    printer.emit = lambda record: printed.append(record.getMessage())
    root, package = logging.getLogger(), logging.getLogger("mtjlab")
    monkeypatch.setattr(root, "handlers", [printer])
    monkeypatch.setattr(package, "level", logging.NOTSET)
    monkeypatch.setattr(root, "level", level)
    monkeypatch.setattr(logging.getLogger("my.lab"), "level", logging.NOTSET)

    def execute(self):
        logging.getLogger("my.lab").info("helium at %d %%", 20)
        logging.info("at the root")

    log = run(executing(execute), bench, tmp_path / "a.h5").log()
    assert {"helium at 20 %", "at the root"} <= set(log["message"])
    # What the program prints is up to the program, during the run and after it.
    assert ("helium at 20 %" in printed) == (level != logging.WARNING)
    assert (root.level, package.level, root.handlers, printer.filters) == (level, logging.NOTSET, [printer], [])


def test_a_loop_that_logs_does_not_fill_the_disk(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(recording_log, "MOST", 20)

    def execute(self):
        for index in range(30):
            logging.getLogger("my.lab").warning("message %d", index)

    log = run(executing(execute), bench, tmp_path / "a.h5").log()
    assert "message 19" in list(log["message"])
    assert list(log["message"])[-1] == "more than 20 messages: the rest is left out"


def test_outputs_are_off_after_a_procedure_that_leaves_them_on(bench, tmp_path):
    def execute(self):
        self.bench.source_meter.switch_on()

    run(executing(execute), bench, tmp_path / "a.h5")
    assert bench.source_meter.settings()["output"] == "False"


def test_columns_are_named_without_their_units():
    assert Column.parse("Time (s)") == ("Time", "s")
    assert Column.parse("P(1)") == ("P(1)", "")


def test_a_run_keeps_a_copy_elsewhere(bench, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    recording = run(Ramp(step=0.25), bench, tmp_path / "ramp.h5", mirror=tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere/ramp.h5").read_bytes() == recording.path.read_bytes()
