"""The application around the window."""

import signal

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication

from mtjlab.gui.runner_window import RunnerWindow

__all__ = ["show_window"]


def show_window(bench_file: str, procedure: str) -> int:
    """Open the window and stay until it is closed; Ctrl-C closes it as the button does.

    Parameters
    ----------
    bench_file
        Bench file or name of a shipped bench.
    procedure
        Name of the procedure to begin with, or ``FILE.py:Class``.

    Returns
    -------
    int
        Exit code.
    """
    application = QApplication.instance() or QApplication(["mtjlab"])
    window = RunnerWindow(bench_file, procedure=procedure)
    window.show()
    # The handler only says that it was called: closing the window from it would wait for ever for a lock that the
    # window itself holds at that moment.
    pressed: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: pressed.append(number))

    def obey() -> None:
        if pressed:
            pressed.clear()
            window.close()

    # Python gets to its signal handlers only between bytecodes; Qt's loop gives it some.
    pulse = QTimer()
    pulse.timeout.connect(obey)
    pulse.start(200)
    return int(application.exec_())
