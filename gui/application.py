"""The application around the window."""

import signal

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication

from mtjlab.gui.bitstream_window import BitstreamWindow

__all__ = ["show_window"]


def show_window(bench_file: str) -> int:
    """Open the window and stay until it is closed; Ctrl-C closes it as the button does.

    Parameters
    ----------
    bench_file
        Bench file or name of a shipped bench.

    Returns
    -------
    int
        Exit code.
    """
    application = QApplication.instance() or QApplication(["mtjlab"])
    window = BitstreamWindow(bench_file)
    window.show()
    signal.signal(signal.SIGINT, lambda number, frame: window.close())
    signal.signal(signal.SIGTERM, lambda number, frame: window.close())
    # Python gets to its signal handlers only between bytecodes; Qt's loop gives it some.
    pulse = QTimer()
    pulse.timeout.connect(lambda: None)
    pulse.start(200)
    return int(application.exec_())
