"""The whole form in a window of its own: one run begins in the main window, sweeps and what waits go to the queue."""

import dataclasses

import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.core import InputError
from mtjlab.data import Recording
from mtjlab.gui.form_window import FormOpener, FormWindow
from mtjlab.gui.runner_window import RunnerWindow
from mtjlab.instruments import BenchFile
from mtjlab.procedures.running import RunQueue


def refuse(request):
    raise InputError(f"not {request.name}")


@pytest.fixture
def opener(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("MTJLAB_CONFIG", str(tmp_path / "config"))
    made = FormOpener(BenchFile.load("simulated"), tmp_path, refuse, tmp_path / "queue.db")
    yield made
    made.close()


def said(form):
    from qtpy.QtWidgets import QLabel

    return "\n".join(label.text() for label in form.findChildren(QLabel) if label.isVisibleTo(form))


def test_one_form_is_opened_however_often_it_is_asked_for(opener):
    assert opener.window is None
    opener.close()  # there is none yet
    opener.open("contact-check")
    form = opener.window
    opener.open("retention")
    assert opener.window is form
    assert form.isVisible()
    assert form.windowTitle() == "Set up runs on bench simulated"


def test_a_sweep_that_is_started_waits_on_the_queue(opener, tmp_path):
    opener.open("contact-check")
    plan = tmp_path / "plan.toml"
    plan.write_text('[[runs]]\nprocedure = "contact-check"\n[[runs.sweep]]\nbias = [0.01, 0.02]\n')
    opener.window.open_plan(plan)
    opener.window.start_requested.emit(opener.window.request())
    (entry,) = RunQueue(tmp_path / "queue.db").entries()
    assert len(entry.request.paths()) == 2
    assert "Entry 1 of the queue." in said(opener.window)
    opener.window.queue_requested.emit(opener.window.request())
    assert "queue" in said(opener.window)


def test_what_cannot_begin_is_said_on_the_form(opener):
    opener.open("contact-check")
    opener.window.start_requested.emit(opener.window.request())
    assert "not contact-check" in said(opener.window)


def test_a_queue_that_cannot_be_written_is_said_on_the_form(qtbot, tmp_path):
    (tmp_path / "file").write_text("")
    form = FormWindow(BenchFile.load("simulated"), tmp_path, "contact-check", tmp_path / "file" / "queue.db")
    qtbot.addWidget(form)
    form.put_on_queue(form.request())
    assert str(tmp_path / "file") in said(form)
    form.put_on_queue(dataclasses.replace(form.request(), bench=str(tmp_path / "gone.toml")))
    assert "gone.toml" in said(form)


def test_a_run_that_is_started_on_the_form_is_shown_in_the_window(application, tmp_path, wait_for_end, monkeypatch):
    monkeypatch.setenv("MTJLAB_CONFIG", str(tmp_path / "config"))
    window = RunnerWindow("simulated", tmp_path, procedure="contact-check")
    window.panel.form.click()
    form = window.form.window
    request = form.request()
    form.start_requested.emit(request)
    assert window.is_running
    form.start_requested.emit(form.request())
    assert "a run is under way" in said(form)
    wait_for_end(window)
    assert window.run.path == request.output
    assert Recording(request.output).status == "finished"
    window.close()
    assert not form.isVisible()
