"""The application around the window."""

import signal
from types import FrameType

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication

from mtjlab.gui.runner_window import RunnerWindow
from mtjlab.procedures.running import SIGNALS

__all__ = ["show_window"]


def show_window(bench_file: str, procedure: str) -> int:
    """Open the window and stay until it is closed; Ctrl-C closes it as the button does, SIGTERM and SIGHUP at once.

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

    def take(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        # A second one, and whatever is no Ctrl-C, waits for no block; also where the window is closing by now.
        window.is_urgent = window.is_urgent or number != signal.SIGINT or len(pressed) > 1

    for name in SIGNALS:
        known = getattr(signal, name, None)  # Windows has no SIGHUP
        if known is not None and signal.getsignal(known) is not signal.SIG_IGN:  # nohup means it
            signal.signal(known, take)

    def obey() -> None:
        if pressed:
            window.close()

    # Python gets to its signal handlers only between bytecodes; Qt's loop gives it some.
    pulse = QTimer()
    pulse.timeout.connect(obey)
    pulse.start(200)
    return int(application.exec_())
