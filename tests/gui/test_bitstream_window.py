"""The window runs a bitstream on the simulated bench, shows it, stops it, and leaves a whole recording."""

import os
import time

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
widgets = pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.data.recording import Recording  # noqa: E402
from mtjlab.gui.bitstream_window import BitstreamWindow  # noqa: E402
from mtjlab.gui.live_data import POINTS, LiveData  # noqa: E402
from mtjlab.procedures.block import Block  # noqa: E402


@pytest.fixture(scope="module")
def application():
    return widgets.QApplication.instance() or widgets.QApplication(["test"])


@pytest.fixture
def window(application, tmp_path):
    window = BitstreamWindow("simulated", tmp_path)
    window.show()
    yield window
    window.close()


def wait(application, window, until):
    deadline = time.monotonic() + 60
    while not until():
        assert time.monotonic() < deadline, window._summary.text()
        application.processEvents()
        time.sleep(0.01)


def test_a_run_ends_with_a_finished_recording_of_all_bits(application, window, tmp_path):
    window._inputs.bits.setText("20_000")
    window.start()
    wait(application, window, lambda: not window._timer.isActive())
    assert window.run.error is None
    assert "Finished: 20,000 bits" in window._summary.text()
    (path,) = tmp_path.glob("*.h5")
    recording = Recording(path)
    assert (recording.status, recording.committed) == ("finished", 20_000)
    assert window._start.isEnabled()
    x, y = window._p_one.getData()
    assert x[-1] == 20_000
    assert np.all(np.abs(y - 0.5) < 0.1)


def test_stop_leaves_an_aborted_recording_with_what_was_acquired(application, window, tmp_path):
    window._inputs.bits.setText("1e12")
    window.start()
    wait(application, window, lambda: window.run.live.snapshot().total > 0)
    window.stop()
    wait(application, window, lambda: not window._timer.isActive())
    (path,) = tmp_path.glob("*.h5")
    recording = Recording(path)
    assert recording.status == "aborted"
    assert 0 < recording.committed == window.run.live.snapshot().total


def test_closing_the_window_ends_the_run_safely(application, window, tmp_path):
    window._inputs.bits.setText("1e12")
    window.start()
    wait(application, window, lambda: window.run.live.snapshot().total > 0)
    window.close()
    assert not window.run.is_alive()
    (path,) = tmp_path.glob("*.h5")
    assert Recording(path).status == "aborted"


def test_a_refusal_of_the_interlock_is_shown_in_words(application, window):
    window._inputs.amplitude.setValue(4.0)
    window.start()
    wait(application, window, lambda: not window._timer.isActive())
    assert "is refused: the bench allows" in window._summary.text()


def test_live_data_covers_the_whole_run_in_bounded_memory():
    live = LiveData(bias=0.05)
    block = Block(np.array([0, 1, 1, 1], dtype=np.uint8), np.full(4, 1e-6), 0.0, 1.25, 1e-8)
    for _ in range(10 * POINTS + 1):
        live.add(block)
    shown = live.snapshot()
    assert len(shown.bits) <= POINTS
    assert shown.bits[-1] == shown.total == 4 * (10 * POINTS + 1)
    np.testing.assert_allclose(shown.p_one, 0.75)
    np.testing.assert_allclose(shown.resistances, 50e3)
