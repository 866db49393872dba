"""The window runs every procedure on the simulated bench, shows it, stops it, and leaves a whole recording."""

import signal
import sys
import time
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from pymeasure.experiment import Procedure

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from qtpy.QtCore import QTimer

from mtjlab.data.recording import Recording
from mtjlab.gui import runner_window
from mtjlab.gui.application import show_window
from mtjlab.gui.live_bits import POINTS, LiveBits
from mtjlab.gui.live_rows import MOST, LiveRows
from mtjlab.gui.procedure_run import ProcedureRun
from mtjlab.gui.rows_view import RowsView
from mtjlab.gui.runner_window import RunnerWindow
from mtjlab.procedures.measurements.block import Block
from mtjlab.procedures.measurements.events import ProgressEvent
from mtjlab.procedures.measurements.registry import find_procedure_by_class, procedure_name
from mtjlab.procedures.running import stopping
from mtjlab.procedures.running.run_options import RunOptions


@pytest.fixture
def window(application, tmp_path):
    window = RunnerWindow("simulated", tmp_path)
    window.show()
    yield window
    window.close()


def test_a_run_ends_with_a_finished_recording_of_all_bits(application, window, tmp_path, wait_for_end):
    window.inputs.set("bits", "20_000")
    window.start()
    wait_for_end(window)
    assert window.run.error is None
    assert "Finished: 20,000 bits" in window.message
    (path,) = tmp_path.glob("*.h5")
    recording = Recording(path)
    assert (recording.status, recording.committed) == ("finished", 20_000)
    assert window.panel.start.isEnabled()
    x, y = window.live.p_one.getData()
    assert x[-1] == 20_000
    assert np.all(np.abs(y - 0.5) < 0.1)


def test_a_recording_of_the_list_fills_the_form_and_is_resumed(application, window, tmp_path, wait_for_end, wait_for):
    window.inputs.set("bits", "1e12")
    window.start()
    wait_for(lambda: window.run.bits.snapshot().total > 0)
    window.stop()
    wait_for_end(window)
    (path,) = tmp_path.glob("*.h5")
    before = Recording(path).committed
    window.inputs.set("bits", "5")
    window.recordings.parameters_requested.emit(path)
    assert window.inputs.get_procedure().bits == 10**12
    assert window.output != path  # a new run, into a file of its own
    window.recordings.resume_requested.emit(path)
    wait_for(lambda: window.is_running and window.run.is_alive() and window.run.began is not None)
    window.recordings.resume_requested.emit(path)
    assert "a run is under way" in window.message
    window.stop()
    wait_for_end(window)
    assert Recording(path).committed >= before
    window.recordings.parameters_requested.emit(tmp_path / "nothing.h5")
    assert "nothing.h5" in window.message


def test_stop_leaves_an_aborted_recording_with_what_was_acquired(application, window, tmp_path, wait_for_end, wait_for):
    window.inputs.set("bits", "1e12")
    window.start()
    wait_for(lambda: window.run.bits.snapshot().total > 0)
    window.stop()
    wait_for_end(window)
    (path,) = tmp_path.glob("*.h5")
    recording = Recording(path)
    assert recording.status == "aborted"
    assert 0 < recording.committed == window.run.bits.snapshot().total


def test_closing_the_window_ends_the_run_safely(application, window, tmp_path, wait_for):
    window.inputs.set("bits", "1e12")
    window.start()
    wait_for(lambda: window.run.bits.snapshot().total > 0)
    window.close()
    assert not window.run.is_alive()
    (path,) = tmp_path.glob("*.h5")
    assert Recording(path).status == "aborted"


def test_a_refusal_of_the_interlock_is_shown_in_words(application, tmp_path, wait_for_end):
    (tmp_path / "strong.py").write_text(STRONG, encoding="utf-8")
    window = RunnerWindow("simulated", tmp_path, procedure=f"{tmp_path}/strong.py:Strong")
    window.start()
    wait_for_end(window)
    assert "is refused: the bench allows" in window.message
    window.close()


def test_what_the_bench_does_not_allow_is_said_while_it_is_typed(application, window):
    window.inputs.set("amplitude", 2.0)  # the procedure's own range ends at 5 V
    window.estimate()
    said = "Pulse amplitude = 2 V: the bench simulated allows 0.05 to 1.7499"
    assert window.panel.estimates.text().startswith(said)
    window.start()
    assert window.run is None
    assert said in window.message
    assert "allows 0.05 to 1.7499" in window.inputs.entries["amplitude"].toolTip()
    window.inputs.set("amplitude", 1.0)
    assert "50 mV to 1.75 V on simulated." in window.inputs.entries["amplitude"].toolTip()


def test_the_inputs_begin_with_the_defaults_of_the_bench(application, tmp_path):
    window = RunnerWindow("simulated-fast", tmp_path)
    assert window.inputs.entries["amplitude"].text() == "841.5 mV"
    procedure = window.inputs.get_procedure()
    assert (procedure.amplitude, procedure.bits) == (0.8415, 500_000)
    window.inputs.set("bits", 1_000_000)  # the procedure's own default is a value like any other
    assert window.inputs.get_procedure().bits == 1_000_000
    window.close()


def test_live_data_covers_the_whole_run_in_bounded_memory():
    live = LiveBits(bias=0.05)
    block = Block(np.array([0, 1, 1, 1], dtype=np.uint8), np.full(4, 1e-6), 0.0, 1.25, 1e-8)
    for _ in range(10 * POINTS + 1):
        live.add(block)
    shown = live.snapshot()
    assert len(shown.bits) <= POINTS
    assert shown.bits[-1] == shown.total == 4 * (10 * POINTS + 1)
    np.testing.assert_allclose(shown.p_one, 0.75)
    np.testing.assert_allclose(shown.resistances, 50e3)


def test_every_procedure_runs_in_the_window(application, tmp_path, short_run, wait_for_end):
    name = procedure_name(find_procedure_by_class(short_run.name))
    window = RunnerWindow(short_run.bench, tmp_path, procedure=name)
    window.show()
    for parameter, value in short_run.parameters.items():
        window.inputs.set(parameter, value)
    window.estimate()
    assert "Duration" in window.panel.estimates.text()
    window.start()
    wait_for_end(window)
    assert window.run.error is None
    recording = Recording(window.run.path)
    assert recording.status == "finished"
    for parameter, value in short_run.parameters.items():
        assert recording.parameters[parameter].value == value
    assert window.run.rows.total == recording.rows
    assert window.results.rowCount() == len(recording.results) > 0
    assert not window.picture.pixmap().isNull()
    window.close()


def test_what_is_not_touched_is_recorded_as_it_is(application, window):
    # Qt's spin boxes would make 9.09e-13 of 2^-40.
    window.inputs.set("width", "12e-9")
    procedure = window.inputs.get_procedure()
    assert procedure.width == 12e-9
    assert procedure.false_alarm == 2.0**-40


def test_a_wrong_input_is_said_with_what_is_allowed(application, window):
    window.inputs.set("width", "ten")
    window.estimate()
    assert "Pulse width = ten: Pulse width takes 1.5e-09 to" in window.panel.estimates.text()
    window.start()
    assert window.run is None
    assert "takes 1.5e-09 to" in window.message


def test_a_run_that_was_stopped_goes_on_in_the_window(application, window, tmp_path, wait_for_end, wait_for):
    window.choose("random-bitstream")
    window.inputs.set("bits", "300_000")
    window.start()
    wait_for(lambda: window.run.bits.snapshot().total > 0)
    window.stop()
    wait_for_end(window)
    (path,) = tmp_path.glob("*.h5")
    assert Recording(path).status == "aborted"
    window.choose("contact-check")
    window.resume(path)
    wait_for_end(window)
    assert (Recording(path).status, Recording(path).committed) == ("finished", 300_000)
    assert window.inputs.kind.__name__ == "RandomBitstream"
    assert window.panel.procedure.currentText() == "random-bitstream"
    # What is shown is the whole recording, and not the part that was added.
    assert window.run.path == path
    assert window.run.bits.snapshot().total == 300_000
    assert window.run.rows.total == Recording(path).rows
    assert window.live.p_one.getData()[0][-1] == 300_000


def test_the_file_that_goes_on_is_named(application, window, tmp_path, wait_for_end, wait_for):
    window.inputs.set("bits", "1e12")
    window.start()
    wait_for(lambda: window.run.bits.snapshot().total > 0)
    window.stop()
    wait_for_end(window)
    path, before = window.run.path, Recording(window.run.path).committed
    window.resume(path)
    assert window.output == path
    wait_for(lambda: window.run.bits.snapshot().total > before)
    window.stop()
    wait_for_end(window)
    assert window.run.bits.snapshot().total == Recording(path).committed


def test_the_time_left_goes_by_the_pace_of_the_part_that_is_added(application):
    run = ProcedureRun(
        find_procedure_by_class("RandomBitstream")(), "simulated", Path("nowhere.h5"), RunOptions(resume=True)
    )
    run.take(ProgressEvent(50.0))  # which the recording held
    assert run.seconds_left is None
    run.take(ProgressEvent(51.0))
    before = time.monotonic()
    left = run.seconds_left
    assert 49 * (before - run.began) <= left <= 49 * (time.monotonic() - run.began)


def test_the_dots_of_a_map_have_the_colour_of_their_share(application):
    class Map(Procedure):
        DATA_COLUMNS: ClassVar[list[str]] = ["Width (s)", "Amplitude (V)", "Pulses", "Switched"]
        live_share = (("Switched",), ("Pulses",))

        def execute(self):
            pass

    run = ProcedureRun(Map(), "simulated", Path("nowhere.h5"))
    run.rows.add({name: np.array(each) for name, each in zip(Map.DATA_COLUMNS, (
        [1e-9, 2e-9, 3e-9, 4e-9], [1.0, 1.1, 1.2, 1.3], [100.0, 100.0, 100.0, 0.0], [0.0, 50.0, 100.0, 0.0],
    ), strict=True)})  # fmt: skip
    view = RowsView(Map)
    view.draw(run)
    low, half, high, none = (point.brush().color() for point in view.points.scatter.points())
    assert low.blue() > low.red() + 50
    assert high.red() > high.blue() + 50
    assert half.red() == half.blue() == none.red() == none.blue()


def test_a_finished_recording_has_nothing_to_go_on_with(application, window, tmp_path, wait_for_end):
    window.choose("contact-check")
    window.start()
    wait_for_end(window)
    window.resume(window.run.path)
    assert "is finished: there is nothing to do" in window.message


def test_live_rows_cover_the_whole_run_in_bounded_memory():
    rows = LiveRows(["n", "square"])
    for number in range(3):
        rows.add({"n": float(number), "square": float(number**2)})
    many = np.arange(3.0, 50_000.0)
    rows.add({"n": many, "square": many**2})
    shown = rows.snapshot()
    assert rows.total == 50_000
    assert MOST / 2 <= len(shown) <= MOST
    assert len(np.unique(np.diff(shown[:, 0]))) == 1  # evenly thinned
    np.testing.assert_array_equal(shown[:, 1], shown[:, 0] ** 2)
    rows.add({"n": 50_000.0, "square": 0.0})
    assert len(np.unique(np.diff(rows.snapshot()[:, 0]))) == 1


MINE = """\
from pymeasure.experiment import BooleanParameter, FloatParameter, Procedure

class Mine(Procedure):
    volts = FloatParameter("Volts", units="V", default=0.5, minimum=0, maximum=2)
    fast = BooleanParameter("Fast", default=True)
    DATA_COLUMNS = ["Step", "Voltage (V)"]

    def execute(self):
        for step in range(5):
            self.emit("results", {"Step": step, "Voltage (V)": self.volts * step})
            self.emit("progress", 20 * (step + 1))
"""


STRONG = """\
from pymeasure.experiment import Procedure

class Strong(Procedure):
    DATA_COLUMNS = ["Step"]

    def execute(self):
        self.bench.source_meter.set_bias(5.0, 1e-5)
"""


DEAF = """\
import threading
from pymeasure.experiment import Procedure

let_go = threading.Event()
benches = []

class Deaf(Procedure):
    DATA_COLUMNS = ["Step"]

    def execute(self):
        benches.append(self.bench)
        self.bench.source_meter.switch_on()
        self.emit("results", {"Step": 0})
        let_go.wait(50)
"""


@pytest.fixture
def deaf(application, tmp_path, wait_for):
    """Give a window in which a procedure has switched an output on, and pays no attention to anything."""
    (tmp_path / "deaf.py").write_text(DEAF, encoding="utf-8")
    window = RunnerWindow("simulated", tmp_path, procedure=f"{tmp_path}/deaf.py:Deaf")
    window.show()
    window.start()
    wait_for(lambda: window.run.rows.total == 1)
    yield window
    sys.modules[type(window.run.procedure).__module__].let_go.set()
    window.close()


def ended_safely(window):
    (bench,) = sys.modules[type(window.run.procedure).__module__].benches
    assert not bench.interlock.on
    recording = Recording(window.run.path)
    assert (recording.status, recording.rows) == ("aborted", 1)


def test_closing_the_window_does_not_wait_for_a_procedure_that_does_not_listen(deaf, monkeypatch):
    monkeypatch.setattr(runner_window, "CLOSING", 0.0)
    deaf.close()
    assert not deaf.run.is_alive()
    ended_safely(deaf)


@pytest.mark.parametrize("presses", [1, 2])
def test_stop_does_not_wait_for_a_procedure_that_does_not_listen(application, deaf, monkeypatch, presses, wait_for_end):
    if presses == 1:
        monkeypatch.setattr(stopping, "SILENCE", 0.0)
    for _ in range(presses):
        deaf.stop()
    wait_for_end(deaf)
    ended_safely(deaf)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_closes_the_window(application, name):
    known = [getattr(signal, each) for each in ("SIGINT", "SIGTERM", "SIGHUP")]
    before = {number: signal.getsignal(number) for number in known}
    for number in known:
        signal.signal(number, signal.SIG_DFL)
    QTimer.singleShot(0, lambda: signal.raise_signal(getattr(signal, name)))
    try:
        assert show_window("simulated", "contact-check") == 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_procedure_of_ones_own_runs_in_the_window(application, tmp_path, wait_for_end):
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    window = RunnerWindow("simulated", tmp_path, procedure=f"{tmp_path}/mine.py:Mine")
    window.inputs.set("volts", "1.5")
    window.inputs.set("fast", False)
    window.start()
    wait_for_end(window)
    assert window.run.error is None
    recording = Recording(window.run.path)
    assert recording.status == "finished"
    assert (recording.parameters["volts"].value, bool(recording.parameters["fast"].value)) == (1.5, False)
    x, y = window.live.points.getData()
    np.testing.assert_allclose(y, 1.5 * x)
    assert not window.picture.pixmap().isNull()
    window.close()


def test_a_poor_fit_is_warned_of_beside_its_results(application, tmp_path, wait_for_end):
    fit = '        self.emit("fit", {"TMR": (0.96, 0.001, "1"), "goodness (p)": (2e-10, float("nan"), "1")})\n'
    (tmp_path / "mine.py").write_text(MINE + fit, encoding="utf-8")
    window = RunnerWindow("simulated", tmp_path, procedure=f"{tmp_path}/mine.py:Mine")
    window.start()
    wait_for_end(window)
    warning = "goodness (p) = 2e-10: the model does not fit what was measured"
    assert f"Warning: {warning}" in window.message
    assert warning in window.results.item(1, 0).toolTip()
    assert any(
        level == "warning" and text.startswith(warning) for _, level, _, text in Recording(window.run.path).messages(9)
    )
    window.close()
