"""An application without a screen, and how to wait for what its windows show."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

LONGEST = 60_000
"""Longest wait [ms]."""


@pytest.fixture(scope="session")
def application():
    widgets = pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)
    return widgets.QApplication.instance() or widgets.QApplication(["test"])


@pytest.fixture
def wait_for(application):
    """Let the windows work until a condition holds: it is looked at after each event of theirs."""
    from qtpy.QtCore import QEventLoop, QTimer

    deadline = QTimer()
    deadline.setSingleShot(True)

    def wait(condition, said=lambda: ""):
        deadline.start(LONGEST)
        while not condition():
            assert deadline.isActive(), said()
            application.processEvents(QEventLoop.AllEvents | QEventLoop.WaitForMoreEvents)
        deadline.stop()

    return wait


@pytest.fixture
def wait_for_end(wait_for):
    """Let a window work until its run has ended and is shown."""
    return lambda window: wait_for(lambda: not window.is_running, lambda: window.message)
