"""The window makes a fit again, stops it, and closes during one."""

import threading

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.data.recording import Recording
from mtjlab.gui.fit_dialog import FitDialog
from mtjlab.gui.runner_window import RunnerWindow
from mtjlab.instruments import open_bench
from mtjlab.procedures import ResistanceAgainstVoltage
from mtjlab.procedures.running.one_run import run


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    path = tmp_path_factory.mktemp("measured") / "bias.h5"
    with open_bench("simulated", seed=3) as bench:
        run(ResistanceAgainstVoltage(points=3, readings=3), bench, path)
    return path


@pytest.fixture
def window(application, tmp_path):
    window = RunnerWindow("simulated", tmp_path, "contact-check")
    window.show()
    yield window
    window.close()


@pytest.fixture
def deaf(monkeypatch):
    """Let the fit last for ever, and hear nothing; give the event of its begin."""
    begun, original = threading.Event(), ResistanceAgainstVoltage.fit_rows

    def fit_rows(self, task):
        original(self, task)
        task.progress(1, 4)
        begun.set()
        threading.Event().wait()

    monkeypatch.setattr(ResistanceAgainstVoltage, "fit_rows", fit_rows)
    return begun


def test_a_fit_with_other_settings_is_shown_and_added(application, window, measured, wait_for_end):
    before = len(Recording(measured).fits)
    window.fit(measured, {"leads": "500", "leads_error": "0"})
    wait_for_end(window)
    assert window.run.error is None
    shown = {window.results.item(row, 0).text() for row in range(window.results.rowCount())}
    assert {"Rp", "TMR", "Vh"} <= shown
    assert [fit.settings for fit in Recording(measured).fits[before:]] == ["leads=500 leads_error=0"]
    assert window.inputs.kind is ResistanceAgainstVoltage


def test_the_dialog_gives_what_was_changed(application, window):
    dialog = FitDialog(window, "a.h5", {"leads": 0.0, "stability": 45.0})
    dialog.lines["stability"].setText("50")
    assert dialog.changed == {"stability": "50"}


def test_stop_ends_a_fit_that_hears_nothing(application, window, measured, deaf, wait_for_end, wait_for):
    before = len(Recording(measured).fits)
    window.fit(measured, {})
    wait_for(deaf.is_set)
    wait_for(lambda: window.panel.bar.format().startswith("fit: "))
    window.stop()
    wait_for_end(window)
    assert len(Recording(measured).fits) == before


def test_a_window_closes_while_the_fit_after_a_run_lasts(application, window, deaf, wait_for):
    window.choose("resistance-against-voltage")
    window.inputs.set("points", 3)
    window.inputs.set("readings", 3)
    window.start()
    wait_for(deaf.is_set)
    window.close()
    assert not window.run.is_alive()
    recording = Recording(window.run.path)
    assert (recording.status, recording.rows) == ("finished", 12)
